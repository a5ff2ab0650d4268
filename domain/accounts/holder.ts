import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { addressKey } from "../recipients/addresses.ts";
import { isVerified } from "../recipients/recipients.ts";
import { endAllSessions } from "./session_end.ts";

/**
 * Whose address this is. Who only proved it through the outbox does not hold it any more once real
 * mail leaves: that proof says nothing about who reads the address.
 */
export async function provenHolder(app: App, tx: Tx, address: string): Promise<Account | null> {
  const id = await tx.get(keys.accountByEmail(addressKey(address)));
  const holder = id === null ? null : await tx.get(keys.account(id));
  return holder && isVerified(app, holder) ? holder : null;
}

/**
 * Makes an address the account's to sign in with. Whoever had it through the outbox alone is signed
 * out.
 *
 * @returns false when somebody else has proven it.
 */
export async function holdAddress(
  app: App,
  tx: Tx,
  { accountId, address }: { accountId: string; address: string },
): Promise<boolean> {
  const key = keys.accountByEmail(addressKey(address));
  const holder = await provenHolder(app, tx, address);
  if (holder !== null && holder.id !== accountId) return false;
  const before = await tx.get(key);
  if (before !== null && before !== accountId) await displace(app, tx, before);
  tx.set(key, accountId);
  return true;
}

/** Signs out whoever had an address that now turns out to be another's. */
async function displace(app: App, tx: Tx, accountId: string): Promise<void> {
  const account = await tx.get(keys.account(accountId));
  if (account) await endAllSessions(app, tx, account);
  tx.afterCommit(() => app.log.warn("address_displaced", { accountId }));
}
