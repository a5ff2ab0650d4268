import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Chat } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { isOpen } from "../accounts/accounts.ts";
import { audit } from "../admin/audit.ts";
import { chatChanged, turnOff, turnOn } from "./chats.ts";
import { notify } from "../notifications.ts";

/** Of a name, in characters. */
const NAME_CHARS = 64;

/** A chat as Telegram tells of it. */
export type ChatFace = Pick<Chat, "chatId" | "name" | "username">;

/** Whose chat this is, or null. */
export async function accountOfChat(
  app: App,
  chatId: number,
): Promise<{ account: Account; chat: Chat } | null> {
  return await transact(app, async (tx) => {
    const chat = await tx.get(keys.chat(chatId));
    const account = chat && await tx.get(keys.account(chat.accountId));
    return chat && account && isOpen(account) ? { account, chat } : null;
  });
}

/** Somebody writes in a chat: whose it is, as `accountOfChat`, and one that was off is on again. */
export async function heardFrom(
  app: App,
  chatId: number,
): Promise<{ account: Account; chat: Chat } | null> {
  await transact(app, (tx) => turnOn(app, tx, chatId));
  return await accountOfChat(app, chatId);
}

/** Somebody blocks the bot, or Telegram will not deliver there any more: as `turnOff`. */
export function chatIsGone(
  app: App,
  gone: { chatId: number; reason: string },
): Promise<void> {
  return transact(app, (tx) => turnOff(app, tx, gone));
}

/**
 * Makes a chat the account's, and no other's: who had it before is told.
 *
 * @throws {AppError} `conflict` when the account has one.
 */
export async function giveChat(app: App, tx: Tx, accountId: string, chat: ChatFace): Promise<void> {
  const { chatId, name } = chat;
  const own = await tx.get(keys.chatOf(accountId));
  if (own !== null) {
    throw new AppError("conflict", "Cannot link another chat: unlink the one you have first");
  }
  const before = await tx.get(keys.chat(chatId));
  if (before !== null) {
    tx.delete(keys.chatOf(before.accountId));
    tx.delete(keys.chatAsked(chatId));
    await enqueue(app, tx, "chat_moved", { accountId: before.accountId });
  }
  const facts = { moved: before !== null };
  await audit(app, tx, { act: "chat_linked", by: accountId, about: accountId, facts });
  const linkedAt = app.clock.now();
  tx.set(keys.chat(chatId), { ...chat, accountId, state: "on", reason: null, linkedAt });
  tx.set(keys.chatOf(accountId), chatId);
  tx.delete(keys.chatLinkOf(accountId));
  await enqueue(app, tx, "email_account", { accountId, letter: "chat_linked" });
  await notify(app, tx, accountId, {
    kind: "account",
    title: "Telegram is linked",
    text: `${name} can write notes for you there and hears of your reminders. Not you? Unlink it.`,
    href: "/account",
  });
  await chatChanged(app, tx, accountId);
}

/** What there is to say to and of an account whose chat went to another; one commit has no room for both. */
export async function chatMoved(app: App, tx: Tx, accountId: string): Promise<void> {
  await notify(app, tx, accountId, unlinkedNews("Its owner linked it to another account."));
  await chatChanged(app, tx, accountId);
  await audit(app, tx, { act: "chat_unlinked", about: accountId, facts: { where: "elsewhere" } });
}

/** Ends the link of an account with its chat, from either side. @returns whether there was one. */
export function unlink(
  app: App,
  who: { accountId: string } | { chatId: number },
): Promise<boolean> {
  return transact(app, async (tx) => {
    const chatId = "chatId" in who ? who.chatId : await tx.get(keys.chatOf(who.accountId));
    const chat = chatId === null ? null : await tx.get(keys.chat(chatId));
    if (chat === null) return false;
    tx.delete(keys.chat(chat.chatId));
    tx.delete(keys.chatOf(chat.accountId));
    tx.delete(keys.chatAsked(chat.chatId)); // whoever has the chat next was not asked
    if ("chatId" in who) {
      await notify(app, tx, chat.accountId, unlinkedNews("It was asked for there."));
    }
    await chatChanged(app, tx, chat.accountId);
    const facts = { where: "chatId" in who ? "chat" : "page" };
    const whose = { by: chat.accountId, about: chat.accountId };
    await audit(app, tx, { act: "chat_unlinked", ...whose, facts });
    return true;
  });
}

const unlinkedNews = (why: string) => ({
  kind: "account" as const,
  title: "Telegram is unlinked",
  text: `Your chat is no longer linked. ${why}`,
  href: "/account",
});

/** What people call themselves is shown on our pages: one short line of it. */
export function cleanFace({ chatId, name, username }: ChatFace): ChatFace {
  const line = [...name.replace(/\p{C}/gu, "").trim()].slice(0, NAME_CHARS).join("");
  return {
    chatId,
    name: line || "Somebody",
    username: /^\w+$/.test(username ?? "") ? username : null,
  };
}
