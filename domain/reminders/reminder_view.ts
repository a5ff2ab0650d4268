import type { Missed, OccurrenceState, ReminderChannels, Schedule } from "../../kv/schema.ts";
import type { DeliveryView } from "../work.ts";

/** One time of a reminder, as its owner sees it in a list. Times are ISO instants. */
export interface OccurrenceView {
  /** Names it: the reminder and its due time. */
  id: string;
  reminderId: string;
  noteId: string | null;
  title: string;
  /** The beginning of the text. */
  excerpt: string;
  state: OccurrenceState;
  dueAt: string;
  /** When it rings or rang; later than `dueAt` when it was snoozed or missed. */
  ringAt: string;
  /** "Every weekday at 09:00"; null for one that comes once. */
  rule: string | null;
  zone: string;
  missedBefore: number;
  /** Until when its last act can be taken back; null when there is nothing to take back. */
  undoUntil: string | null;
}

/** Where a list puts an occurrence: those that ring first. */
export type Shelf = "overdue" | "today" | "tomorrow" | "week" | "later" | "snoozed";

/** One's open occurrences by shelf, each in the order of time. */
export type ReminderShelves = Record<Shelf, OccurrenceView[]>;

/** What comes next, in words for its owner. */
export interface SchedulePreview {
  /** "Every weekday at 09:00, Berlin" */
  sentence: string;
  next: { at: string; text: string }[];
  warnings: string[];
}

/** One reminder with what became of it. */
export interface ReminderView {
  id: string;
  noteId: string | null;
  title: string;
  text: string;
  channels: ReminderChannels;
  schedule: Schedule;
  missed: Missed;
  state: "active" | "over" | "cancelled";
  version: number;
  createdAt: string;
  preview: SchedulePreview;
  /** Newest first, at most 20: what rang, was done, skipped or missed, with its ledger. */
  occurrences: (OccurrenceView & {
    ledger: { at: string; text: string }[];
    deliveries: DeliveryView[];
  })[];
}
