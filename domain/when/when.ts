import type { Schedule } from "../../kv/reminder_schema.ts";
import { parseZone } from "../accounts/profile.ts";
import { clock, daysOf, dayWords } from "./schedule_words.ts";
import { choose } from "./when_choice.ts";
import { type Piece, piecesOf } from "./when_pieces.ts";
import type { Moment } from "./when_moment.ts";
import { dayLabel, type Meaning, meaningOf } from "./when_schedule.ts";
import { type Token, tokensOf } from "./when_tokens.ts";
import { dayOf, parseDay, parseWall, partsOf, wallOf } from "./wall.ts";

/** Words that were understood. */
export interface Span {
  /** Offsets in UTF-16 units of the given text. */
  start: number;
  end: number;
  kind: "time" | "date" | "rule" | "until" | "in";
  text: string;
  /** What they were understood as, for a chip: "Tue 24 Nov", "09:00", "every weekday". */
  label: string;
}

export interface When {
  /** Ascending, not overlapping. */
  spans: Span[];
  /** What was not understood, its spaces tidied: the title. */
  rest: string;
  schedule: Schedule | null;
  /** What was filled in: "09:00" for "tomorrow". */
  assumed: string[];
  /** What else may be meant: by "next friday" the near one, by "at 5" the morning's. */
  alternatives: { label: string; schedule: Schedule }[];
  /** "Cannot …: why; say …"; null when the schedule is good or nothing was said of time. */
  problem: string | null;
}

/** The longest text in which times are looked for, in UTF-16 units. */
export const MAX_WHEN_CHARS = 1_000;
const NOTHING: Meaning = { schedule: null, assumed: [], alternatives: [], problem: null };

/**
 * The time that a text speaks of, in English words anywhere in it, and what is left of the text.
 * Any text has an answer; it takes time in proportion to its length.
 *
 * @throws {AppError} `invalid` of "zone".
 */
export function parseWhen(text: string, context: { now: number; zone: string }): When {
  const moment = { now: context.now, zone: parseZone(context.zone) };
  if (text.length > MAX_WHEN_CHARS) {
    const problem =
      "Cannot look for a time in so long a text: it is longer than 1,000 characters; " +
      "say the time in a few words";
    return { ...NOTHING, spans: [], rest: text.trim(), problem };
  }
  const tokens = tokensOf(text);
  const today = dayOf(wallOf(moment.now, moment.zone));
  const choice = choose(tokens, piecesOf(tokens, today));
  const chosen = Object.values(choice).sort((a, b) => a.from - b.from);
  if (chosen.length === 0) return { ...NOTHING, spans: [], rest: tidied([text]) };
  const meaning = meaningOf(choice, moment);
  const spans = chosen.map((piece) => spanOf(piece, { text, tokens, meaning, moment }));
  return { spans, rest: restOf(text, spans), ...meaning };
}

function spanOf(
  piece: Piece,
  { text, tokens, meaning: { schedule }, moment }: {
    text: string;
    tokens: Token[];
    meaning: Meaning;
    moment: Moment;
  },
): Span {
  const start = tokens[piece.from]!.start;
  const end = tokens[piece.to - 1]!.end;
  const words = text.slice(start, end);
  const label = schedule ? labelOf(piece, schedule, moment) : words;
  return { start, end, kind: piece.kind, text: words, label };
}

function labelOf(piece: Piece, { start, rule }: Schedule, moment: Moment): string {
  const wall = parseWall(start)!;
  const day = dayLabel(wall, moment);
  switch (piece.kind) {
    case "time":
      return clock(wall);
    case "date":
      return piece.clock ? `${day} ${clock(wall)}` : day;
    case "in":
      return dayOf(wall) === dayOf(wallOf(moment.now, moment.zone))
        ? clock(wall)
        : `${day} ${clock(wall)}`;
    case "rule":
      return daysOf(rule!, wall);
    case "until":
      return `until ${dayWords(parseDay(rule!.until!)!)}`;
  }
}

/** The text without the spans, and without the signs that joined them to it. */
function restOf(text: string, spans: Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start));
    from = end;
  }
  return tidied(closed([...parts, text.slice(from)]));
}

const PAIRS = ["()", "[]", "{}", '""', "''", "“”", "‘’"];

/** Without brackets and quotes around a span, and with the end of a sentence at its last word. */
function closed(parts: string[]): string[] {
  const last = parts.length - 1;
  const left = parts.filter((part, i) => i === 0 || i === last || !/^\s*,?\s*$/.test(part));
  for (let i = 1; i < left.length; i++) {
    let [before, behind] = [left[i - 1]!.trimEnd(), left[i]!];
    if (PAIRS.includes(before.slice(-1) + behind.slice(0, 1))) {
      [before, behind] = [before.slice(0, -1).trimEnd(), behind.slice(1)];
    }
    const [end] = behind.match(/^[.!?…]+(?=\s|$)/) ?? [""];
    [left[i - 1], left[i]] = [before === "" ? "" : before + end, behind.slice(end.length)];
  }
  return left;
}

const JOINS = ",;:–—-";

function tidied(parts: string[]): string {
  const words = parts.map((part, i) => {
    const pieces = part.split(/\s+/).filter((word) => word !== "");
    while (i > 0 && pieces.length > 0 && isJoin(pieces[0]!)) pieces.shift();
    while (i < parts.length - 1 && pieces.length > 0 && isJoin(pieces.at(-1)!)) pieces.pop();
    return pieces.join(" ");
  });
  return words.filter((part) => part !== "").join(" ");
}

function isJoin(word: string): boolean {
  return word.length === 1 && JOINS.includes(word);
}

export interface Preset {
  label: string;
  /** What `parseWhen` is given when it is chosen. */
  words: string;
  /** ms */
  at: number;
}

/** "This evening" is not offered from then on: it would be within the hour. */
const LAST_HOUR = 17;

/** The times that are offered beside words, soonest first; each as `parseWhen` understands it now. */
export function presets(now: number, zone: string): Preset[] {
  const offers = [
    ["In 20 minutes", "in 20 min"],
    ["In 1 hour", "in 1 hour"],
    ["This evening", "this evening"],
    ["Tomorrow morning", "tomorrow 09:00"],
    ["Next Monday", "next monday 09:00"],
  ] as const;
  const found: Preset[] = [];
  for (const [label, words] of offers) {
    if (words === "this evening" && partsOf(wallOf(now, zone)).hour >= LAST_HOUR) continue;
    const at = parseWhen(words, { now, zone }).schedule?.startAt;
    const twice = found.some((preset) => preset.at === at);
    if (at !== undefined && !twice) found.push({ label, words, at });
  }
  return found;
}
