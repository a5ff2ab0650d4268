import type { Occurrence, Reminder } from "../../kv/schema.ts";
import { occurrenceId } from "./occurrence_id.ts";
import type { OccurrenceView, SchedulePreview } from "./reminder_view.ts";
import { describe, nextAfter, type Preview } from "../when/repeat.ts";
import { excerptOf } from "../notes/text.ts";

/** How long the last act on an occurrence can be taken back, ms: ten minutes. */
export const UNDO_MS = 10 * 60_000;

/** Whether something may still be done with it. */
export function isOpen({ state }: Pick<Occurrence, "state">): boolean {
  return state === "waiting" || state === "ringing" || state === "snoozed";
}

/**
 * Until when the last act can be taken back, ms; null when it cannot. What was done to one that still
 * waited made the next one wait, so it can only be taken back while that one does.
 */
export function undoUntil(
  reminder: Reminder,
  { before, dueAt }: Occurrence,
  now: number,
): number | null {
  if (before === null || reminder.state === "cancelled") return null;
  const until = before.at + UNDO_MS;
  if (now >= until) return null;
  const next = nextAfter(reminder.schedule, dueAt)?.at ?? null;
  return before.state === "waiting" && reminder.nextAt !== next ? null : until;
}

/** An occurrence as its owner sees it. */
export function occurrenceView(
  reminder: Reminder,
  occurrence: Occurrence,
  now: number,
): OccurrenceView {
  const { id: reminderId, noteId, title, text, schedule } = reminder;
  const { state, dueAt, ringAt, missedBefore } = occurrence;
  const until = undoUntil(reminder, occurrence, now);
  return {
    id: occurrenceId(occurrence),
    reminderId,
    noteId,
    title,
    excerpt: excerptOf(text),
    state,
    dueAt: iso(dueAt),
    ringAt: iso(ringAt),
    rule: schedule.rule && describe(schedule),
    zone: schedule.zone,
    missedBefore,
    undoUntil: until === null ? null : iso(until),
  };
}

/** What comes next, as a program reads it. */
export function previewView({ sentence, next, warnings }: Preview): SchedulePreview {
  return { sentence, next: next.map(({ at, text }) => ({ at: iso(at), text })), warnings };
}

export const iso = (at: number) => new Date(at).toISOString();
