import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Factors } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";

export const NO_FACTORS: Factors = { totp: null, passkeys: [], codes: [] };

/** What an account asks for beside the password. */
export async function factorsOf(app: Pick<App, "store">, accountId: string): Promise<Factors> {
  return await read(app, keys.factors(accountId)) ?? NO_FACTORS;
}

/** The same in a transaction, with the account as it is there. @throws {AppError} `conflict`. */
export async function factorsIn(
  tx: Tx,
  { id, epoch }: Pick<Account, "id" | "epoch">,
): Promise<{ account: Account; factors: Factors }> {
  const account = await tx.get(keys.account(id));
  if (account === null || account.epoch !== epoch) {
    throw new AppError("conflict", "Cannot go on: the account has just changed, try again");
  }
  return { account, factors: await tx.get(keys.factors(id)) ?? NO_FACTORS };
}

/** Whether there is one; recovery codes alone are none. */
export function hasFactor({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0;
}

/**
 * Stores them, and in the account that there are some. Without one left the recovery codes go too, and
 * a password that is too short to stand alone fits no more.
 *
 * @returns the account as it then is; the caller may write it once more.
 */
export function writeFactors(
  app: Pick<App, "clock">,
  tx: Tx,
  account: Account,
  factors: Factors,
): Account {
  const isAsked = hasFactor(factors);
  const changed = isAsked
    ? { ...account, factorAt: account.factorAt ?? app.clock.now() }
    : bare(account);
  tx.set(keys.account(account.id), changed);
  if (isAsked) tx.set(keys.factors(account.id), factors);
  else tx.delete(keys.factors(account.id));
  return changed;
}

/** An account that asks for a password alone. */
function bare({ factorAt: _, shortPassword, ...account }: Account): Account {
  return shortPassword ? { ...account, password: "" } : account;
}
