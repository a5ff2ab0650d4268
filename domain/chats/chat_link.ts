import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import type { ChatLink } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { hmac } from "../accounts/digest.ts";
import { sessionHoldsIn } from "../accounts/sessions.ts";
import type { Limit } from "../accounts/tries.ts";

/** Wrong codes that one chat shows to the bot. */
export const chatCodes: Limit = {
  what: "chat_code",
  cannot: "link this chat",
  most: [{ count: 5, perMs: 600_000 }, { count: 20, perMs: 86_400_000 }],
};

/** How the account page stands with Telegram. */
export type LinkView =
  | { is: "none" }
  /** Asked for in another browser of the same account. */
  | { is: "elsewhere" }
  | { is: "asked"; code: string; expiresAt: number }
  /** A chat has shown the code. */
  | {
    is: "shown";
    linkId: string;
    name: string;
    username: string | null;
    /** The page has said yes already, and the chat has not. */
    confirmed: boolean;
    /** The chat belongs to another account, and would no longer. */
    moves: boolean;
    expiresAt: number;
  }
  | {
    is: "linked";
    name: string;
    username: string | null;
    since: number;
    /** Why Telegram does not deliver there; null while it does. */
    off: string | null;
  };

/** How an account stands with Telegram, as one of its sessions may see it. */
export function linkOf(
  app: App,
  { accountId, sessionId }: { accountId: string; sessionId: string },
): Promise<LinkView> {
  return transact(app, async (tx): Promise<LinkView> => {
    const chatId = await tx.get(keys.chatOf(accountId));
    const chat = chatId === null ? null : await tx.get(keys.chat(chatId));
    if (chat !== null) {
      const { name, username, linkedAt: since, state, reason } = chat;
      return { is: "linked", name, username, since, off: state === "on" ? null : reason ?? "" };
    }
    const linkId = await tx.get(keys.chatLinkOf(accountId));
    const link = linkId && await liveLink(app, tx, linkId);
    if (!linkId || !link) return { is: "none" };
    if (link.sessionId !== sessionId) return { is: "elsewhere" };
    const { expiresAt, confirmedOnPage: confirmed } = link;
    if (link.chat === null) return { is: "asked", code: await codeOf(app, link), expiresAt };
    const { name, username } = link.chat;
    const moves = await tx.get(keys.chat(link.chat.chatId)) !== null;
    return { is: "shown", linkId, name, username, confirmed, moves, expiresAt };
  });
}

/** What the deep link carries: 43 characters, made anew whenever they are shown and kept nowhere. */
export function codeOf({ secret }: Pick<App, "secret">, { seed }: ChatLink): Promise<string> {
  return hmac(secret, `chat_link:${seed}`);
}

/** Whether a text can be a code or the id of a link. */
export const looksRight = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** A link while it is not too old and the session that asked for it holds. */
export async function liveLink(app: App, tx: Tx, linkId: string): Promise<ChatLink | null> {
  const link = await tx.get(keys.chatLink(linkId));
  if (link === null || link.expiresAt <= app.clock.now()) return null;
  return await sessionHoldsIn(app, tx, link) ? link : null;
}

/** Removes some of the links that are too old. @returns how many. */
export async function pruneLinks(app: App, limit: number): Promise<number> {
  const now = app.clock.now();
  const old: { key: Deno.KvKey; accountId: string }[] = [];
  for await (const { key, value } of app.store.list<ChatLink>(ranges.chatLinks)) {
    if (value.expiresAt <= now) old.push({ key, accountId: value.accountId });
    if (old.length === limit) break;
  }
  for (const { key, accountId } of old) {
    await transact(app, async (tx) => {
      tx.delete(key);
      if (await tx.get(keys.chatLinkOf(accountId)) === key[1]) {
        tx.delete(keys.chatLinkOf(accountId));
      }
    });
  }
  return old.length;
}

/** Takes back the code that an account has, if it has one. */
export async function dropLink(tx: Tx, accountId: string): Promise<boolean> {
  const linkId = await tx.get(keys.chatLinkOf(accountId));
  if (linkId === null) return false;
  tx.delete(keys.chatLink(linkId));
  tx.delete(keys.chatLinkOf(accountId));
  return true;
}

/** Whether both sides have said yes. */
export const isUsed = (link: ChatLink) => link.confirmedInChat && link.confirmedOnPage;

/** The one answer to a code that does not work, whatever the reason. */
export function linkGone(): AppError {
  return new AppError(
    "not_found",
    "Cannot use this code: it was used before, or it is too old. Ask for a new one on your account page",
  );
}
