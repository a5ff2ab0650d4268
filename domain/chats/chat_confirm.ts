import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { ChatLink } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { chatChanged } from "./chats.ts";
import { giveChat } from "./chat_owner.ts";
import { isUsed, linkGone, liveLink, looksRight } from "./chat_link.ts";

/**
 * The chat says yes. The second yes of the two links: then a chat that belonged to another account is
 * that one's no longer, because whoever holds the chat could have unlinked it there anyway. Twice is
 * once.
 *
 * @throws {AppError} `not_found` when there is no such link of this chat, or no more.
 */
export async function confirmInChat(
  app: App,
  { chatId, linkId }: { chatId: number; linkId: string },
): Promise<"linked" | "waiting_for_page"> {
  const both = await bothSaid(app, {
    linkId,
    side: "confirmedInChat",
    isMine: ({ chat }) => chat?.chatId === chatId,
  });
  return both ? "linked" : "waiting_for_page";
}

/**
 * The page says yes, in the session that asked for the code; else as `confirmInChat`. `linkId` is the
 * one that the page has shown, so that nobody says yes to a chat that they have not seen.
 */
export async function confirmOnPage(
  app: App,
  { accountId, sessionId, linkId }: { accountId: string; sessionId: string; linkId: string },
): Promise<"linked" | "waiting_for_chat"> {
  const both = await bothSaid(app, {
    linkId,
    side: "confirmedOnPage",
    isMine: (link) => link.accountId === accountId && link.sessionId === sessionId,
  });
  return both ? "linked" : "waiting_for_chat";
}

interface Yes {
  linkId: string;
  side: "confirmedInChat" | "confirmedOnPage";
  isMine: (link: ChatLink) => boolean;
}

/** Writes down one side's yes. @returns whether the other has said it too. */
async function bothSaid(app: App, { linkId, side, isMine }: Yes): Promise<boolean> {
  return await transact(app, async (tx) => {
    const link = looksRight(linkId) ? await liveLink(app, tx, linkId) : null;
    if (link === null || link.chat === null || !isMine(link)) throw linkGone();
    if (isUsed(link)) {
      const chat = await tx.get(keys.chat(link.chat.chatId));
      if (chat?.accountId === link.accountId) return true;
      throw linkGone(); // and unlinked since
    }
    const confirmed = { ...link, [side]: true };
    tx.set(keys.chatLink(linkId), confirmed);
    if (!isUsed(confirmed)) {
      await chatChanged(app, tx, link.accountId);
      return false;
    }
    await giveChat(app, tx, link.accountId, link.chat);
    // The chat's own yes is answered there by the bot.
    if (side === "confirmedOnPage") await sayLinked(app, tx, link.accountId);
    return true;
  });
}

/** The chat, which waits for the page's yes, hears that it has come. */
async function sayLinked(app: App, tx: Tx, accountId: string): Promise<void> {
  if (app.messenger === null) return;
  const text = "Send me anything and it becomes a note; /help says what else there is.";
  await enqueue(app, tx, "tell_chat", { accountId, title: "✅ Linked", text, href: "/account" });
}
