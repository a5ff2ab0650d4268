import type { Rule } from "../../kv/schema.ts";
import { describeRule, MONTHS, ordinal, WEEKDAYS } from "./schedule_words.ts";
import { daysInMonth, parseWall, partsOf, type Wall } from "./wall.ts";

/** The rules that a menu offers for a first day; words can say more. */
export const REPEATS = [
  "once",
  "daily",
  "weekdays",
  "weekly",
  "monthly",
  "first_day",
  "last_day",
  "nth_weekday",
  "yearly",
] as const;
export type Repeat = typeof REPEATS[number];

/** What a choice means for something that begins at a wall time. */
export function ruleOfRepeat(repeat: Repeat, start: Wall): Rule | null {
  const { day, weekday } = partsOf(start);
  const rule = (unit: Rule["unit"], more: Partial<Rule> = {}): Rule => {
    return { every: 1, unit, until: null, ...more };
  };
  switch (repeat) {
    case "once":
      return null;
    case "daily":
      return rule("day");
    case "weekdays":
      return rule("week", { weekdays: [1, 2, 3, 4, 5] });
    case "weekly":
      return rule("week", { weekdays: [weekday] });
    case "monthly":
      return rule("month", { monthDay: day });
    case "first_day":
      return rule("month", { monthDay: 1 });
    case "last_day":
      return rule("month", { monthDay: -1 });
    case "nth_weekday":
      return rule("month", { nth: { week: weekOf(start), weekday } });
    case "yearly":
      return rule("year");
  }
}

/** The choices as one reads them; of an unknown day in general words. */
export function repeatChoices(start: string | null): { value: Repeat; label: string }[] {
  const wall = start === null ? null : parseWall(start);
  return REPEATS.map((value) => ({
    value,
    label: wall === null ? GENERAL[value] : labelOf(value, wall),
  }));
}

const GENERAL: Record<Repeat, string> = {
  once: "Once",
  daily: "Every day",
  weekdays: "Monday to Friday",
  weekly: "Every week on that day",
  monthly: "Every month on that date",
  first_day: "First day of each month",
  last_day: "Last day of each month",
  nth_weekday: "Every month on that weekday",
  yearly: "Every year on that date",
};

function labelOf(value: Repeat, wall: Wall): string {
  const { day, month, weekday } = partsOf(wall);
  switch (value) {
    case "weekly":
      return `Every week on ${WEEKDAYS[weekday - 1]}`;
    case "monthly":
      return `Every month on the ${ordinal(day)}`;
    case "nth_weekday":
      return `Every month on the ${nth(weekOf(wall))} ${WEEKDAYS[weekday - 1]}`;
    case "yearly":
      return `Every year on ${day} ${MONTHS[month - 1]!.slice(0, 3)}`;
    default:
      return GENERAL[value];
  }
}

/** Which of its weekdays of the month a day is; the last seven days are the last ones. */
function weekOf(wall: Wall): 1 | 2 | 3 | 4 | -1 {
  const { year, month, day } = partsOf(wall);
  if (day > daysInMonth(year, month) - 7) return -1;
  return Math.ceil(day / 7) as 1 | 2 | 3 | 4;
}

const nth = (week: number) =>
  week === -1 ? "last" : ["first", "second", "third", "fourth"][week - 1];

/** A rule in words of its own, for the choice that keeps it. */
export function ruleWords(rule: Rule, start: string): string {
  const words = describeRule(rule, parseWall(start)!);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
