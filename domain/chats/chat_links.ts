import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { ChatLink } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { chatChanged } from "./chats.ts";
import { type ChatFace, cleanFace } from "./chat_owner.ts";
import {
  chatCodes,
  codeOf,
  dropLink,
  isUsed,
  linkGone,
  liveLink,
  looksRight,
} from "./chat_link.ts";
import { sha256 } from "../accounts/digest.ts";
import { sessionHoldsIn } from "../accounts/sessions.ts";
import { countTries, uncount } from "../accounts/tries.ts";

export { confirmInChat, confirmOnPage } from "./chat_confirm.ts";
export { linkOf, type LinkView } from "./chat_link.ts";
export { accountOfChat, type ChatFace, chatMoved, heardFrom, unlink } from "./chat_owner.ts";

/** How long a code is good, ms: ten minutes. */
export const LINK_MS = 600_000;

/**
 * Begins to link a chat: makes a code that one chat may show to the bot, once. The one before no
 * longer works.
 *
 * @throws {AppError} `conflict` when the account has a chat; `unauthorized` when the session is over.
 */
export function startLink(
  app: App,
  { accountId, sessionId }: { accountId: string; sessionId: string },
): Promise<{ code: string; expiresAt: number }> {
  return transact(app, async (tx) => {
    if (!await sessionHoldsIn(app, tx, { accountId, sessionId })) {
      throw new AppError("unauthorized", "Cannot link a chat: sign in first");
    }
    if (await tx.get(keys.chatOf(accountId)) !== null) {
      throw new AppError("conflict", "Cannot link another chat: unlink the one you have first");
    }
    await dropLink(tx, accountId);
    const expiresAt = app.clock.now() + LINK_MS;
    const link: ChatLink = {
      accountId,
      sessionId,
      seed: newId(),
      expiresAt,
      chat: null,
      confirmedInChat: false,
      confirmedOnPage: false,
    };
    const code = await codeOf(app, link);
    const linkId = await sha256(code);
    tx.set(keys.chatLink(linkId), link);
    tx.set(keys.chatLinkOf(accountId), linkId);
    await chatChanged(app, tx, accountId);
    return { code, expiresAt };
  });
}

/** What the bot asks its chat after a code was shown there. */
export interface ShownCode {
  accountId: string;
  email: string;
  /** Names the link in what the chat answers; 43 characters, and no secret. */
  linkId: string;
  /** The chat belongs to another account, and would no longer. */
  moves: boolean;
}

/**
 * A chat shows a code. Nobody else can from then on; the same chat may again.
 *
 * @throws {AppError} `not_found`, in the same words for a code that is wrong, old, used, or another
 *   chat's; `rate_limited` after too many such.
 */
export async function showCode(
  app: App,
  { code, chat }: { code: string; chat: ChatFace },
): Promise<ShownCode> {
  const counted = await countTries(app, [{ limit: chatCodes, who: String(chat.chatId) }]);
  const linkId = await sha256(code);
  return await transact(app, async (tx) => {
    const link = looksRight(code) ? await liveLink(app, tx, linkId) : null;
    const account = link && await tx.get(keys.account(link.accountId));
    if (!link || !account || isUsed(link) || (link.chat && link.chat.chatId !== chat.chatId)) {
      throw linkGone();
    }
    for (const one of counted) await uncount(tx, one);
    const there = await tx.get(keys.chat(chat.chatId));
    if (link.chat === null) {
      tx.set(keys.chatLink(linkId), { ...link, chat: cleanFace(chat) });
      await chatChanged(app, tx, account.id);
    }
    const moves = there !== null && there.accountId !== account.id;
    return { accountId: account.id, email: account.email, linkId, moves };
  });
}

/** Either side says no: the code is worth nothing any more. Says nothing when there is none. */
export function declineLink(
  app: App,
  who: { accountId: string } | { chatId: number; linkId: string },
): Promise<void> {
  return transact(app, async (tx) => {
    if ("accountId" in who) {
      if (!await dropLink(tx, who.accountId)) return;
      return await chatChanged(app, tx, who.accountId);
    }
    const link = looksRight(who.linkId) ? await tx.get(keys.chatLink(who.linkId)) : null;
    if (link?.chat?.chatId !== who.chatId || isUsed(link)) return;
    await dropLink(tx, link.accountId);
    await chatChanged(app, tx, link.accountId);
  });
}
