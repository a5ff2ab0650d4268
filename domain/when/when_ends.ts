import { type Amount, readAmount } from "./when_amounts.ts";
import { readDate } from "./when_dates.ts";
import type { DateWords } from "./when_days.ts";
import { isWord, numberAt, past, type Tokens } from "./when_tokens.ts";
import type { Wall } from "./wall.ts";

/** When a rule ends. */
export type End = { date: DateWords } | { amount: Amount } | { times: number };

/** "until 24 dec", "for 3 weeks", "for 5 times", "5 times". */
export function readEnd(tokens: Tokens, i: number, today: Wall): { end: End; to: number } | null {
  if (isWord(tokens, i, "until", "till", "til", "through")) {
    const match = readDate(tokens, past(tokens, i + 1, "the"), today);
    return match && { end: { date: match.date }, to: match.to };
  }
  const j = past(tokens, i, "for");
  const times = numberAt(tokens, j);
  if (times !== null && isWord(tokens, j + 1, "times")) return { end: { times }, to: j + 2 };
  const match = j > i ? readAmount(tokens, j) : null;
  return match && match.amount.ms === 0 ? { end: { amount: match.amount }, to: match.to } : null;
}
