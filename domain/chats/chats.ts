import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Chat } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { publish } from "../../realtime/events.ts";
import { notify } from "../notifications.ts";

/** The chat that is linked to an account, also while it is off. */
export async function chatOf(app: Pick<App, "store">, accountId: string): Promise<Chat | null> {
  const chatId = await read(app, keys.chatOf(accountId));
  return chatId === null ? null : await read(app, keys.chat(chatId));
}

/** The same in a transaction, and only while Telegram delivers there. */
export async function openChatOf(tx: Tx, accountId: string): Promise<Chat | null> {
  const chatId = await tx.get(keys.chatOf(accountId));
  const chat = chatId === null ? null : await tx.get(keys.chat(chatId));
  return chat?.state === "on" ? chat : null;
}

/** Tells an account's pages that something about its chat is different. */
export async function chatChanged(app: App, tx: Tx, accountId: string): Promise<void> {
  await publish(app, tx, `account:${accountId}`, { type: "chat", data: {} });
}

/**
 * Turns a chat off to which Telegram does not deliver any more, and says so by mail and in the inbox.
 * Twice is once.
 */
export async function turnOff(
  app: App,
  tx: Tx,
  { chatId, reason }: { chatId: number; reason: string },
): Promise<void> {
  const chat = await tx.get(keys.chat(chatId));
  if (chat === null || chat.state === "off") return;
  const { accountId } = chat;
  tx.set(keys.chat(chatId), { ...chat, state: "off", reason });
  await enqueue(app, tx, "email_account", { accountId, letter: "chat_off" });
  await notify(app, tx, accountId, {
    kind: "account",
    title: "Telegram is turned off",
    text: `Your chat takes no messages any more: ${reason}`,
    href: "/account",
  });
  await chatChanged(app, tx, accountId);
}

/** Turns a chat on again whose owner has come back. */
export async function turnOn(app: App, tx: Tx, chatId: number): Promise<void> {
  const chat = await tx.get(keys.chat(chatId));
  if (chat === null || chat.state === "on") return;
  tx.set(keys.chat(chatId), { ...chat, state: "on", reason: null });
  await chatChanged(app, tx, chat.accountId);
}
