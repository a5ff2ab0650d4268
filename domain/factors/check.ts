import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { writeLetter } from "../accounts/account_letters.ts";
import { networkHash } from "../accounts/network.ts";
import { countTries, mayTry, triesLeft, uncount } from "../accounts/tries.ts";
import { audit, auditSeldom } from "../admin/audit.ts";
import { accountCodes, WRONG_CODES_TOLD, wrongCodeLetters } from "./factor_limits.ts";
import { factorsIn, writeFactors } from "./factors.ts";
import { recoveryHash } from "./recovery_codes.ts";
import { openSecret, stepOf } from "./totp.ts";

/** How somebody showed more than a password. */
export type FactorKind = "totp" | "passkey" | "recovery_code";

export interface TypedCode {
  account: Account;
  /** Six digits of the app, or a recovery code. */
  code: string;
  /** From which network address. */
  address: string;
}

/**
 * Uses up a code of somebody's app, or one of their recovery codes. Each is good once; of an app the
 * code of now, of the step before and the step after, if none as new was used.
 *
 * @throws {AppError} `invalid` of "code"; `rate_limited` after many wrong codes, also for the right
 *   one; `conflict` when the account has just changed.
 */
export async function checkCode(app: App, typed: TypedCode): Promise<FactorKind> {
  const { account, code } = typed;
  const hash = await recoveryHash(code);
  if (hash !== null) {
    if (await useRecoveryCode(app, account, hash)) return "recovery_code";
    throw await wrong(app, typed);
  }
  const limited = { limit: accountCodes, who: account.id };
  const counted = await countTries(app, [limited]);
  if (!await useTotp(app, account, code.replace(/\s+/g, ""))) throw await wrong(app, typed);
  await transact(app, async (tx) => {
    for (const one of counted) await uncount(tx, one);
  });
  return "totp";
}

/** A later step than the last one, or the same code would be good for everybody who saw it typed. */
async function useTotp(app: App, ref: Account, code: string): Promise<boolean> {
  if (!/^\d{6}$/.test(code)) return false;
  return await transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    const { totp } = factors;
    if (totp === null) return false;
    const secret = await openSecret(app, ref.id, totp.sealed);
    if (secret === null) throw unreadable(app, ref);
    const lastStep = stepOf(app, secret, code);
    if (lastStep === null || lastStep <= totp.lastStep) return false;
    writeFactors(app, tx, account, { ...factors, totp: { ...totp, lastStep } });
    return true;
  });
}

function unreadable(app: App, { id }: Account): AppError {
  app.log.warn("totp_unreadable", { accountId: id });
  const why = "this service has another secret than when your app was added; use a recovery code";
  return new AppError("invalid", `Cannot check the code: ${why}`, { field: "code" });
}

async function useRecoveryCode(app: App, ref: Account, hash: string): Promise<boolean> {
  return await transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    if (!factors.codes.includes(hash)) return false;
    const codes = factors.codes.filter((code) => code !== hash);
    writeFactors(app, tx, account, { ...factors, codes });
    const about = String(codes.length);
    await writeLetter(app, tx, { accountId: ref.id, letter: "recovery_code_used", about });
    const facts = { left: codes.length };
    await audit(app, tx, { act: "recovery_code_used", by: ref.id, about: ref.id, facts });
    return true;
  });
}

async function wrong(app: App, typed: TypedCode): Promise<AppError> {
  await noteWrong(app, typed);
  const why = "it is not right, or was used already; wait for the next one";
  return new AppError("invalid", `Cannot go on with this code: ${why}`, { field: "code" });
}

/** Writes down that a second factor was wrong; of several the owner hears, as the first was right. */
async function noteWrong(app: App, { account: { id }, address }: TypedCode): Promise<void> {
  app.log.info("factor_failed", { accountId: id });
  const network = await networkHash(app, address);
  const limited = { limit: accountCodes, who: id };
  const { count } = accountCodes.most[0]!;
  const many = count - await triesLeft(app, limited) >= WRONG_CODES_TOLD;
  await transact(app, async (tx) => {
    const line = { act: "factor_failed", about: id, facts: { network } } as const;
    await auditSeldom(app, tx, line, id);
    if (many) await tell(app, tx, id);
  });
}

async function tell(app: App, tx: Tx, accountId: string): Promise<void> {
  if (!await mayTry(app, tx, { limit: wrongCodeLetters, who: accountId })) return;
  await writeLetter(app, tx, { accountId, letter: "factor_failed" });
}
