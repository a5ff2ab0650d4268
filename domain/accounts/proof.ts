import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Account, Session } from "../../kv/schema.ts";
import { audit } from "../admin/audit.ts";
import { checkCode } from "../factors/check.ts";
import { checkPasskey, type PasskeyAnswer } from "../factors/passkeys.ts";
import type { SignInWay } from "./devices.ts";
import { listSessions } from "./session_end.ts";
import { changeValue } from "./session_value.ts";
import type { Started } from "./sessions.ts";
import { checkPassword } from "./sign_in.ts";

/** How long a proof of who one is lasts, ms: ten minutes (ASVS 5.0, 7.5.1). */
export const PROVED_MS = 600_000;

/** Whether who uses a session has lately shown who they are. Signing in shows it too. */
export function isProved(
  { clock }: Pick<App, "clock">,
  { provedAt, createdAt }: Pick<Session, "provedAt" | "createdAt">,
): boolean {
  return clock.now() - (provedAt ?? createdAt) < PROVED_MS;
}

/**
 * Lets pass who has lately shown who they are: a browser left open must not be enough for what cannot
 * be taken back.
 *
 * @throws {AppError} `proof_needed`.
 */
export function requireProof(app: Pick<App, "clock">, session: Session | null): void {
  if (session !== null && isProved(app, session)) return;
  throw new AppError("proof_needed", "Cannot do this yet: show first that it is you");
}

/**
 * The same for who acts where there is no session, as in a chat: whoever holds the phone must have
 * shown on a page, in any of their sessions, that it is them.
 *
 * @throws {AppError} `proof_needed`.
 */
export async function requireProofElsewhere(app: App, account: Account): Promise<void> {
  const sessions = await listSessions(app, account);
  if (sessions.some((session) => isProved(app, session))) return;
  const how = `sign in at ${app.config.origin}, or open /prove there, then press again`;
  throw new AppError("proof_needed", `Cannot do this yet: show first that it is you; ${how}`);
}

/** What shows again who somebody is: their password, or where they have a second factor only that. */
export type Proof = { password: string } | { code: string } | { credential: PasskeyAnswer };

/**
 * Shows who uses a session. It goes on under another value, so that who may have had the one before
 * has gained nothing.
 *
 * @throws {AppError} `invalid` of what it was shown by; `rate_limited` after many wrong ones; `conflict`
 *   when the session has ended or changed meanwhile.
 */
export async function proveIt(
  app: App,
  { account, value, proof, address }: {
    account: Account;
    value: string;
    proof: Proof;
    address: string;
  },
): Promise<Started> {
  const by = await checkProof(app, { account, proof, address });
  const proved = await changeValue(app, value, async (tx, session) => {
    if (session.accountId !== account.id || session.epoch !== account.epoch) return null;
    await audit(app, tx, { act: "sudo", by: account.id, about: account.id, facts: { by } });
    return { ...session, provedAt: app.clock.now() };
  });
  if (proved !== null) return proved;
  throw new AppError("conflict", "Cannot go on: the session has just changed, try again");
}

async function checkProof(
  app: App,
  { account, proof, address }: { account: Account; proof: Proof; address: string },
): Promise<SignInWay> {
  const wrong = (why: string) =>
    new AppError("invalid", `Cannot go on: ${why}`, { field: Object.keys(proof)[0] });
  if ("password" in proof) {
    if (account.factorAt !== undefined) throw wrong("your second factor is needed");
    if (await checkPassword(app, { account, password: proof.password })) return "password";
    throw wrong("the password is not right");
  }
  if (account.factorAt === undefined) throw wrong("you have no second factor, your password does");
  if ("code" in proof) return await checkCode(app, { account, code: proof.code, address });
  if (await checkPasskey(app, account, proof.credential)) return "passkey";
  throw wrong("this passkey is not one of yours");
}
