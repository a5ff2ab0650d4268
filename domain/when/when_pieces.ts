import { type Amount, readAmount } from "./when_amounts.ts";
import { type Clock, type ClockMatch, readClock, readPart, readSecondClock } from "./when_clock.ts";
import { readDate } from "./when_dates.ts";
import type { DateWords, Strength } from "./when_days.ts";
import { type End, readEnd } from "./when_ends.ts";
import type { RuleWords } from "./when_month_days.ts";
import { readRule } from "./when_rules.ts";
import { digitsAt, isGlued, isSign, isWord, past, type Tokens } from "./when_tokens.ts";
import { HOUR_MS, MINUTE_MS, type Wall } from "./wall.ts";

/** Tokens `from` up to `to` and what they mean. */
export type Piece =
  & { from: number; to: number; strength: Strength }
  & (
    | { kind: "time"; clock: Clock; second: Clock | null }
    /** With `offsetMs` the clock is so far ahead of UTC; the `first` is of a rule ("from monday"). */
    | {
      kind: "date";
      date: DateWords;
      clock: Clock | null;
      offsetMs: number | null;
      first: boolean;
    }
    | { kind: "rule"; rule: RuleWords }
    | { kind: "in"; amount: Amount }
    | { kind: "until"; end: End }
  );
export type PieceOf<Kind extends Piece["kind"]> = Extract<Piece, { kind: Kind }>;

/** Behind these a time is a limit or a part of something, and nothing to remind at. */
const LIMITS = ["until", "till", "til", "before", "after", "since", "from", "than", "about", "for"];
/** Before these "at 5" is a time also in the middle of a sentence. */
const GOES_ON = "about and because for if in on or re so that the to when with".split(" ");

/** All that is about time in a text, in order. Each token is looked at a bounded number of times. */
export function piecesOf(tokens: Tokens, today: Wall): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < tokens.length;) {
    const before = pieces.at(-1);
    const piece = begins(tokens, i) ? readPiece(tokens, i, { today, before }) : null;
    if (piece && ends(tokens, piece.to)) {
      if (!isRangeEnd(tokens, before, piece)) pieces.push(piece);
      i = piece.to;
    } else {
      i = isWord(tokens, i, ...LIMITS) ? pastLimit(tokens, i, today) : i + 1;
    }
  }
  return pieces;
}

/** Whether two pieces stand together, perhaps with a comma between them. */
export function areTogether(tokens: Tokens, before: Piece, to: number): boolean {
  return before.to === to || before.to === to - 1 && isSign(tokens, before.to, ",");
}

/** Whether a time is the second one in "9:00 - 10:00". */
function isRangeEnd(tokens: Tokens, before: Piece | undefined, { kind, from }: Piece): boolean {
  return kind === "time" && before?.kind === "time" && before.to === from - 1 &&
    isSign(tokens, before.to, "-", "–", "—");
}

/** The place behind "until 5 pm" and the like. */
function pastLimit(tokens: Tokens, i: number, today: Wall): number {
  const at = past(tokens, i + 1, "the");
  const date = readDate(tokens, at, today);
  const clock = readClock(tokens, date?.to ?? at, { afterDate: true });
  if (isWord(tokens, i, "for") && clock || isWord(tokens, i, "about") && !date && !clock?.sure) {
    return i + 1; // a table for tomorrow at 7, but slides for tomorrow
  }
  const to = clock?.to ?? date?.to ?? i + 1;
  const range = isWord(tokens, i, "from") && isWord(tokens, to, "to", "until", "till");
  return range ? readClock(tokens, to + 1, { afterDate: true })?.to ?? to : to;
}

function readPiece(
  tokens: Tokens,
  from: number,
  { today, before }: { today: Wall; before: Piece | undefined },
): Piece | null {
  const amount = readIn(tokens, from);
  if (amount) return { kind: "in", from, strength: "sure", ...amount };
  const rule = readRule(tokens, from, today);
  if (rule) return { kind: "rule", from, ...rule };
  const together = before && areTogether(tokens, before, from);
  const end = readEnd(tokens, from, today);
  if (end) return { kind: "until", from, strength: "edge", ...end };
  const dated = readDated(tokens, from, today);
  if (dated) return together && before.kind === "time" ? withPart(tokens, dated) : dated;
  const afterDate = together === true && ["date", "rule", "in"].includes(before!.kind) &&
    before!.to === from;
  const clock = afterDate && readRange(tokens, from) || readClock(tokens, from, { afterDate });
  if (!clock) return null;
  const second = readSecondClock(tokens, clock.to);
  const useSecond = second !== null && ends(tokens, second.to);
  const next = tokens[clock.to];
  const goesOn = next === undefined || next.kind === "sign" || GOES_ON.includes(next.text);
  const sure = clock.sure && tokens[from]!.kind !== "number" && (!clock.hourOnly || goesOn);
  return {
    kind: "time",
    from,
    to: useSecond ? second.to : clock.to,
    strength: sure && !clock.clock.problem ? "sure" : "edge",
    clock: clock.clock,
    second: useSecond ? second.clock : null,
  };
}

