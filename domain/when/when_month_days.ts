import type { Rule } from "../../kv/reminder_schema.ts";
import type { DayPart } from "./when_clock.ts";
import { monthAt, weekdayAt } from "./when_names.ts";
import { isWord, ordinalAt, past, type Tokens } from "./when_tokens.ts";

/** A rule in words: without its end, and the month of a yearly one beside it. */
export interface RuleWords extends Omit<Rule, "until"> {
  /** 1–12, of a yearly rule that says its day. */
  month?: number;
  /** "every evening" */
  part?: DayPart;
  problem?: string;
}

/** "15th", "last day", "first monday", each perhaps "of the month" or "of each month". */
export function readOfMonth(
  tokens: Tokens,
  i: number,
): { rule: RuleWords; to: number; of: "the" | "each" | null } | null {
  const ordinal = ordinalAt(tokens, i);
  if (!ordinal) return null;
  const { n } = ordinal;
  const found = weekdayAt(tokens, ordinal.to);
  const day = isWord(tokens, ordinal.to, "day");
  const digits = tokens[i]!.kind === "number";
  if (monthAt(tokens, past(tokens, ordinal.to, "of"))) return null;
  let to = found || day ? ordinal.to + 1 : ordinal.to;
  let of: "the" | "each" | null = null;
  if (isWord(tokens, to, "of", "in")) {
    const j = past(tokens, to + 1, "the", "each", "every");
    if (isWord(tokens, j, "month")) {
      of = isWord(tokens, j - 1, "each", "every") ? "each" : "the";
      to = j + 1;
    }
  }
  const rule: RuleWords = { every: 1, unit: "month" };
  if (found) {
    if (n !== -1 && (n < 1 || n > 5)) return null;
    return { rule: { ...rule, nth: { week: n as 1 | -1, weekday: found.weekday } }, to, of };
  }
  // "every second day" is every other; "every 3rd day" too, but "every 15th" is of a month
  if (day && n !== -1 && !(n === 1 || of)) return null;
  if (!day && !digits) return null;
  const problem = n === 0 || n > 31
    ? `Cannot repeat on day ${n}: a month has at most 31; say every 15th or every last day`
    : undefined;
  return { rule: { ...rule, monthDay: n, ...problem !== undefined && { problem } }, to, of };
}
