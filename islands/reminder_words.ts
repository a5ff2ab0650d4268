import type { OccurrenceView, Shelf } from "../domain/reminders/reminder_view.ts";
import { clockTime, day, type Reader, relative, zoneCity } from "./times.ts";
import { count, type Sign } from "./words.ts";

/** In the order in which one should see to them. */
export const SHELVES: readonly (readonly [Shelf, string])[] = [
  ["overdue", "Overdue"],
  ["today", "Today"],
  ["tomorrow", "Tomorrow"],
  ["week", "This week"],
  ["later", "Later"],
  ["snoozed", "Snoozed"],
];

export const occurrenceSigns: Record<OccurrenceView["state"], Sign> = {
  waiting: { word: "Waiting", mark: "wait", tone: "calm" },
  ringing: { word: "Rang", mark: "run", tone: "time" },
  snoozed: { word: "Snoozed", mark: "wait", tone: "time" },
  done: { word: "Done", mark: "done", tone: "good" },
  skipped: { word: "Skipped", mark: "skip", tone: "calm" },
  missed: { word: "Missed", mark: "fail", tone: "bad" },
  lapsed: { word: "Not answered", mark: "doubt", tone: "calm" },
  cancelled: { word: "Cancelled", mark: "skip", tone: "calm" },
};

/** Whether something can still be done with it. */
export const isOpen = ({ state }: Pick<OccurrenceView, "state">) =>
  state === "waiting" || state === "ringing" || state === "snoozed";

/** What is later than this was late, ms. */
const LATE_MS = 60_000;

/** "2 h late; 2 earlier ones were missed", "Snoozed, was due 10:00"; empty when all is as planned. */
export function lateWords(
  { state, dueAt, ringAt, missedBefore }: OccurrenceView,
  reader: Reader,
  now: number,
): string {
  const [due, ring] = [Date.parse(dueAt), Date.parse(ringAt)];
  const words: string[] = [];
  if (state === "ringing") words.push(relative(ring, now));
  if (ring - due > LATE_MS) words.push(`was due ${momentWords(due, reader, now)}`);
  if (missedBefore > 0) {
    const were = missedBefore === 1 ? "was" : "were";
    words.push(`${count(missedBefore, "earlier one", "earlier ones")} ${were} missed`);
  }
  return words.join(" · ");
}

/** "10:00" of today, "Mon 23 Nov 10:00" of another day. */
function momentWords(at: number, reader: Reader, now: number): string {
  const that = day(at, reader, now);
  const time = clockTime(at, reader);
  return that === day(now, reader, now) ? time : `${that} ${time}`;
}

/** Where its clock is another one than the reader's: "09:00 in Berlin". */
export function thereWords({ ringAt, zone }: OccurrenceView, reader: Reader): string | null {
  const at = Date.parse(ringAt);
  const there = clockTime(at, { ...reader, zone });
  return there === clockTime(at, reader) ? null : `${there} in ${zoneCity(zone)}`;
}
