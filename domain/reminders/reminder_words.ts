import type { Occurrence, Reminder, Rule } from "../../kv/schema.ts";
import { amount, clock, daysOf, dayWords } from "../when/schedule_words.ts";
import { MINUTE_MS, parseWall, partsOf, type Wall, wallOf } from "../when/wall.ts";

/** By which door somebody acts. */
export type Via = "page" | "telegram" | "mail";

/** What a ledger says of that. */
export const BY: Record<Via, string> = {
  page: "on the page",
  telegram: "in Telegram",
  mail: "by mail",
};

/** What a ledger says when it rings. */
export const RANG = "Rang";

/** When it rang last, ms; null before. */
export function rangAt({ ledger }: Pick<Occurrence, "ledger">): number | null {
  return ledger.findLast(({ text }) => text === RANG)?.at ?? null;
}

/** What is this much later than it should be says so, ms. */
const LATE_MS = 2 * MINUTE_MS;

/** "Mon 23 Nov 09:00" by the clocks of a zone, with the year where `now` is in another one. */
export function moment(at: number, zone: string, now: number): string {
  const wall = wallOf(at, zone);
  const year = partsOf(wall).year !== partsOf(wallOf(now, zone)).year;
  return `${dayWords(wall, { year })} ${clock(wall)}`;
}

/**
 * When it was due and, where that differs, when it comes: "due Mon 23 Nov 09:00 · every weekday",
 * "due Mon 23 Nov 09:00, sent Wed 25 Nov 14:10; 2 earlier ones were missed". `sentAt` in ms.
 */
export function dueLine(
  { schedule: { zone, start, rule } }: Pick<Reminder, "schedule">,
  { dueAt, ringAt, missedBefore }: Pick<Occurrence, "dueAt" | "ringAt" | "missedBefore">,
  sentAt: number,
): string {
  const at = (instant: number) => moment(instant, zone, sentAt);
  const late = sentAt - ringAt >= LATE_MS
    ? `, sent ${at(sentAt)}`
    : ringAt !== dueAt
    ? `, snoozed until ${at(ringAt)}`
    : "";
  const missed = missedBefore === 0
    ? ""
    : missedBefore === 1
    ? "; 1 earlier one was missed"
    : `; ${missedBefore} earlier ones were missed`;
  const often = rule ? ` · ${oftenOf(rule, parseWall(start)!)}` : "";
  return `due ${at(dueAt)}${late}${missed}${often}`;
}

function oftenOf(rule: Rule, start: Wall): string {
  const steps = rule.unit === "minute" || rule.unit === "hour";
  return steps ? `every ${amount(rule.every, rule.unit, "")}` : daysOf(rule, start);
}
