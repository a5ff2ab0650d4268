import { Cron } from "croner";
import type { Rule } from "../../kv/reminder_schema.ts";
import {
  DAY_MS,
  dayOf,
  daysInMonth,
  instantOf,
  offsetAt,
  partsOf,
  SECOND_MS,
  type Wall,
  wallOf,
} from "./wall.ts";

/** The next wall time strictly after another, or null if none comes. */
export type Calendar = (after: Wall) => Wall | null;

/** No search goes on behind this: a rule every 999 years ends here. */
const END = Date.UTC(2200, 0, 1);
const WEEK_MS = 7 * DAY_MS;
/** 1970 began on a Thursday; weeks begin on Monday (RFC 5545, WKST). */
const FIRST_MONDAY = 4 * DAY_MS;

/**
 * The wall times of a rule by day, week, month or year at the start's time of day, from the start
 * on: croner finds the days, those between the intervals are passed over.
 */
export function calendarOf(rule: Rule, start: Wall): Calendar {
  const second = partsOf(start).second * SECOND_MS;
  const crons = patternsOf(rule, start).map(cronOf);
  const until = rule.until === null ? END : Date.parse(rule.until) + DAY_MS;
  const next: Calendar = (after) => {
    const found = crons.map((cron) => cron(after - second)).filter((wall) => wall !== null);
    return found.length > 0 ? Math.min(...found) + second : null;
  };
  return (after) => {
    let wall = next(Math.max(after, start - 1));
    while (wall !== null && wall < until) {
      const turn = turnOf(rule, start, wall);
      if (turn.now) return wall;
      wall = next(turn.from - 1);
    }
    return null;
  };
}

/** croner as a calendar of plain times: it is told that all is UTC, and so never meets a clock change. */
export function cronOf(pattern: string): Calendar {
  const cron = new Cron(pattern, { timezone: "UTC", mode: "5-part", paused: true });
  return (after) => cron.nextRun(new Date(after))?.getTime() ?? null;
}

/** The patterns of which any may match; intervals are not in them. */
function patternsOf(rule: Rule, start: Wall): string[] {
  const { hour, minute, weekday, day, month } = partsOf(start);
  const time = `${minute} ${hour}`;
  if (rule.unit === "day") return [`${time} * * *`];
  if (rule.unit === "week") return [`${time} * * ${(rule.weekdays ?? [weekday]).join()}`];
  const months = rule.unit === "year" ? String(month) : "*";
  if (rule.nth) {
    const { week, weekday } = rule.nth;
    return [`${time} * ${months} ${weekday}#${week === -1 ? "L" : week}`];
  }
  const monthDay = rule.monthDay ?? day;
  if (monthDay === -1 || monthDay === 31) return [`${time} L ${months} *`];
  const patterns = [`${time} ${monthDay} ${months} *`];
  if (monthDay > 28 && rule.unit === "month") patterns.push(`${time} L 2 *`);
  if (monthDay > 28 && months === "2") return [`${time} L 2 *`];
  return patterns;
}

/** Whether a wall time is in a day, week, month or year in which it comes, and else where the next begins. */
function turnOf({ every, unit }: Rule, start: Wall, wall: Wall): { now: boolean; from: Wall } {
  if (unit === "day" || unit === "week") {
    const length = unit === "day" ? DAY_MS : WEEK_MS;
    const origin = unit === "day" ? dayOf(start) : mondayOf(start);
    const past = Math.floor((wall - origin) / length);
    return { now: past % every === 0, from: origin + Math.ceil(past / every) * every * length };
  }
  const [a, b] = [partsOf(start), partsOf(wall)];
  const months = unit === "month" ? every : every * 12;
  const past = (b.year - a.year) * 12 + b.month - a.month;
  const to = Math.ceil(past / months) * months;
  return { now: past % months === 0, from: Date.UTC(a.year, a.month - 1 + to, 1) };
}

/** Midnight of the Monday of its week. */
export function mondayOf(wall: Wall): Wall {
  return Math.floor((wall - FIRST_MONDAY) / WEEK_MS) * WEEK_MS + FIRST_MONDAY;
}

/**
 * The first instant strictly after `after` at which one of the calendar's times comes, ms. Where
 * clocks jump ahead a time that is left out comes by so much later; where it falls upon another the
 * two are one. The times are an hour or more apart, and jumps of over an hour are of whole hours
 * (all since 2000 are), so none that is moved gets ahead of another.
 */
export function nextInstant(calendar: Calendar, zone: string, after: number): number | null {
  // what the last day's jump left out may be still to come: no jump is longer than a day (Samoa, 2011)
  const jump = Math.max(0, offsetAt(after, zone) - offsetAt(after - DAY_MS, zone));
  for (let wall = calendar(wallOf(after, zone) - jump); wall !== null; wall = calendar(wall)) {
    const at = instantOf(wall, zone);
    if (at > after) return at;
  }
  return null;
}

/** The day of the month that a rule asks for in shorter months too: 29, 30 or 31, or null. */
export function longMonthDay(rule: Rule, start: Wall): number | null {
  if (rule.unit !== "month" && rule.unit !== "year" || rule.nth) return null;
  const { day, month } = partsOf(start);
  const monthDay = rule.monthDay ?? day;
  const shortest = rule.unit === "month" ? 28 : daysInMonth(2027, month); // 2027: a common year
  return monthDay > shortest ? monthDay : null;
}
