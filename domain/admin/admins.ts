import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { Tx } from "../../kv/transact.ts";
import { isOpen } from "../accounts/accounts.ts";

/** Lets admins pass. @throws {AppError} `not_found` for others: to them there is nothing here. */
export function mustBeAdmin({ role }: Pick<Account, "role">): void {
  if (role !== "admin") throw notFound("page");
}

/**
 * The account as it is now, if it is an admin's; the caller may only know its id.
 *
 * @throws {AppError} `not_found` of `what` for others.
 */
export async function requireAdmin(
  from: Pick<App, "store"> | Tx,
  accountId: string,
  what: string,
): Promise<Account> {
  const key = keys.account(accountId);
  const account = from instanceof Tx ? await from.get(key) : await read(from, key);
  if (account?.role !== "admin" || !isOpen(account)) throw notFound(what);
  return account;
}
