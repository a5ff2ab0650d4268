import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { accountByAddress, isOpen } from "./accounts.ts";
import { addressKey, parseAddress } from "../recipients/addresses.ts";
import { type FailedAct, noteFailure } from "./failures.ts";
import { admit, type Admitted } from "../factors/second_step.ts";
import { networkOf } from "./network.ts";
import { hashPassword, needsRehash, verifyPassword } from "./passwords.ts";
import { accountPasswords, networkPasswords } from "./sign_in_limits.ts";
import { type Counted, countTries, forget, type Limit, type Try, uncount } from "./tries.ts";

export interface Credentials {
  email: string;
  password: string;
  /** From which network address they come. */
  address: string;
  /** What the browser calls itself. */
  agent: string;
}

/**
 * Lets somebody in, or where there is a second factor on to that. What is wrong (no such account, not activated, another password) is not told:
 * neither in words nor by the time it takes, nor by which of them are slowed down.
 *
 * @throws {AppError} `unauthorized`; `rate_limited` after many failures, by account and by network,
 *   also for the right password; `unavailable` when too many passwords are being checked.
 */
export async function signIn(
  app: App,
  { email, password, address, agent }: Credentials,
): Promise<Admitted> {
  const key = keyOf(email);
  const account = await accountByAddress(app, key);
  const failed = (act: FailedAct) =>
    noteFailure(app, { act, accountId: account?.id ?? null, address });
  let right: boolean;
  try {
    right = await checked(app, { password, stored: account?.password ?? null }, [
      { limit: accountPasswords, who: key },
      { limit: networkPasswords, who: networkOf(address) },
    ]);
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") await failed("limit_hit");
    throw error;
  }
  if (account === null || !right || !isOpen(account)) {
    app.log.info("sign_in_failed", { accountId: account?.id });
    await failed("sign_in_failed");
    throw new AppError("unauthorized", "Cannot sign in: the address or the password is not right");
  }
  await strengthen(app, account, password);
  return await admit(app, { account, agent, address, by: "password" });
}

/**
 * Whether this is the account's password, asked of somebody who has shown something else already. Tries
 * count for its address, or for `who`.
 *
 * @throws {AppError} as `signIn`, but for `unauthorized`.
 */
export function checkPassword(
  app: App,
  { account, password, who = addressKey(account.email) }: {
    account: Account;
    password: string;
    who?: string;
  },
): Promise<boolean> {
  const tries = [{ limit: accountPasswords, who }];
  return checked(app, { password, stored: account.password }, tries);
}

/** Counts the try before it looks, so that many guesses at once are not one. */
async function checked(
  app: App,
  { password, stored }: { password: string; stored: string | null },
  tries: readonly Try[],
): Promise<boolean> {
  const counted = await countTries(app, tries);
  try {
    const right = await verifyPassword(password, stored);
    if (right) await takeBack(app, counted, accountPasswords);
    return right;
  } catch (error) {
    await takeBack(app, counted); // it was never looked at
    throw error;
  }
}

/** Takes tries back; of `known`, where somebody has shown who they are, all that were before too. */
function takeBack(app: App, counted: readonly Counted[], known?: Limit): Promise<void> {
  return transact(app, async (tx) => {
    for (const one of counted) {
      if (one.limit === known) await forget(tx, one);
      else await uncount(tx, one);
    }
  });
}

/** What is typed as it is looked up; what is no address at all is looked up too, and not found. */
function keyOf(email: string): string {
  try {
    return addressKey(parseAddress(email).address);
  } catch {
    return addressKey(email);
  }
}

/** Makes the hash anew where today's would be stronger; now is when the password is known. */
async function strengthen(app: App, account: Account, password: string): Promise<void> {
  if (!await needsRehash(account.password)) return;
  const hashed = await hashPassword(password);
  await transact(app, async (tx) => {
    const fresh = await tx.get(keys.account(account.id));
    if (fresh?.password === account.password) {
      tx.set(keys.account(account.id), { ...fresh, password: hashed });
    }
  });
}
