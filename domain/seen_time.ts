import { z } from "zod";
import type { Schedule } from "../kv/schema.ts";
import type { AskedTime } from "./asked_time.ts";

const weekday = z.int().min(1).max(7);
/** As a browser sends it back; whether it may be used tells `checkSchedule`. */
const Seen = z.object({
  of: z.string(),
  schedule: z.object({
    zone: z.string(),
    start: z.string(),
    startAt: z.int(),
    rule: z.object({
      every: z.int(),
      unit: z.enum(["minute", "hour", "day", "week", "month", "year"]),
      weekdays: z.array(weekday).optional(),
      monthDay: z.int().optional(),
      nth: z.object({
        week: z.union([1, 2, 3, 4, 5, -1].map((n) => z.literal(n as 1 | 2 | 3 | 4 | 5 | -1))),
        weekday,
      }).optional(),
      until: z.string().nullable(),
    }).nullable(),
  }),
});

/** What a form sends back to say that its sender saw this schedule for what is asked. */
export function seenOf(asked: AskedTime, schedule: Schedule): string {
  return JSON.stringify({ of: nameOf(asked), schedule });
}

/** The schedule that was seen for exactly this; null when it was another one, or none. */
export function scheduleSeen(seen: string, asked: AskedTime): Schedule | null {
  const parsed = Seen.safeParse(parsedJson(seen));
  return parsed.success && parsed.data.of === nameOf(asked) ? parsed.data.schedule : null;
}

const nameOf = ({ words, date, time, repeat, until, zone }: AskedTime) =>
  [words.trim(), date, time, repeat, until, zone].join("|");

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
