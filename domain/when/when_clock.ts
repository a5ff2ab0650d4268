import { isUnit } from "./when_amounts.ts";
import { digitsAt, isGlued, isSign, isWord, numberAt, past, type Tokens } from "./when_tokens.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "./wall.ts";

export type DayPart = "morning" | "afternoon" | "evening" | "night";

/** What is meant by a part of the day, unless an hour is said with it. */
export const NAMED_MS: Record<DayPart, number> = {
  morning: 9 * HOUR_MS,
  afternoon: 13 * HOUR_MS,
  evening: 18 * HOUR_MS,
  night: 20 * HOUR_MS,
};

/** A time of day in words. */
export interface Clock {
  /** ms since midnight; a whole day where the midnight at its end is meant. */
  ms: number;
  /** Neither morning nor afternoon was said, and it may be either: "9", "5:30", but not "9:30". */
  vague: boolean;
  /** It may be of either half where a part of the day says which: "8:30" too, but not "08:30". */
  open?: boolean;
  /** "in the evening", said with the hour or instead of it. */
  part?: DayPart;
  problem?: string;
}

export interface ClockMatch {
  clock: Clock;
  to: number;
  /** Nothing but an hour, as in "at 5". */
  hourOnly: boolean;
  /** With "at", or with minutes or am and pm. */
  sure: boolean;
}

/** The time of day that begins at a token; behind a date the hour alone is enough ("tomorrow 9"). */
export function readClock(
  tokens: Tokens,
  i: number,
  { afterDate }: { afterDate: boolean },
): ClockMatch | null {
  const j = isWord(tokens, i, "at", "by") || isSign(tokens, i, "@") ? i + 1 : i;
  const at = j > i && !isWord(tokens, i, "by");
  const exact = (ms: number, to: number) => {
    return { clock: { ms, vague: false }, to, hourOnly: false, sure: at };
  };
  if (isWord(tokens, j, "noon", "midday")) return exact(12 * HOUR_MS, j + 1);
  if (isWord(tokens, j, "midnight")) return exact(24 * HOUR_MS, j + 1);
  const spoken = spokenClock(tokens, j);
  if (spoken) return { ...spoken, sure: true, hourOnly: false };
  const part = readPart(tokens, i);
  if (part && (afterDate || part.to - i > 1)) {
    const at = past(tokens, part.to, "at");
    const hour = readHour(tokens, at, { at: at > part.to, loose: at > part.to });
    if (hour) return inPart(hour, part);
    return { ...exact(NAMED_MS[part.part], part.to), hourOnly: true };
  }
  const said = readPart(tokens, j + 1);
  const inThe = said !== null && said.to - j > 2; // 9 in the morning
  const hour = readHour(tokens, j, { at, loose: at || afterDate || inThe });
  const behind = hour && readPart(tokens, hour.to);
  return behind && (afterDate || behind.to - hour.to > 1) ? inPart(hour, behind) : hour;
}

function inPart(hour: ClockMatch, { part, to }: { part: DayPart; to: number }): ClockMatch {
  return {
    ...hour,
    clock: { ...hour.clock, part },
    to: Math.max(hour.to, to),
    hourOnly: false,
    sure: true,
  };
}

/** "morning", "in the evening", "at night". */
export function readPart(tokens: Tokens, i: number): { part: DayPart; to: number } | null {
  if (isWord(tokens, i, "at") && isWord(tokens, i + 1, "night")) {
    return { part: "night", to: i + 2 };
  }
  const j = isWord(tokens, i, "in") && isWord(tokens, i + 1, "the") ? i + 2 : i;
  const text = tokens[j]?.text ?? "";
  return Object.hasOwn(NAMED_MS, text) ? { part: text as DayPart, to: j + 1 } : null;
}

/** The hours that may be meant, ms since midnight, the likelier first: 1–7 is after noon, 8–12 is not. */
export function hoursOf({ ms, vague, open, part: own }: Clock, of: DayPart | null): number[] {
  const part = own ?? of;
  if (!vague && !(open && part)) return [ms];
  const [am, pm] = [ms % (12 * HOUR_MS), ms % (12 * HOUR_MS) + 12 * HOUR_MS];
  if (part === "morning") return [am];
  if (part === "night" && (am < 5 * HOUR_MS)) return [am + 24 * HOUR_MS];
  if (part) return [pm];
  return ms < 8 * HOUR_MS ? [pm, am] : ms < 12 * HOUR_MS ? [am, pm] : [pm];
}

