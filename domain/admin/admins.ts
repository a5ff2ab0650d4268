import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { Tx } from "../../kv/transact.ts";
import { isOpen } from "../accounts/accounts.ts";

/**
 * Lets admins pass who sign in with two factors (ASVS 5.0, 6.3.3).
 *
 * @throws {AppError} `not_found` for others: to them there is nothing here; `factor_needed`.
 */
export function mustBeAdmin(account: Pick<Account, "role" | "factorAt">, what = "page"): void {
  if (account.role !== "admin") throw notFound(what);
  if (account.factorAt !== undefined) return;
  const why = "admins need a second factor, add one in your account";
  throw new AppError("factor_needed", `Cannot do this yet: ${why}`);
}

/**
 * The account as it is now, if it is an admin's; the caller may only know its id.
 *
 * @throws {AppError} as `mustBeAdmin`, `not_found` of `what`.
 */
export async function requireAdmin(
  from: Pick<App, "store"> | Tx,
  accountId: string,
  what: string,
): Promise<Account> {
  const key = keys.account(accountId);
  const account = from instanceof Tx ? await from.get(key) : await read(from, key);
  if (account === null || !isOpen(account)) throw notFound(what);
  mustBeAdmin(account, what);
  return account;
}
