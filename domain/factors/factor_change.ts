import type { App } from "../../core/app.ts";
import { familyOf } from "../../core/device.ts";
import { AppError, notFound } from "../../core/errors.ts";
import type { Account, Factors } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { writeLetter } from "../accounts/account_letters.ts";
import { endAllSessions } from "../accounts/session_end.ts";
import { type Started, startSession } from "../accounts/sessions.ts";
import { audit } from "../admin/audit.ts";
import { factorsIn, hasFactor, writeFactors } from "./factors.ts";
import { newRecoveryCodes } from "./recovery_codes.ts";
import { offeredSecret, sealSecret, stepOf } from "./totp.ts";

/** Who changes their second factors, and in which browser. */
export interface FactorOwner {
  account: Account;
  agent: string;
  address: string;
}

export interface Added {
  /** Of the first factor: a session for this browser; all those without a factor are over. */
  started: Started | null;
  /** Of the first factor: recovery codes, to be shown this once. */
  codes: string[] | null;
}

/**
 * Adds a factor, in one commit with what `change` reads and makes of those there are, and tells the
 * owner by mail. With the first one every session ends, as none has shown it.
 *
 * @throws {AppError} `conflict` when the account has just changed; what `change` throws.
 */
export async function addFactor(
  app: App,
  { account: ref, agent, address }: FactorOwner,
  { kind, change }: {
    kind: "totp" | "passkey";
    change: (factors: Factors) => Factors | Promise<Factors>;
  },
): Promise<Added> {
  const fresh = await newRecoveryCodes();
  const { epoch, first } = await transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    const first = !hasFactor(factors);
    const changed = await change(factors);
    const codes = first ? fresh.hashes : changed.codes;
    const open = first ? await endAllSessions(app, tx, account) : account;
    writeFactors(app, tx, open, { ...changed, codes });
    const about = kind === "totp" ? "an app that shows codes" : `a passkey in ${familyOf(agent)}`;
    await writeLetter(app, tx, { accountId: ref.id, letter: "factor_added", about });
    await note(app, tx, ref, "factor_added", { kind });
    return { epoch: open.epoch, first };
  });
  if (!first) return { started: null, codes: null };
  const started = await startSession(app, { accountId: ref.id, epoch, agent, address });
  return { started, codes: fresh.codes };
}

/**
 * Takes an app into use that shows the codes of an offer; the one before no longer counts.
 *
 * @throws {AppError} `invalid` of "code" for one that the app would not show now, and for an offer that
 *   is too old; as `addFactor`.
 */
export async function addTotp(
  app: App,
  owner: FactorOwner,
  { offer, code }: { offer: string; code: string },
): Promise<Added> {
  const { id } = owner.account;
  const secret = await offeredSecret(app, id, offer);
  if (secret === null) throw wrong("it took too long, load the page again for a new one");
  const lastStep = stepOf(app, secret, code.replace(/\s+/g, ""));
  if (lastStep === null) {
    throw wrong("it is not the one that the app shows now; is your phone’s clock right?");
  }
  const totp = { sealed: await sealSecret(app, id, secret), addedAt: app.clock.now(), lastStep };
  return await addFactor(app, owner, {
    kind: "totp",
    change: (factors) => ({ ...factors, totp }),
  });
}

function wrong(why: string): AppError {
  return new AppError("invalid", `Cannot use this code: ${why}`, { field: "code" });
}

/** A factor of somebody's: the app, or a passkey by its id. */
export type FactorRef = { totp: true } | { passkey: string };

/**
 * Removes a factor and tells the owner by mail.
 *
 * @throws {AppError} `not_found`; `conflict` for the last one of an admin, or beside a short password.
 */
export function removeFactor(app: App, ref: Account, which: FactorRef): Promise<void> {
  return transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    const left = without(factors, which);
    if (!hasFactor(left)) requireGoodWithout(account);
    writeFactors(app, tx, account, left);
    const kind = "totp" in which ? "totp" : "passkey";
    const about = kind === "totp" ? "an app that shows codes" : "a passkey";
    await writeLetter(app, tx, { accountId: ref.id, letter: "factor_removed", about });
    await note(app, tx, ref, "factor_removed", { kind });
  });
}

function without(factors: Factors, which: FactorRef): Factors {
  if ("totp" in which) {
    if (factors.totp === null) throw notFound("app");
    return { ...factors, totp: null };
  }
  const passkeys = factors.passkeys.filter(({ id }) => id !== which.passkey);
  if (passkeys.length === factors.passkeys.length) throw notFound("passkey");
  return { ...factors, passkeys };
}

function requireGoodWithout({ role, shortPassword }: Account): void {
  const why = role === "admin"
    ? "admins need one, add another first"
    : shortPassword
    ? "your password is too short to stand alone, choose a longer one first"
    : null;
  if (why) throw new AppError("conflict", `Cannot remove the last second factor: ${why}`);
}

/**
 * Makes new recovery codes, to be shown this once; those before no longer work.
 *
 * @throws {AppError} `conflict` without a factor.
 */
export async function makeCodes(app: App, ref: Account): Promise<string[]> {
  const { codes, hashes } = await newRecoveryCodes();
  await transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    if (!hasFactor(factors)) {
      throw new AppError("conflict", "Cannot make recovery codes: add a second factor first");
    }
    writeFactors(app, tx, account, { ...factors, codes: hashes });
    await writeLetter(app, tx, { accountId: ref.id, letter: "codes_made" });
    await note(app, tx, ref, "recovery_codes_made", {});
  });
  return codes;
}

function note(
  app: App,
  tx: Tx,
  { id }: Account,
  act: "factor_added" | "factor_removed" | "recovery_codes_made",
  facts: Record<string, string>,
): Promise<void> {
  tx.afterCommit(() => app.log.info(act, { accountId: id, ...facts }));
  return audit(app, tx, { act, by: id, about: id, facts });
}
