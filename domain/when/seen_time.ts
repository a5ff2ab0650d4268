import type { Schedule } from "../../kv/schema.ts";
import type { AskedTime } from "./asked_time.ts";

/** A schedule that was shown, and for what was asked. */
export interface SeenTime {
  of: string;
  schedule: Schedule;
}

/** What a form sends back to say that its sender saw this schedule for what is asked. */
export function seenOf(asked: AskedTime, schedule: Schedule): string {
  return JSON.stringify({ of: nameOf(asked), schedule } satisfies SeenTime);
}

/** Whether it was shown for exactly this. */
export function wasSeenFor({ of }: SeenTime, asked: AskedTime): boolean {
  return of === nameOf(asked);
}

const nameOf = ({ words, date, time, repeat, until, zone }: AskedTime) =>
  [words.trim(), date, time, repeat, until, zone].join("|");
