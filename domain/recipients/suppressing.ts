import type { App } from "../../core/app.ts";
import type { Key } from "../../kv/keys.ts";
import type { Suppression, SuppressionCause, SuppressionScope } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { type Addressee, addresseeOf, type Spelling } from "./addressee.ts";
import { audit } from "../admin/audit.ts";
import { FORCED, placeOf, placesOf } from "./suppressions.ts";
import { countSuppressed } from "./suppression_alarm.ts";

/** Of two things that providers say, which is held on to. */
const WEIGHT: Partial<Record<SuppressionCause, number>> = {
  soft_bounces: 1,
  bounce: 2,
  complaint: 3,
};

export interface Suppressing {
  scope: SuppressionScope;
  cause: SuppressionCause;
  until?: number | null;
  /** Who did it; null for the service and for who is not signed in. */
  by?: string | null;
}

/**
 * Keeps mail from an address from this commit on; what is so already is no change. What people chose
 * stays beneath what a provider says. Costs the commit three checks, and one more in a flood.
 *
 * @returns whether anything changed.
 */
export async function suppress(
  app: App,
  tx: Tx,
  to: Addressee,
  { scope, cause, until = null, by = null }: Suppressing,
): Promise<boolean> {
  const { shown } = to;
  const now = app.clock.now();
  const key = placeOf(to, { scope, cause });
  const there = await tx.get(key);
  const next = together(there, { shown, scope, cause, at: now, until }, now);
  if (next === there) return false;
  tx.set(key, next);
  if (FORCED.includes(cause)) await countSuppressed(app, tx);
  const facts = { cause, scope: scope.split(":")[0]!, shown };
  await audit(app, tx, { act: "suppressed", by, facts });
  return true;
}

function together(there: Suppression | null, next: Suppression, now: number): Suppression {
  if (there === null) return next;
  const forced = (one: Suppression) => FORCED.includes(one.cause);
  const over = there.until !== null && there.until <= now;
  const { chosen } = there;
  if (forced(next)) {
    if (!forced(there)) return { ...next, chosen: { cause: there.cause, at: there.at } };
    const weighs = WEIGHT[next.cause]! > WEIGHT[there.cause]!;
    return over || weighs ? { ...next, chosen } : there;
  }
  // An admin's word is above that of the address's owner, who could lift their own.
  const admins = next.cause === "admin";
  if (!forced(there)) return admins && there.cause !== "admin" ? next : there;
  if (chosen && !(admins && chosen.cause !== "admin")) return there;
  return { ...there, chosen: { cause: next.cause, at: next.at } };
}

export interface Lifting {
  scope: SuppressionScope;
  /** The causes that are lifted; what rests on another one stays. */
  causes: readonly SuppressionCause[];
  by?: string | null;
}

/**
 * Lets mail reach an address again, as far as it was kept away for these causes: all spellings of its
 * mailbox, where they were. Costs two checks, and one more for an address that is not spelled plainly.
 *
 * @returns whether anything changed.
 */
export async function lift(
  app: App,
  tx: Tx,
  to: Spelling,
  lifting: Lifting,
): Promise<boolean> {
  let lifted = false;
  for (const key of placesOf(to, [lifting.scope])) {
    lifted = await liftAt(app, tx, key, lifting) || lifted;
  }
  return lifted;
}

async function liftAt(
  app: App,
  tx: Tx,
  key: Key<Suppression>,
  { scope, causes, by = null }: Lifting,
): Promise<boolean> {
  const there = await tx.get(key);
  if (there === null) return false;
  const { shown, chosen } = there;
  const kept = chosen && !causes.includes(chosen.cause) ? chosen : undefined;
  if (!causes.includes(there.cause)) {
    if (kept === chosen) return false;
    tx.set(key, { ...there, chosen: undefined });
  } else if (kept) tx.set(key, { shown, scope, until: null, ...kept });
  else tx.delete(key);
  const facts = { cause: there.cause, scope: scope.split(":")[0]!, shown };
  await audit(app, tx, { act: "suppression_lifted", by, facts });
  return true;
}

/**
 * For the commit in which somebody shows that they read an address: what its provider said before is
 * over. What they chose themselves stays. Costs as much as `lift`.
 */
export async function liftProven(
  app: App,
  tx: Tx,
  { address, by }: { address: string; by: string },
): Promise<void> {
  await lift(app, tx, await addresseeOf(app, address), { scope: "all", causes: FORCED, by });
}
