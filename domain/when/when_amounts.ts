import { digitsAt, isGlued, isSign, isWord, numberAt, past, type Tokens } from "./when_tokens.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./wall.ts";

/** A length of time in words: elapsed, and by the calendar. */
export interface Amount {
  ms: number;
  days: number;
  months: number;
}

const MAX_TERMS = 4;
const UNITS: Record<string, Partial<Amount>> = {};
for (
  const [words, amount] of [
    ["s sec secs second seconds", { ms: SECOND_MS }],
    ["m min mins minute minutes", { ms: MINUTE_MS }],
    ["h hr hrs hour hours", { ms: HOUR_MS }],
    ["d day days", { days: 1 }],
    ["w wk wks week weeks", { days: 7 }],
    ["fortnight fortnights", { days: 14 }],
    ["mo month months", { months: 1 }],
    ["y yr yrs year years", { months: 12 }],
  ] as const
) {
  for (const word of words.split(" ")) UNITS[word] = amount;
}

export function isUnit(tokens: Tokens, i: number): boolean {
  return unitAt(tokens, i) !== null;
}

function unitAt(tokens: Tokens, i: number): Partial<Amount> | null {
  const text = tokens[i]?.text ?? "";
  return Object.hasOwn(UNITS, text) ? UNITS[text]! : null;
}

/** "20 min", "an hour", "1h30", "2 days and 3 hours", "half an hour", "1.5 h". */
export function readAmount(tokens: Tokens, i: number): { amount: Amount; to: number } | null {
  const sum: Amount = { ms: 0, days: 0, months: 0 };
  let to = i;
  for (let terms = 0; terms < MAX_TERMS; terms++) {
    const term = readTerm(tokens, terms === 0 ? i : past(tokens, to, "and"));
    if (!term) break;
    add(sum, term.unit, term.n);
    to = term.to;
    const minutes = digitsAt(tokens, to, 2);
    if (term.unit.ms === HOUR_MS && minutes !== null && isGlued(tokens, to)) {
      add(sum, { ms: MINUTE_MS }, minutes); // 1h30
      to += 1;
    }
    if (
      isWord(tokens, to, "and") && isWord(tokens, to + 1, "a") && isWord(tokens, to + 2, "half")
    ) {
      if (!term.unit.ms) break;
      add(sum, term.unit, 0.5); // an hour and a half
      to += 3;
    }
  }
  return to === i ? null : { amount: sum, to };
}

function add(sum: Amount, unit: Partial<Amount>, n: number): void {
  sum.ms += (unit.ms ?? 0) * n;
  sum.days += (unit.days ?? 0) * n;
  sum.months += (unit.months ?? 0) * n;
}

function readTerm(
  tokens: Tokens,
  i: number,
): { n: number; unit: Partial<Amount>; to: number } | null {
  let n = numberAt(tokens, i);
  let j = i + 1;
  if (isWord(tokens, i, "a", "an")) n = 1;
  if (isWord(tokens, i, "half") && isWord(tokens, i + 1, "a", "an")) [n, j] = [0.5, i + 2];
  if (n === null) return null;
  const tenths = digitsAt(tokens, j + 1, 2);
  const point = isSign(tokens, j, ".", ",") && isGlued(tokens, j) && isGlued(tokens, j + 1);
  if (point && tenths !== null) {
    n += tenths / 10 ** tokens[j + 1]!.text.length;
    j += 2;
  }
  const unit = unitAt(tokens, j);
  if (!unit || !Number.isInteger(n) && !unit.ms) return null;
  return { n, unit, to: j + 1 };
}

/** The whole of it in ms, a month taken as 30 days: to tell what is far too long. */
export function roughMs({ ms, days, months }: Amount): number {
  return ms + (days + months * 30) * DAY_MS;
}
