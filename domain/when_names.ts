import { MONTHS, WEEKDAYS } from "./schedule_words.ts";
import type { Tokens } from "./when_tokens.ts";

const SHORT_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const OTHER_WEEKDAYS = new Map([["tues", 2], ["thur", 4], ["thurs", 4]]);
/** The number of a weekday's name, its short form or its plural. */
export function weekdayAt(tokens: Tokens, i: number): { weekday: number; plural: boolean } | null {
  const token = tokens[i];
  if (token?.kind !== "word") return null;
  const { text } = token;
  const long = WEEKDAYS.findIndex((name) => text.startsWith(name.toLowerCase())) + 1;
  const rest = long > 0 ? text.slice(WEEKDAYS[long - 1]!.length) : null;
  if (rest === "" || rest === "s") return { weekday: long, plural: rest === "s" };
  const short = SHORT_WEEKDAYS.indexOf(text) + 1 || OTHER_WEEKDAYS.get(text) || 0;
  return short > 0 ? { weekday: short, plural: false } : null;
}

/** 1–12 for a month's name or its first three letters. */
export function monthAt(tokens: Tokens, i: number): number | null {
  const token = tokens[i];
  if (token?.kind !== "word" || token.text.length < 3) return null;
  const month = MONTHS.findIndex((name) => {
    return token.text === name.toLowerCase() || token.text === name.slice(0, 3).toLowerCase();
  }) + 1;
  return month || (token.text === "sept" ? 9 : null);
}
