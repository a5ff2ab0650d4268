import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { Tx } from "../../kv/transact.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

const HOUR_MS = 3_600_000;
/** More of these in an hour are either a bad list of addresses or forged: somebody is to look. */
export const MOST_AN_HOUR = 50;

/**
 * Counts what providers make us suppress, and raises an alarm once an hour where it is a flood. Costs
 * the commit one check, and one more in a flood.
 */
export async function countSuppressed(app: App, tx: Tx): Promise<void> {
  const now = app.clock.now();
  const before = (await tx.get(keys.suppressedLately))?.at ?? [];
  const lately = before.filter((at) => at > now - HOUR_MS && at <= now);
  tx.set(keys.suppressedLately, { at: [...lately.slice(-MOST_AN_HOUR), now] });
  if (lately.length < MOST_AN_HOUR) return;
  const id = await idOf(`many_suppressed ${Math.floor(now / HOUR_MS)}`);
  if (await tx.get(keys.job(id)) !== null) return;
  await tellAdmins(app, tx, {
    id,
    title: "Many addresses were suppressed",
    text:
      `More than ${MOST_AN_HOUR} within an hour, by bounces and complaints. Somebody mails a bad list, or the events are forged.`,
    href: "/admin/suppressions",
  });
  tx.afterCommit(() => app.log.error("many_suppressed", { anHour: MOST_AN_HOUR }));
}
