import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import type { Payload } from "../jobs/catalog.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { Account } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { newAccount } from "./accounts.ts";
import { addressKey, parseAddress } from "./addresses.ts";
import { newDelivery } from "./deliveries.ts";
import { isVerified } from "./recipients.ts";
import { networkOf } from "./network.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { endAllSessions } from "./session_end.ts";
import { DEFAULT_ZONE, parseName, parseZone } from "./profile.ts";
import { liftProven } from "./suppressing.ts";
import { ACTIVATE_MS, issueToken, linkNotFound, tokenValue, useToken } from "./tokens.ts";
import { addressSignUps, countTries, countTry, networkSignUps } from "./tries.ts";

/** How long an account that nobody activated is kept, ms. */
const UNPROVEN_MS = 7 * 86_400_000;

export interface SignUp {
  email: string;
  password: string;
  name: string;
  zone?: string;
  /** From which network address it comes. */
  address: string;
}

/**
 * Asks for an account. The answer and the work are the same for known and unknown addresses; who
 * reads the mail of the address learns which. Each sign-up is an account of its own until its letter
 * proves one: a stranger's sign-up with my address never becomes mine, nor mine theirs.
 *
 * @returns the value of an "outbox" token for the letter, where letters stay in the outbox and there
 *   is one: its reader cannot sign in yet.
 * @throws {AppError} `invalid` naming the field, `forbidden` where sign-up is closed, `rate_limited`.
 */
export async function signUp(
  app: App,
  { email, password, name, zone = DEFAULT_ZONE, address }: SignUp,
): Promise<{ outboxToken: string | null }> {
  if (app.config.signup !== "open") {
    throw new AppError("forbidden", "Cannot sign up: new accounts are made by the admin only");
  }
  const given = { ...parseAddress(email), name: parseName(name), zone: parseZone(zone) };
  await requireGoodPassword(password, { email: given.address, name: given.name });
  await countTries(app, [{ limit: networkSignUps, who: networkOf(address) }]);
  const hashed = await hashPassword(password); // also for a known address: it must take as long
  const letterId = await transact(app, async (tx) => {
    const key = addressKey(given.address);
    const holder = await provenHolder(app, tx, key);
    if (!await mayWrite(app, tx, key)) return null;
    if (holder !== null) {
      return await write(app, tx, { accountId: holder.id, letter: "already_member" });
    }
    const { address: email, name, zone } = given;
    const account = newAccount(app, { email, name, zone, password: hashed });
    tx.set(keys.account(account.id), account);
    tx.set(keys.accountUnproven(account.createdAt, account.id), account.id);
    const token = { purpose: "activate", subject: account.id, lifeMs: ACTIVATE_MS } as const;
    const tokenId = await issueToken(app, tx, token);
    return await write(app, tx, { accountId: account.id, letter: "activate", tokenId });
  });
  app.log.info("signed_up");
  return { outboxToken: letterId && await tokenValue(app, "outbox", letterId) };
}

/**
 * Whose address this is. Who only proved it through the outbox does not hold it any more once real
 * mail leaves: that proof says nothing about who reads the address.
 */
async function provenHolder(app: App, tx: Tx, key: string): Promise<Account | null> {
  const id = await tx.get(keys.accountByEmail(key));
  const holder = id === null ? null : await tx.get(keys.account(id));
  return holder && isVerified(app, holder) ? holder : null;
}

/** Whether the address may be written to once more today; if not, the answer does not show it. */
async function mayWrite(app: App, tx: Tx, who: string): Promise<boolean> {
  try {
    await countTry(app, tx, { limit: addressSignUps, who });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") return false;
    throw error;
  }
}

/** Has a letter sent. @returns the id of an "outbox" token for it, where it stays in the outbox. */
async function write(
  app: App,
  tx: Tx,
  payload: Payload<"email_account">,
): Promise<string | null> {
  const job = await enqueue(app, tx, "email_account", payload);
  if (app.mailer.name !== "outbox") return null;
  const to = ""; // the name of a delivery is made of its job and number alone
  const { id: subject } = newDelivery({ jobId: job.id, number: 0, to }, app.clock.now());
  return await issueToken(app, tx, { purpose: "outbox", subject, lifeMs: ACTIVATE_MS });
}

/**
 * Turns a sign-up into an account that can be signed in to.
 *
 * @throws {AppError} `not_found` for a link that does not work, also when somebody else has proven
 *   the address meanwhile.
 */
export async function activate(app: App, value: string): Promise<Account> {
  return await transact(app, async (tx) => {
    const { subject } = await useToken(app, tx, "activate", value);
    const account = await tx.get(keys.account(subject));
    if (account === null) throw linkNotFound();
    const key = keys.accountByEmail(addressKey(account.email));
    const holder = await provenHolder(app, tx, addressKey(account.email));
    if (holder !== null && holder.id !== account.id) throw linkNotFound();
    const unproven = await tx.get(key);
    if (unproven !== null && unproven !== account.id) await displace(app, tx, unproven);
    const proven = { ...account, verified: { at: app.clock.now(), by: app.mailer.name } };
    tx.set(keys.account(account.id), proven);
    tx.set(key, account.id);
    tx.delete(keys.accountUnproven(account.createdAt, account.id));
    await liftProven(app, tx, { address: account.email, by: account.id });
    return proven;
  });
}

/** Signs out whoever had an address that now turns out to be another's. */
async function displace(app: App, tx: Tx, accountId: string): Promise<void> {
  const account = await tx.get(keys.account(accountId));
  if (account) await endAllSessions(app, tx, account);
  tx.afterCommit(() => app.log.warn("address_displaced", { accountId }));
}

/**
 * Sends another letter to confirm one's own address, as is needed when the proof so far was only
 * carried by the outbox.
 *
 * @throws {AppError} `rate_limited`.
 */
export async function askForProof(app: App, { id, email }: Account): Promise<void> {
  await transact(app, async (tx) => {
    await countTry(app, tx, { limit: addressSignUps, who: addressKey(email) });
    const token = { purpose: "activate", subject: id, lifeMs: ACTIVATE_MS } as const;
    const tokenId = await issueToken(app, tx, token);
    await write(app, tx, { accountId: id, letter: "activate", tokenId });
  });
}

/** Removes some accounts that nobody activated in a week. @returns how many it looked at. */
export async function pruneUnproven(app: App, limit: number): Promise<number> {
  const before = app.clock.now() - UNPROVEN_MS;
  const ids = await list(app, ranges.accountsUnprovenBy(before), { limit });
  for (const id of ids) {
    await transact(app, async (tx) => {
      const account = await tx.get(keys.account(id));
      if (account === null || account.verified !== null) return;
      tx.delete(keys.account(id));
      tx.delete(keys.accountUnproven(account.createdAt, id));
    });
  }
  return ids.length;
}
