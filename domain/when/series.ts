import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { calendarOf, nextInstant } from "./calendar.ts";
import { DAY_MS, formatWall, HOUR_MS, instantOf, MINUTE_MS, parseWall, wallOf } from "./wall.ts";

export interface Occurrence {
  /** ms */
  at: number;
  /** What clocks in the schedule's zone show then, "2026-11-23T10:30:00". */
  wall: string;
}

/** How long a unit is at most, ms, to look back by. */
const LONGEST_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 31 * DAY_MS, year: 366 * DAY_MS };
const MAX_COUNT = 1_000;

/** The first occurrence strictly after an instant; null when none is left. */
export function nextAfter(schedule: Schedule, after: number): Occurrence | null {
  return occurrence(schedule, seriesOf(schedule).next(after));
}

/** The next `n` occurrences strictly after an instant, or as many as are left. */
export function upcoming(schedule: Schedule, after: number, n: number): Occurrence[] {
  const series = seriesOf(schedule);
  const found: Occurrence[] = [];
  let at = series.next(after);
  while (at !== null && found.length < n) {
    found.push(occurrence(schedule, at)!);
    at = series.next(at);
  }
  return found;
}

/** The last occurrence not after an instant; null before the first. */
export function latestBy(schedule: Schedule, now: number): Occurrence | null {
  return occurrence(schedule, seriesOf(schedule).latest(now));
}

/** How many occurrences lie in (after, until], at most `cap`. */
export function countBetween(
  schedule: Schedule,
  after: number,
  until: number,
  cap = MAX_COUNT,
): number {
  return seriesOf(schedule).count(after, until, cap);
}

function occurrence({ zone }: Schedule, at: number | null): Occurrence | null {
  return at === null ? null : { at, wall: formatWall(wallOf(at, zone)) };
}

interface Series {
  next(after: number): number | null;
  latest(now: number): number | null;
  count(after: number, until: number, cap: number): number;
}

function seriesOf(schedule: Schedule): Series {
  const { rule, startAt } = schedule;
  if (rule === null) return stepping(startAt, Infinity, startAt);
  const step = stepMs(rule);
  return step === null ? byCalendar(schedule, rule) : stepping(startAt, step, endOf(schedule));
}

/** The length of a unit that is a duration and not a matter of the calendar, times `every`. */
export function stepMs({ every, unit }: Rule): number | null {
  return unit === "minute" ? every * MINUTE_MS : unit === "hour" ? every * HOUR_MS : null;
}

/** The last instant at which the schedule may come. */
function endOf({ rule, zone }: Schedule): number {
  const day = rule?.until ? parseWall(`${rule.until}T00:00`) : null;
  return day === null ? Infinity : instantOf(day + DAY_MS, zone) - 1;
}

/** Equal steps of elapsed time: all is arithmetic. */
function stepping(startAt: number, step: number, end: number): Series {
  /** The number of the last one not after an instant, -1 before the first. */
  const numberAt = (at: number) => at < startAt ? -1 : step === Infinity ? 0 : floor(at, startAt);
  const floor = (at: number, from: number) => Math.floor((Math.min(at, end) - from) / step);
  const atNumber = (n: number) => n === 0 ? startAt : startAt + n * step;
  return {
    next(after) {
      const at = atNumber(numberAt(after) + 1);
      return at <= end && at > after ? at : null;
    },
    latest(now) {
      const n = numberAt(Math.min(now, Math.max(end, startAt)));
      return n < 0 ? null : atNumber(n);
    },
    count(after, until, cap) {
      return Math.min(cap, Math.max(0, numberAt(until) - numberAt(after)));
    },
  };
}

function byCalendar(schedule: Schedule, rule: Rule): Series {
  const { zone, startAt } = schedule;
  const calendar = calendarOf(rule, parseWall(schedule.start)!);
  // the start itself is `startAt`, which may be the second of two
  const next = (after: number) => after < startAt ? startAt : nextInstant(calendar, zone, after);
  return {
    next,
    latest(now) {
      if (now < startAt) return null;
      // one that clocks left out may come on the day behind the last
      const end = Math.max(startAt, Math.min(now, endOf(schedule) + DAY_MS));
      let back = 2 * rule.every * LONGEST_MS[rule.unit as keyof typeof LONGEST_MS];
      let at = next(end - back);
      while (at === null || at > end) at = next(end - (back *= 2)); // ends at the start at the latest
      for (let later = next(at); later !== null && later <= end; later = next(later)) at = later;
      return at;
    },
    count(after, until, cap) {
      let n = 0;
      for (let at = next(after); at !== null && at <= until && n < cap; at = next(at)) n++;
      return n;
    },
  };
}
