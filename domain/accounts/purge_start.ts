import type { App } from "../../core/app.ts";
import { newId } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { addressKey } from "../recipients/addresses.ts";
import { dropLink } from "../chats/chat_link.ts";

/**
 * For the commit that closes an account: its address is free, its chat is linked no more, and a job
 * removes what it holds; `letterId` is the job of the letter that says so, if there is one.
 */
export async function startPurge(
  app: Pick<App, "store" | "clock" | "waker">,
  tx: Tx,
  { account, closedAt, letterId }: { account: Account; closedAt: number; letterId: string | null },
): Promise<void> {
  const { id: accountId, email } = account;
  const byAddress = keys.accountByEmail(addressKey(email));
  if (await tx.get(byAddress) === accountId) tx.delete(byAddress);
  const chatId = await takeChat(tx, accountId);
  await dropLink(tx, accountId);
  const addresses = await addressesOf(app, account);
  const id = newId();
  const left = { id, accountId, addresses, chatId, letterId, closedAt, step: 0, cursor: null };
  tx.set(keys.purge(id), left);
  await enqueue(app, tx, "purge_account", { purgeId: id });
}

/** Ends the link with a chat. @returns the chat's id, for what else is kept under it. */
async function takeChat(tx: Tx, accountId: string): Promise<number | null> {
  const chatId = await tx.get(keys.chatOf(accountId));
  if (chatId === null) return null;
  tx.delete(keys.chatOf(accountId));
  if ((await tx.get(keys.chat(chatId)))?.accountId === accountId) tx.delete(keys.chat(chatId));
  return chatId;
}

/** Every address that is an account's, or was or would be by a change that can still be undone or made. */
export async function addressesOf(
  app: Pick<App, "store">,
  { id, email }: Pick<Account, "id" | "email">,
): Promise<string[]> {
  const further = await list(app, ranges.ownAddressesOf(id));
  const change = await read(app, keys.emailChange(id));
  const changed = [...change?.asked ? [change.asked] : [], ...change?.kept ?? []];
  return [...new Set([email, ...[...further, ...changed].map(({ address }) => address)])];
}
