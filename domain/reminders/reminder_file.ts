import { z } from "zod";
import type { Reminder, Schedule } from "../../kv/schema.ts";
import { iso } from "./reminder_views.ts";

/** A moment as in ISO 8601, to ms since 1970. */
const Moment = z.string().max(40).transform((text) => Date.parse(text)).pipe(z.int());
const Rule = z.object({
  every: z.int(),
  unit: z.enum(["minute", "hour", "day", "week", "month", "year"]),
  weekdays: z.array(z.int()).max(7).optional(),
  monthDay: z.int().optional(),
  nth: z.object({
    week: z.literal([1, 2, 3, 4, 5, -1]),
    weekday: z.int(),
  }).optional(),
  until: z.string().max(10).nullable().default(null),
});

/** A reminder as it stands in a file. Only its shape is known to be right. */
export const ReminderFile = z.object({
  id: z.string().min(1).max(100),
  noteId: z.string().max(100).nullable().default(null),
  title: z.string().max(1_000),
  text: z.string().max(20_000).default(""),
  schedule: z.object({
    zone: z.string().max(64),
    start: z.string().max(19),
    startAt: Moment,
    rule: Rule.nullable().default(null),
  }),
  channels: z.object({
    page: z.boolean(),
    telegram: z.boolean(),
    mail: z.array(z.string().max(320)).max(100),
  }),
  missed: z.enum(["once", "skip", "all"]).default("once"),
  state: z.enum(["active", "over", "cancelled"]).default("active"),
  createdAt: Moment.optional(),
  updatedAt: Moment.optional(),
});
export type ReminderInFile = z.output<typeof ReminderFile>;

/** A reminder for a file, as `ReminderFile` reads it. */
export function reminderInFile(reminder: Reminder): z.input<typeof ReminderFile> {
  const { id, noteId, title, text, schedule, channels, missed, state } = reminder;
  return {
    id,
    noteId,
    title,
    text,
    schedule: scheduleInFile(schedule),
    channels,
    missed,
    state,
    createdAt: iso(reminder.createdAt),
    updatedAt: iso(reminder.updatedAt),
  };
}

function scheduleInFile({ zone, start, startAt, rule }: Schedule) {
  return { zone, start, startAt: iso(startAt), rule };
}