/** Behind a date: the beginning of "14:30-15:30" and "2-3pm", which takes all of it. */
function readRange(tokens: Tokens, from: number): ClockMatch | null {
  const begin = readClock(tokens, from, { afterDate: true });
  const dash = begin && isGlued(tokens, begin.to) && isSign(tokens, begin.to, "-", "–");
  if (!dash || !isGlued(tokens, begin.to + 1)) return null;
  const end = readClock(tokens, begin.to + 1, { afterDate: true });
  if (!end?.sure) return null;
  const { clock } = begin;
  if (!clock.vague || end.clock.vague) return { ...begin, to: end.to };
  const later = clock.ms + 12 * HOUR_MS; // 2-3pm begins after noon too, 11-1pm does not
  const ms = later < end.clock.ms ? later : clock.ms;
  return { ...begin, clock: { ...clock, ms, vague: false }, to: end.to };
}

/** "in 20 min", "2 hours from now". */
function readIn(tokens: Tokens, i: number): { amount: Amount; to: number } | null {
  const isIn = isWord(tokens, i, "in");
  const match = readAmount(tokens, isIn ? i + 1 : i);
  if (!match) return null;
  const { amount, to } = match;
  if (isWord(tokens, to, "from") && isWord(tokens, to + 1, "now")) return { amount, to: to + 2 };
  return isIn ? { amount, to: past(tokens, to, "time") } : null;
}

/** A date, with "from" the first day of a rule, in figures with its time and offset. */
function readDated(tokens: Tokens, from: number, today: Wall): PieceOf<"date"> | null {
  const first = isWord(tokens, from, "from", "starting", "beginning");
  const match = readDate(tokens, first ? from + 1 : from, today);
  if (!match) return null;
  const plain = { kind: "date", from, ...match, clock: null, offsetMs: null, first } as const;
  const t = match.to;
  const iso = isWord(tokens, t, "t") && isGlued(tokens, t) && isGlued(tokens, t + 1);
  const numeric = isSign(tokens, t - 2, "-", ".", "/") && match.strength === "sure";
  const clock = iso || numeric ? readClock(tokens, iso ? t + 1 : t, { afterDate: false }) : null;
  if (!clock) return plain;
  const { offsetMs, to } = readOffset(tokens, clock.to);
  if (!iso && !ends(tokens, to)) return plain; // the beginning of 14:30-15:30
  return { ...plain, clock: { ...clock.clock, vague: false }, offsetMs, to };
}

/** Behind an hour: "at 7 tomorrow morning" says its half of the day after the date. */
function withPart(tokens: Tokens, dated: PieceOf<"date">): PieceOf<"date"> {
  const said = dated.date.part === null && dated.clock === null && readPart(tokens, dated.to);
  return said ? { ...dated, to: said.to, date: { ...dated.date, part: said.part } } : dated;
}

/** "Z", "+02:00", "-0530", perhaps behind parts of a second, which are dropped. */
function readOffset(tokens: Tokens, i: number): { offsetMs: number | null; to: number } {
  const parts = isSign(tokens, i, ".") && isGlued(tokens, i) && isGlued(tokens, i + 1) &&
    tokens[i + 1]!.kind === "number";
  const j = parts ? i + 2 : i;
  if (isWord(tokens, j, "z") && isGlued(tokens, j)) return { offsetMs: 0, to: j + 1 };
  const sign = isSign(tokens, j, "+") ? 1 : isSign(tokens, j, "-", "−") ? -1 : 0;
  const digits = tokens[j + 1];
  if (sign === 0 || !isGlued(tokens, j) || digits?.kind !== "number" || digits.spaced) {
    return { offsetMs: null, to: j };
  }
  const colon = digits.text.length === 2 && isSign(tokens, j + 2, ":");
  const minutes = colon ? digitsAt(tokens, j + 3, 2) : Number(digits.text.slice(2));
  const hours = Number(digits.text.slice(0, 2));
  if (minutes === null || digits.text.length > 4 || hours > 14 || minutes > 59) {
    return { offsetMs: null, to: j };
  }
  return { offsetMs: sign * (hours * HOUR_MS + minutes * MINUTE_MS), to: colon ? j + 4 : j + 2 };
}

/** Whether a word begins here and is no part of a longer one, an address or a number. */
function begins(tokens: Tokens, i: number): boolean {
  if (!isGlued(tokens, i)) return true;
  return isSign(tokens, i - 1, "(", "[", "{", '"', "'", "“", "‘", ",", ";") &&
    !(tokens[i]!.kind === "number" && tokens[i - 2]?.kind === "number");
}

/** Whether a word ends before this token. */
function ends(tokens: Tokens, to: number): boolean {
  if (tokens[to] === undefined || !isGlued(tokens, to)) return true;
  if (!isSign(tokens, to, ...",.;:!?)]}\"'”’…")) return false;
  const next = tokens[to + 1];
  return next === undefined || next.spaced || next.kind === "sign" && !isSign(tokens, to + 1, "-");
}
