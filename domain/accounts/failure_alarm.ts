import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Tx } from "../../kv/transact.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

const HOUR_MS = 3_600_000;
/** The hours that an hour is held against. */
const HOURS = 24;
/** OWASP Credential Stuffing Prevention Cheat Sheet asks to watch the rate; ten times the median is no busy morning. */
const TIMES = 10;
/** Fewer in an hour are some people's forgotten passwords, also where none is usual. */
export const LEAST_ALARMING = 100;

/**
 * Counts a failed sign-in, and tells admins once an hour when there are ten times as many as in the
 * median hour of the day before. Costs the commit one check.
 */
export async function countFailure(app: App, tx: Tx): Promise<void> {
  const hour = Math.floor(app.clock.now() / HOUR_MS);
  const before = (await tx.get(keys.failuresLately))?.hours ?? {};
  const hours = Object.fromEntries(
    Object.entries(before).filter(([at]) => Number(at) >= hour - HOURS && Number(at) <= hour),
  );
  const count = (hours[hour] ?? 0) + 1;
  tx.set(keys.failuresLately, { hours: { ...hours, [hour]: count } });
  const others = Array.from({ length: HOURS }, (_, i) => hours[hour - 1 - i] ?? 0);
  if (count !== Math.max(LEAST_ALARMING, TIMES * median(others))) return;
  await tellAdmins(app, tx, {
    title: "Many sign-ins fail",
    text:
      `${count} within this hour, far more than usual: somebody tries passwords. Each account and each network is slowed down by itself; those who are tried hear of sign-ins from somewhere new.`,
    href: "/admin/audit?act=sign_in_failed",
  });
  tx.afterCommit(() => app.log.error("many_sign_ins_failed", { count }));
}

function median(counts: readonly number[]): number {
  return counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
}
