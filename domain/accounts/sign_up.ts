import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { writeLetter } from "./account_letters.ts";
import { newAccount } from "./accounts.ts";
import { parseAddress } from "../recipients/addresses.ts";
import { mailboxOf } from "../recipients/mailbox.ts";
import { provenHolder } from "./holder.ts";
import { mailboxSignUps, memberProofs } from "./link_limits.ts";
import { networkOf } from "./network.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { DEFAULT_ZONE, parseName, parseZone } from "./profile.ts";
import { networkJudged, networkSignUps } from "./sign_in_limits.ts";
import { ACTIVATE_MS, issueToken, tokenValue } from "./tokens.ts";
import { countTries, countTry, uncount } from "./tries.ts";

/** How long an account that nobody activated is kept, ms. */
const UNPROVEN_MS = 7 * 86_400_000;
const SHOWN = { lifeMs: ACTIVATE_MS };

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
  const hashed = await newPassword(app, given, { password, network: networkOf(address) });
  const letterId = await transact(app, async (tx) => {
    const holder = await provenHolder(app, tx, given.address);
    if (!await mayWrite(app, tx, given.address)) return null;
    if (holder !== null) {
      return await writeLetter(app, tx, { accountId: holder.id, letter: "already_member" }, SHOWN);
    }
    const { address: email, name, zone } = given;
    const account = newAccount(app, { email, name, zone, password: hashed });
    tx.set(keys.account(account.id), account);
    tx.set(keys.accountUnproven(account.createdAt, account.id), account.id);
    const { id: subject, epoch } = account;
    const token = { purpose: "activate", subject, epoch, lifeMs: ACTIVATE_MS } as const;
    const tokenId = await issueToken(app, tx, token);
    return await writeLetter(
      app,
      tx,
      { accountId: account.id, letter: "activate", tokenId },
      SHOWN,
    );
  });
  app.log.info("signed_up");
  return { outboxToken: letterId && await tokenValue(app, "outbox", letterId) };
}

/**
 * The hash of a password that is good enough, also for a known address: it must take as long. The
 * network's try is counted before anything is worked at, and taken back where nothing comes of it.
 */
async function newPassword(
  app: App,
  { address: email, name }: { address: string; name: string },
  { password, network: who }: { password: string; network: string },
): Promise<string> {
  const [signUp] = await countTries(app, [
    { limit: networkSignUps, who },
    { limit: networkJudged, who },
  ]);
  try {
    await requireGoodPassword(password, { email, name });
    return await hashPassword(password);
  } catch (error) {
    await transact(app, (tx) => uncount(tx, signUp!));
    throw error;
  }
}

/** Whether the mailbox may be written to once more today; if not, the answer does not show it. */
async function mayWrite(app: App, tx: Tx, address: string): Promise<boolean> {
  try {
    await countTry(app, tx, { limit: mailboxSignUps, who: mailboxOf(address) });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") return false;
    throw error;
  }
}

/**
 * Sends another letter to confirm one's own address, as is needed when the proof so far was only
 * carried by the outbox.
 *
 * @throws {AppError} `rate_limited`.
 */
export async function askForProof(app: App, { id, epoch }: Account): Promise<void> {
  await transact(app, async (tx) => {
    await countTry(app, tx, { limit: memberProofs, who: id });
    const token = { purpose: "activate", subject: id, epoch, lifeMs: ACTIVATE_MS } as const;
    const tokenId = await issueToken(app, tx, token);
    await writeLetter(app, tx, { accountId: id, letter: "activate", tokenId });
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
