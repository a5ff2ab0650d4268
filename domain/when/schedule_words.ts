import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { formatWall, parseDay, parseWall, partsOf, type Wall } from "./wall.ts";

/** From Monday, as ISO counts. */
export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const NTH = ["first", "second", "third", "fourth", "fifth"];

/** A schedule in a sentence without its full stop: "Every 2 weeks on Mon and Wed at 10:00 until 24 Dec 2026". */
export function describe({ start, rule }: Schedule): string {
  const wall = parseWall(start)!;
  if (!rule) return `Once, ${dayAndTime(wall)}`;
  const sentence = describeRule(rule, wall);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The same for a rule alone, beginning small. */
export function describeRule(rule: Rule, start: Wall): string {
  const { unit, every, until } = rule;
  const end = until === null ? "" : ` until ${dayOfMonth(parseDay(until)!, { year: true })}`;
  if (unit === "minute" || unit === "hour") {
    return `every ${amount(every, unit, "")} from ${dayAndTime(start)}${end}`;
  }
  return `${daysOf(rule, start)} at ${clock(start)}${end}`;
}

/** On which days: "every weekday", "on the last day of each month". */
export function daysOf(rule: Rule, start: Wall): string {
  const { weekday, month, day } = partsOf(start);
  const often = `every ${amount(rule.every, rule.unit, "")}`;
  if (rule.unit === "minute" || rule.unit === "hour" || rule.unit === "day") return often;
  if (rule.unit === "week") {
    const days = rule.weekdays ?? [weekday];
    if (rule.every > 1) return `${often} on ${listed(days.map(short))}`;
    const some = days.join();
    if (some === "1,2,3,4,5") return "every weekday";
    if (some === "6,7") return "every Saturday and Sunday";
    if (some === "1,2,3,4,5,6,7") return "every day";
    return days.length === 1
      ? `every ${WEEKDAYS[days[0]! - 1]}`
      : `every ${listed(days.map(short))}`;
  }
  const which = rule.nth
    ? `${rule.nth.week === -1 ? "last" : NTH[rule.nth.week - 1]} ${WEEKDAYS[rule.nth.weekday - 1]}`
    : rule.monthDay === -1
    ? "last day"
    : null;
  if (rule.unit === "year") {
    const date = which
      ? `the ${which} of ${MONTHS[month - 1]}`
      : `${rule.monthDay ?? day} ${MONTHS[month - 1]!.slice(0, 3)}`;
    return `${often} on ${date}`;
  }
  if (which) return rule.every === 1 ? `on the ${which} of each month` : `${often} on the ${which}`;
  return `${often} on the ${ordinal(rule.monthDay ?? day)}`;
}

/** "Mon 23 Nov 2026" with its year, "Mon 23 Nov" without. */
export function dayWords(wall: Wall, { year = true } = {}): string {
  return `${short(partsOf(wall).weekday)} ${dayOfMonth(wall, { year })}`;
}

/** "Mon 23 Nov 2026 at 10:30" */
export function dayAndTime(wall: Wall): string {
  return `${dayWords(wall)} at ${clock(wall)}`;
}

/** "10:30", as clocks without seconds show it. */
export function clock(wall: Wall): string {
  return formatWall(wall).slice(11, 16);
}

/** "1 minute", "5 minutes"; the word for one may be another or none: "minute". */
export function amount(n: number, unit: string, one = "1"): string {
  return n === 1 ? `${one} ${unit}`.trim() : `${n} ${unit}s`;
}

/** "1st", "22nd", "13th" */
export function ordinal(n: number): string {
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n}${ending}`;
}

export function nthWord(week: number): string {
  return week === -1 ? "last" : NTH[week - 1]!;
}

function dayOfMonth(wall: Wall, { year }: { year: boolean }): string {
  const parts = partsOf(wall);
  return `${parts.day} ${MONTHS[parts.month - 1]!.slice(0, 3)}${year ? ` ${parts.year}` : ""}`;
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function short(weekday: number): string {
  return WEEKDAYS[weekday - 1]!.slice(0, 3);
}
