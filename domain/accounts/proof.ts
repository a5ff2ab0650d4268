import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Account, Session } from "../../kv/schema.ts";
import { audit } from "../admin/audit.ts";
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
 * Shows by the password who uses a session. It goes on under another value, so that who may have had
 * the one before has gained nothing.
 *
 * @throws {AppError} `invalid` of "password"; `rate_limited` after many wrong ones; `conflict` when the
 *   session has ended or changed meanwhile.
 */
export async function proveIt(
  app: App,
  { account, value, password }: { account: Account; value: string; password: string },
): Promise<Started> {
  if (!await checkPassword(app, { account, password })) {
    throw new AppError("invalid", "Cannot go on: the password is not right", { field: "password" });
  }
  const proved = await changeValue(app, value, async (tx, session) => {
    if (session.accountId !== account.id || session.epoch !== account.epoch) return null;
    await audit(app, tx, { act: "sudo", by: account.id, about: account.id });
    return { ...session, provedAt: app.clock.now() };
  });
  if (proved !== null) return proved;
  throw new AppError("conflict", "Cannot go on: the session has just changed, try again");
}
