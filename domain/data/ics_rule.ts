import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { icsInstant, WEEKDAYS } from "./ics.ts";
import { stepMs } from "../when/series.ts";
import { DAY_MS, instantOf, parseDay, parseWall, partsOf } from "../when/wall.ts";

/**
 * A rule as RRULE (RFC 5545 §3.3.10), for a start as `startsInUtc` says. "The 30th, or the last day of
 * shorter months" is the last of those of 28, 29 and 30 that there are.
 */
export function rruleOf({ rule, start, zone }: Schedule): string | null {
  if (rule === null) return null;
  const { every, until } = rule;
  const parts = [`FREQ=${FREQUENCY[rule.unit]}`];
  if (every > 1) parts.push(`INTERVAL=${every}`);
  const last = until === null ? null : parseDay(until);
  if (last !== null) parts.push(`UNTIL=${icsInstant(instantOf(last + DAY_MS, zone) - 1_000)}`);
  if (rule.unit === "week") parts.push("WKST=MO");
  return [...parts, ...daysOf(rule, parseWall(start)!)].join(";");
}

/** Minutes and hours are lengths of time, which clocks that change would bend: they begin in UTC. */
export function startsInUtc({ rule }: Pick<Schedule, "rule">): boolean {
  return rule !== null && stepMs(rule) !== null;
}

const FREQUENCY: Record<Rule["unit"], string> = {
  minute: "MINUTELY",
  hour: "HOURLY",
  day: "DAILY",
  week: "WEEKLY",
  month: "MONTHLY",
  year: "YEARLY",
};

function daysOf(rule: Rule, start: number): string[] {
  const { unit, weekdays, nth } = rule;
  const { day, month, weekday } = partsOf(start);
  const name = (iso: number) => WEEKDAYS[iso - 1]!;
  if (unit === "week") return [`BYDAY=${(weekdays ?? [weekday]).map(name).join()}`];
  if (unit !== "month" && unit !== "year") return [];
  const months = unit === "year" ? [`BYMONTH=${month}`] : [];
  if (nth) return [...months, `BYDAY=${nth.week}${name(nth.weekday)}`];
  const wanted = rule.monthDay ?? day;
  const longest = wanted === 31 || unit === "year" && month === 2 && wanted > 28;
  if (wanted === -1 || longest) return [...months, "BYMONTHDAY=-1"];
  if (wanted <= 28 || unit === "year") return [...months, `BYMONTHDAY=${wanted}`];
  const days = [28, 29, 30].filter((one) => one <= wanted);
  return [...months, `BYMONTHDAY=${days.join()}`, "BYSETPOS=-1"];
}
