import type { App } from "../core/app.ts";
import { notFound } from "../core/errors.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Account } from "../kv/schema.ts";
import { Tx } from "../kv/transact.ts";

/** The account if it is an admin's. To others nothing of `what` exists: @throws {AppError} `not_found`. */
export async function requireAdmin(
  from: Pick<App, "store"> | Tx,
  accountId: string,
  what: string,
): Promise<Account> {
  const key = keys.account(accountId);
  const account = from instanceof Tx ? await from.get(key) : await read(from, key);
  if (account?.role !== "admin") throw notFound(what);
  return account;
}
