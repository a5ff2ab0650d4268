import { MONTHS, WEEKDAYS } from "./schedule_words.ts";
import type { Tokens } from "./when_tokens.ts";

const months = new Map([["sept", 9]]);
for (const [i, name] of MONTHS.entries()) {
  months.set(name.toLowerCase(), i + 1).set(name.slice(0, 3).toLowerCase(), i + 1);
}
const weekdays = new Map([["tues", 2], ["weds", 3], ["thur", 4], ["thurs", 4]]);
const plurals = new Map<string, number>();
for (const [i, name] of WEEKDAYS.entries()) {
  weekdays.set(name.toLowerCase(), i + 1).set(name.slice(0, 3).toLowerCase(), i + 1);
  plurals.set(`${name.toLowerCase()}s`, i + 1);
}

/** The number of a weekday's name, its short form or its plural. */
export function weekdayAt(tokens: Tokens, i: number): { weekday: number; plural: boolean } | null {
  const text = tokens[i]?.text ?? "";
  const plural = plurals.get(text);
  const weekday = plural ?? weekdays.get(text);
  return weekday === undefined ? null : { weekday, plural: plural !== undefined };
}

/** 1–12 for a month's name or its first three letters. */
export function monthAt(tokens: Tokens, i: number): number | null {
  return months.get(tokens[i]?.text ?? "") ?? null;
}
