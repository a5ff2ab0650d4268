import { AppError } from "../../core/errors.ts";
import type { Rule, Schedule } from "../../kv/schema.ts";
import type { AskedTime } from "./asked_time.ts";
import { calendarOf } from "./calendar.ts";
import { scheduleAt } from "./repeat.ts";
import { ruleOfRepeat } from "./repeat_menu.ts";
import {
  DAY_MS,
  dayOf,
  formatDay,
  formatWall,
  parseDay,
  parseWall,
  type Wall,
  wallOf,
} from "./wall.ts";

const MORNING = "09:00";

/**
 * The schedule of a form's fields, which `base` fills up: what the words beside them say, or what the
 * form changes. It starts with the first time of its rule that is ahead.
 *
 * @throws {AppError} `invalid`. Whether it may be used tells `checkSchedule`.
 */
export function scheduleOfFields(
  { date, time, repeat, until, zone }: AskedTime,
  { base, now }: { base: Schedule | null; now: number },
): Schedule {
  const today = wallOf(now, zone);
  const clock = time || base?.start.slice(11) || MORNING;
  const soon = soonest(clock, today);
  const said = base?.start.slice(0, 10) ?? soon;
  const again = repeat === "" || repeat === "keep";
  const goesOn = again && base !== null && base.rule !== null;
  const day = date || (!goesOn && said < soon ? soon : said);
  const start = parseWall(`${day}T${clock}`);
  if (start === null) throw refuse(`Cannot remind on ${day} at ${clock}: there is no such time`);
  const rule = again ? base?.rule ?? null : ruleOfRepeat(repeat, start);
  if (until === "") return begun(zone, start, { rule, today });
  if (rule === null) throw refuse("Cannot end what does not repeat: choose how it repeats");
  if (parseDay(until) === null) throw refuse("Cannot end then: there is no such day");
  return begun(zone, start, { rule: { ...rule, until }, today });
}

/** The first day on which a time of day is ahead. */
function soonest(clock: string, today: Wall): string {
  const wall = parseWall(`${formatDay(dayOf(today))}T${clock}`);
  return formatDay(dayOf(wall !== null && wall <= today ? today + DAY_MS : today));
}

function begun(
  zone: string,
  start: Wall,
  { rule, today }: { rule: Rule | null; today: Wall },
): Schedule {
  const byDays = rule !== null && rule.unit !== "minute" && rule.unit !== "hour";
  const first = byDays ? calendarOf(rule, start)(Math.max(start - 1, today)) : start;
  return scheduleAt(zone, formatWall(first ?? start), rule);
}

function refuse(message: string): AppError {
  return new AppError("invalid", message, { field: "when" });
}
