import type { Rule } from "../../kv/reminder_schema.ts";
import { readPart } from "./when_clock.ts";
import { readMonthDate } from "./when_dates.ts";
import type { DateWords, Strength } from "./when_days.ts";
import { weekdayAt } from "./when_names.ts";
import { readOfMonth, type RuleWords } from "./when_month_days.ts";
import { readDays } from "./when_weekdays.ts";
import { isWord, numberAt, ordinalAt, past, type Tokens } from "./when_tokens.ts";
import { partsOf, type Wall } from "./wall.ts";

export interface RuleMatch {
  rule: RuleWords;
  to: number;
  strength: Strength;
}

const UNITS: Record<string, Rule["unit"]> = {
  min: "minute",
  mins: "minute",
  minute: "minute",
  minutes: "minute",
  h: "hour",
  hour: "hour",
  hours: "hour",
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  month: "month",
  months: "month",
  year: "year",
  years: "year",
};
const ADVERBS: Record<string, RuleWords> = {
  hourly: { every: 1, unit: "hour" },
  daily: { every: 1, unit: "day" },
  nightly: { every: 1, unit: "day", part: "night" },
  weekly: { every: 1, unit: "week" },
  fortnightly: { every: 2, unit: "week" },
  biweekly: { every: 2, unit: "week" },
  monthly: { every: 1, unit: "month" },
  quarterly: { every: 3, unit: "month" },
  yearly: { every: 1, unit: "year" },
  annually: { every: 1, unit: "year" },
};
/** The rule that begins at a token. */
export function readRule(tokens: Tokens, i: number, today: Wall): RuleMatch | null {
  const on = past(tokens, i, "on");
  const text = tokens[on]?.text ?? "";
  if (Object.hasOwn(ADVERBS, text) && on === i) {
    const match = readTail(tokens, i + 1, ADVERBS[text]!, today);
    return { ...match, strength: match.to > i + 1 ? "sure" : "end" };
  }
  if (isWord(tokens, i, "every", "each")) return readEvery(tokens, i + 1, today);
  const plural = readDays(tokens, on);
  if (plural && (plural.plural || plural.weekdays.length > 1)) {
    const rule: RuleWords = { every: 1, unit: "week", weekdays: plural.weekdays };
    return { rule, to: plural.to, strength: !plural.plural ? "end" : on > i ? "sure" : "edge" };
  }
  const monthly = readOfMonth(tokens, past(tokens, on, "the"));
  const each = monthly?.of === "each";
  return each ? { rule: monthly.rule, to: monthly.to, strength: "sure" } : null;
}

/** What stands behind "every". */
function readEvery(tokens: Tokens, i: number, today: Wall): RuleMatch | null {
  const sure = (rule: RuleWords, to: number): RuleMatch => ({ rule, to, strength: "sure" });
  const monthly = readOfMonth(tokens, past(tokens, i, "the"));
  const second = isWord(tokens, i, "second") || ordinalAt(tokens, i)?.n === 2;
  if (monthly && !(second && monthly.rule.nth && monthly.of === null)) {
    return sure(monthly.rule, monthly.to);
  }
  const yearly = readMonthDate(tokens, i, today);
  if (yearly) return sure(yearlyOn(yearly.date), yearly.to);
  let every = numberAt(tokens, i) ?? 1;
  let j = numberAt(tokens, i) === null ? i : i + 1;
  if (isWord(tokens, i, "other")) [every, j] = [2, i + 1];
  const ordinal = ordinalAt(tokens, i);
  const counted = ordinal && ordinal.n > 1 &&
    (unitAt(tokens, ordinal.to) ?? weekdayAt(tokens, ordinal.to));
  if (counted) [every, j] = [ordinal.n, ordinal.to];
  if (isWord(tokens, j, "s", "sec", "secs", "second", "seconds")) {
    const problem = "Cannot repeat by the second: say every 5 min or more";
    return sure({ every, unit: "minute", problem }, j + 1);
  }
  if (isWord(tokens, j, "fortnight")) return sure({ every: 2 * every, unit: "week" }, j + 1);
  if (isWord(tokens, j, "quarter")) return sure({ every: 3 * every, unit: "month" }, j + 1);
  const unit = unitAt(tokens, j);
  if (unit) {
    const match = readTail(tokens, j + 1, { every, unit }, today);
    return sure(match.rule, match.to);
  }
  const part = every === 1 ? readPart(tokens, j) : null;
  if (part) return sure({ every, unit: "day", part: part.part }, part.to);
  const days = readDays(tokens, j);
  return days && sure({ every, unit: "week", weekdays: days.weekdays }, days.to);
}

/** "on mon and wed" of a week, "on the 15th" of a month, "on 24 dec" of a year. */
function readTail(
  tokens: Tokens,
  i: number,
  rule: RuleWords,
  today: Wall,
): { rule: RuleWords; to: number } {
  const none = { rule, to: i };
  if (!isWord(tokens, i, "on")) return none;
  const the = past(tokens, i + 1, "the");
  if (rule.unit === "week") {
    const days = readDays(tokens, the);
    return days ? { rule: { ...rule, weekdays: days.weekdays }, to: days.to } : none;
  }
  if (rule.unit === "month") {
    const monthly = readOfMonth(tokens, the);
    return monthly ? { rule: { ...monthly.rule, every: rule.every }, to: monthly.to } : none;
  }
  const date = rule.unit === "year" ? readMonthDate(tokens, the, today) : null;
  return date ? { rule: { ...yearlyOn(date.date), every: rule.every }, to: date.to } : none;
}

function yearlyOn({ days: [day], problem }: DateWords): RuleWords {
  const parts = day === undefined ? null : partsOf(day);
  return {
    every: 1,
    unit: "year",
    ...parts && { month: parts.month, monthDay: parts.day },
    ...problem !== undefined && { problem },
  };
}

function unitAt(tokens: Tokens, i: number): Rule["unit"] | null {
  const text = tokens[i]?.text ?? "";
  return Object.hasOwn(UNITS, text) ? UNITS[text]! : null;
}
