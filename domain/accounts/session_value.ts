import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Session } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { randomText, sha256 } from "./digest.ts";

/** ASVS 5.0, 7.2.4: values change now and then, so that a stolen one does not last. */
const RENEW_EVERY_MS = 24 * 3_600_000;
/** How long the value before is still good: requests that were under way carry it. */
const OLD_VALUE_MS = 60_000;

/** Whether its value is old enough to be changed. */
export function isRenewalDue(app: Pick<App, "clock">, session: Session): boolean {
  return session.next === null && app.clock.now() - session.renewedAt >= RENEW_EVERY_MS;
}

/**
 * Changes the value of a session. The one before is good for a minute more.
 *
 * @returns the new value, or null when somebody else has just done it.
 */
export async function renewSession(app: App, value: string): Promise<string | null> {
  const renewed = await changeValue(app, value, (_tx, session) => {
    return Promise.resolve(isRenewalDue(app, session) ? session : null);
  });
  return renewed?.value ?? null;
}

/**
 * Gives a session another value and makes of it what `change` says, null for nothing. Whoever still
 * has the value before has the session as it was before, for a minute.
 */
export async function changeValue(
  app: App,
  value: string,
  change: (tx: Tx, session: Session) => Promise<Session | null>,
): Promise<{ value: string; session: Session } | null> {
  const [hash, fresh] = [await sha256(value), randomText(256)];
  const freshHash = await sha256(fresh);
  return await transact(app, async (tx) => {
    const session = await tx.get(keys.session(hash));
    const changed = session === null || session.next !== null ? null : await change(tx, session);
    if (session === null || changed === null) return null;
    const { accountId, createdAt, previous } = session;
    const now = app.clock.now();
    const renewed = { ...changed, renewedAt: now, previous: hash };
    tx.set(keys.session(freshHash), renewed);
    tx.set(keys.sessionByAccount(accountId, createdAt, freshHash), freshHash);
    const expiresAt = Math.min(session.expiresAt, now + OLD_VALUE_MS);
    tx.set(keys.session(hash), { ...session, next: freshHash, expiresAt });
    tx.delete(keys.sessionByAccount(accountId, createdAt, hash));
    if (previous !== null) tx.delete(keys.session(previous)); // who ends it finds one value before
    return { value: fresh, session: renewed };
  });
}
