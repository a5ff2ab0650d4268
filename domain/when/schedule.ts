import { AppError } from "../../core/errors.ts";
import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { calendarOf } from "./calendar.ts";
import { stepMs } from "./series.ts";
import { parseZone } from "../accounts/profile.ts";
import { amount, dayAndTime } from "./schedule_words.ts";
import {
  DAY_MS,
  formatWall,
  instantOf,
  MINUTE_MS,
  parseDay,
  parseWall,
  plusMonths,
  wallOf,
} from "./wall.ts";

/** A schedule is for what is to come; half a minute is for those who are slow to press the button. */
const SOONEST_MS = 30_000;
const FARTHEST_MONTHS = 120;
const MAX_EVERY = 999;
/** What mail and Telegram are spared (and the shortest that the page allows is a minute). */
export const SHORTEST_SENT_MS = 5 * MINUTE_MS;
export const SHORTEST_SHOWN_MS = MINUTE_MS;

/**
 * A schedule from a wall time, "2026-11-23T10:30" or with seconds. Of a time that comes twice it
 * takes the first, one that is left out comes later by the gap (RFC 5545 §3.3.5).
 *
 * @throws {AppError} `invalid` of "zone" or "when". Whether it may be used tells `checkSchedule`.
 */
export function scheduleAt(zone: string, wall: string, rule: Rule | null = null): Schedule {
  const known = parseZone(zone);
  const start = parseWall(wall);
  if (start === null) throw refuse(`Cannot remind at ${wall.slice(0, 40)}: there is no such time`);
  return { zone: known, start: formatWall(start), startAt: instantOf(start, known), rule };
}

/** The same from an instant, ms, which wins where a wall time comes twice. Parts of seconds are dropped. */
export function scheduleAtInstant(zone: string, at: number, rule: Rule | null = null): Schedule {
  const known = parseZone(zone);
  const startAt = Math.floor(at / 1_000) * 1_000;
  return { zone: known, start: formatWall(wallOf(startAt, known)), startAt, rule };
}

/**
 * Whether a schedule is sound, ahead and not too frequent.
 *
 * @throws {AppError} `invalid` of "when", with what to say instead.
 */
export function checkSchedule(
  schedule: Schedule,
  { now, shortestMs }: { now: number; shortestMs: number },
): void {
  const start = parseWall(schedule.start);
  parseZone(schedule.zone);
  if (start === null) throw refuse("Cannot remind then: there is no such time");
  const shown = dayAndTime(start);
  if (!(schedule.startAt >= now)) {
    throw refuse(`Cannot remind on ${shown}: it is past; say ${instead(schedule, start, now)}`);
  }
  if (schedule.startAt < now + SOONEST_MS) {
    throw refuse("Cannot remind so soon: it is less than a minute ahead; say in 1 min");
  }
  if (start > plusMonths(wallOf(now, schedule.zone), FARTHEST_MONTHS)) {
    throw refuse(`Cannot remind on ${shown}: it is more than 10 years ahead`);
  }
  if (schedule.rule) checkRule(schedule.rule, start, shortestMs);
}

/** The same time of day on the next day on which it is ahead. */
function instead({ zone }: Schedule, start: number, now: number): string {
  const today = wallOf(now, zone);
  const time = formatWall(start).slice(11, 16);
  return start % DAY_MS > today % DAY_MS + 2 * MINUTE_MS ? `today ${time}` : `tomorrow ${time}`;
}

/** Whether a rule means something and its start is one of its times. @throws {AppError} `invalid` of "when". */
export function checkRule(rule: Rule, start: number, shortestMs: number): void {
  const { every, unit, weekdays, monthDay, nth, until } = rule;
  if (!Number.isInteger(every) || every < 1 || every > MAX_EVERY) {
    throw refuse(`Cannot repeat so: say a whole number of ${unit}s from 1 to ${MAX_EVERY}`);
  }
  const step = stepMs(rule);
  if (step !== null && step < shortestMs) {
    const least = amount(Math.ceil(shortestMs / MINUTE_MS), "minute");
    const where = shortestMs === SHORTEST_SENT_MS ? " by mail and Telegram" : "";
    throw refuse(`Cannot repeat every ${amount(every, unit, "")}: at most every ${least}${where}`);
  }
  const byMonth = unit === "month" || unit === "year";
  if (weekdays && (unit !== "week" || !areWeekdays(weekdays))) {
    throw refuse("Cannot repeat so: weekdays are 1 to 7, each once, for weeks only");
  }
  if (monthDay !== undefined && (!byMonth || nth || !isMonthDay(monthDay))) {
    throw refuse("Cannot repeat so: a day of the month is 1 to 31 or the last, for months only");
  }
  if (nth && (!byMonth || ![1, 2, 3, 4, 5, -1].includes(nth.week) || !areWeekdays([nth.weekday]))) {
    throw refuse("Cannot repeat so: say the first to fifth or the last weekday, for months only");
  }
  if (until !== null) {
    const last = parseDay(until);
    if (last === null) throw refuse("Cannot end then: there is no such day");
    if (last + DAY_MS <= start) {
      throw refuse(`Cannot end before it begins: the first is on ${dayAndTime(start)}`);
    }
  }
  if (step === null && calendarOf(rule, start)(start - 1) !== start) {
    throw refuse(`Cannot begin on ${dayAndTime(start)}: it is not one of the rule's times`);
  }
}

function areWeekdays(days: number[]): boolean {
  return days.length > 0 &&
    days.every((day, i) => Number.isInteger(day) && day > (days[i - 1] ?? 0) && day <= 7);
}

function isMonthDay(day: number): boolean {
  return Number.isInteger(day) && (day === -1 || day >= 1 && day <= 31);
}

function refuse(message: string): AppError {
  return new AppError("invalid", message, { field: "when" });
}