/** "half past nine", "quarter to 5", "9 o'clock". */
function spokenClock(tokens: Tokens, i: number): { clock: Clock; to: number } | null {
  const minutes = isWord(tokens, i, "half") ? 30 : isWord(tokens, i, "quarter") ? 15 : null;
  if (minutes !== null && isWord(tokens, i + 1, "past", "to")) {
    const hour = numberAt(tokens, i + 2);
    const to = isWord(tokens, i + 1, "to");
    if (hour === null || hour < 1 || hour > 12 || to && minutes === 30) return null;
    const ms = hour * HOUR_MS + (to ? -minutes : minutes) * MINUTE_MS;
    return { clock: { ms, vague: true }, to: i + 3 };
  }
  const hour = numberAt(tokens, i);
  const clock = isWord(tokens, i + 1, "o") && isSign(tokens, i + 2, "'", "’") &&
    isWord(tokens, i + 3, "clock");
  if (!clock || hour === null || hour < 1 || hour > 12) return null;
  return { clock: { ms: hour * HOUR_MS, vague: true }, to: i + 4 };
}

function readHour(
  tokens: Tokens,
  i: number,
  { at, loose }: { at: boolean; loose: boolean },
): ClockMatch | null {
  const hour = digitsAt(tokens, i, 2) ?? (loose ? numberAt(tokens, i) : null);
  if (hour === null || hour > 99) return null;
  const { minute, second, to: j } = readMinutes(tokens, i + 1);
  const half = readHalf(tokens, j);
  const withDot = minute !== null && isSign(tokens, i + 1, ".");
  if (withDot && !at && !half) return null;
  if (withDot && minute! > 59) return null;
  const hours = isGlued(tokens, i + 1) && isWord(tokens, i + 1, "h");
  if (hours && !loose && (minute === null || tokens[i]!.text.length < 2)) return null;
  const to = half?.to ?? j;
  if (minute === null && !half) {
    const more = isUnit(tokens, j) || isSign(tokens, j, "%", "°");
    if (!loose || hour > 24 || more && !hours) return null;
  }
  const written = tokens.slice(i, to).map(({ text, spaced }, n) =>
    spaced && n > 0 ? ` ${text}` : text
  )
    .join("");
  const why = hour > 24 || hour === 24 && (minute ?? 0) > 0
    ? "a day has 24 hours"
    : (minute ?? 0) > 59 || second > 59
    ? "an hour has 60 minutes"
    : half && (hour < 1 || hour > 12)
    ? "am and pm go with 1 to 12"
    : null;
  const ms = (half ? hour % 12 + (half.pm ? 12 : 0) : hour) * HOUR_MS + (minute ?? 0) * MINUTE_MS +
    second * SECOND_MS;
  const open = !half && !hours && hour > 0 && hour < 13 && !tokens[i]!.text.startsWith("0");
  return {
    clock: {
      ms,
      vague: open && (minute === null || hour < 8),
      open,
      ...why && { problem: `Cannot use ${written}: ${why}; say a time as in 17:30` },
    },
    to,
    hourOnly: minute === null && !half && !hours,
    sure: at || half !== null || minute !== null,
  };
}

/** ":30", ":30:15", ".30" or "h30" directly behind an hour. */
function readMinutes(
  tokens: Tokens,
  i: number,
): { minute: number | null; second: number; to: number } {
  const none = { minute: null, second: 0, to: i };
  if (!isGlued(tokens, i)) return none;
  const h = isWord(tokens, i, "h");
  const two = (j: number) =>
    isGlued(tokens, j) && tokens[j]?.text.length === 2 ? digitsAt(tokens, j, 2) : null;
  if (!h && !isSign(tokens, i, ":", ".")) return none;
  const minute = two(i + 1);
  if (minute === null) return h ? { ...none, to: i + 1 } : none;
  const second = isSign(tokens, i, ":") && isSign(tokens, i + 2, ":") && isGlued(tokens, i + 2)
    ? two(i + 3)
    : null;
  return { minute, second: second ?? 0, to: second === null ? i + 2 : i + 4 };
}

/** "pm", "p.m." */
function readHalf(tokens: Tokens, i: number): { pm: boolean; to: number } | null {
  if (isWord(tokens, i, "am", "pm")) return { pm: isWord(tokens, i, "pm"), to: i + 1 };
  const dotted = isWord(tokens, i, "a", "p") && isSign(tokens, i + 1, ".") &&
    isWord(tokens, i + 2, "m") && isGlued(tokens, i + 1) && isGlued(tokens, i + 2);
  if (!dotted) return null;
  const dot = isSign(tokens, i + 3, ".") && isGlued(tokens, i + 3) ? 4 : 3;
  return { pm: isWord(tokens, i, "p"), to: i + dot };
}

/** Behind a clock: "and 17", "& 5 pm", so that a second time of a day is not taken for a title. */
export function readSecondClock(tokens: Tokens, i: number): ClockMatch | null {
  const comma = isSign(tokens, i, ",");
  if (!comma && !isWord(tokens, i, "and") && !isSign(tokens, i, "&")) return null;
  const match = readClock(tokens, past(tokens, i + 1, "and"), { afterDate: true });
  return match && (match.to === tokens.length || match.sure && !comma) ? match : null;
}
