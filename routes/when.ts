import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { previewView } from "../domain/reminders/reminder_views.ts";
import { preview, scheduleAt } from "../domain/when/repeat.ts";
import { parseWhen } from "../domain/when/when.ts";
import type { Schedule } from "../kv/schema.ts";
import { createRouter, me } from "./router.ts";

const Rule = z.strictObject({
  every: z.int(),
  unit: z.enum(["minute", "hour", "day", "week", "month", "year"]),
  weekdays: z.array(z.int()).max(7).optional(),
  monthDay: z.int().optional(),
  nth: z.strictObject({
    week: z.union([1, 2, 3, 4, 5, -1].map((n) => z.literal(n as 1 | 2 | 3 | 4 | 5 | -1))),
    weekday: z.int(),
  }).optional(),
  until: z.string().max(10).nullable().default(null),
});
/** A schedule as programs and our own pages send it. */
export const Times = z.strictObject({
  zone: z.string(),
  start: z.string().max(40),
  startAt: z.int().optional(),
  rule: Rule.nullable().default(null),
});

/** When: in words, or as a schedule whose `startAt` may be left out. */
export const When = z.union([z.string(), Times]);

/**
 * The schedule that is meant, and what the words said beside it.
 *
 * @throws {AppError} `invalid` of "when" or "zone".
 */
export function scheduleOf(
  { clock }: Pick<App, "clock">,
  when: z.output<typeof When>,
  zone: string,
): { schedule: Schedule; rest: string } {
  if (typeof when !== "string") {
    const { startAt, rule } = when;
    const schedule = scheduleAt(when.zone, when.start, rule);
    return { schedule: startAt === undefined ? schedule : { ...schedule, startAt }, rest: "" };
  }
  const { schedule, rest, problem } = parseWhen(when, { now: clock.now(), zone });
  if (problem !== null) throw new AppError("invalid", problem, { field: "when" });
  if (schedule !== null) return { schedule, rest };
  throw new AppError("invalid", "Cannot find a time in these words: say one as in tomorrow 9", {
    field: "when",
  });
}

/** /api/when?text=&zone=: what words mean by the clocks of a zone, one's own if none is said. */
export const whenRoutes = (app: App) =>
  createRouter().get("/", (c) => {
    const { text = "", zone = me(c).zone } = c.req.query();
    const now = app.clock.now();
    const when = parseWhen(text, { now, zone });
    const { schedule } = when;
    return c.json({ ...when, preview: schedule && previewView(preview(schedule, now)) });
  });
