import type { Reminder } from "../../kv/schema.ts";
import { countBetween, latestBy } from "../when/repeat.ts";
import { MINUTE_MS } from "../when/wall.ts";

/** What is this much late does not ring any more where the missed are to be skipped, ms. */
const TOO_LATE_MS = 15 * MINUTE_MS;
/** Most missed ones that ring where all are to. */
const MOST_RUNG = 10;
/** What is counted of the missed; more are not told apart. */
const MOST_COUNTED = 1_000_000;

/** Which time is to ring instead of a late one, and for how many that were missed it stands. */
export interface Instead {
  /** Due times are ms; null when none is to ring. */
  dueAt: number | null;
  missed: number;
}

/**
 * What is to ring when the time that waits comes (late): itself, or by what its owner chose for the
 * missed the latest one, none, or the first of the latest ten.
 */
export function insteadOf(
  { schedule, missed }: Pick<Reminder, "schedule" | "missed">,
  dueAt: number,
  now: number,
): Instead {
  const latest = Math.max(dueAt, latestBy(schedule, now)?.at ?? dueAt);
  if (missed === "skip") return { dueAt: now - latest > TOO_LATE_MS ? null : latest, missed: 0 };
  let first = latest;
  for (let rung = 1; missed === "all" && rung < MOST_RUNG && first > dueAt; rung++) {
    first = Math.max(dueAt, latestBy(schedule, first - 1)?.at ?? dueAt);
  }
  return { dueAt: first, missed: countBetween(schedule, dueAt, first, MOST_COUNTED) };
}
