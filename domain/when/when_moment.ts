import type { Schedule } from "../../kv/reminder_schema.ts";
import { instantOf, MINUTE_MS, type Wall } from "./wall.ts";

/** When and where words are said. */
export interface Moment {
  now: number;
  zone: string;
}

/** A schedule, what was filled in for it, and what else it may be. */
export interface Resolved {
  schedule: Schedule;
  assumed: string[];
  others: Schedule[];
}

/** Whether a wall time is far enough ahead to be meant. */
export function isAhead(wall: Wall, { now, zone }: Moment): boolean {
  return instantOf(wall, zone) >= now + MINUTE_MS / 2;
}
