/** The shapes of reminders; part of schema.ts. */

import type { LedgerLine } from "./job_schema.ts";

/** How something comes again, by the calendar of its zone. Weekdays are ISO: 1 Monday … 7 Sunday. */
export interface Rule {
  /** Every so many units, from 1. */
  every: number;
  unit: "minute" | "hour" | "day" | "week" | "month" | "year";
  /** Of a week, ascending; without: the weekday of the start. */
  weekdays?: number[];
  /** Of a month: 1–31, or -1 for the last day. Where a month has no such day, its last. */
  monthDay?: number;
  /** Of a month: its nth such weekday, -1 the last; instead of monthDay. */
  nth?: { week: 1 | 2 | 3 | 4 | 5 | -1; weekday: number };
  /** The last day on which it may come, "2026-12-24"; null without end. */
  until: string | null;
}

/** When something comes: a wall time in a zone, once or again and again. */
export interface Schedule {
  /** IANA name. */
  zone: string;
  /** Wall time of the first, "2026-11-23T10:30:00". */
  start: string;
  /** The instant of the first, ms; tells which one is meant where a wall time comes twice. */
  startAt: number;
  rule: Rule | null;
}

/** What becomes of an occurrence whose time passed while nothing could ring. */
export type Missed = "once" | "skip" | "all";

/** Where a reminder rings. */
export interface ReminderChannels {
  page: boolean;
  telegram: boolean;
  /** Addresses; one's own, or those that one may mail. */
  mail: string[];
}

/** What somebody wants to be reminded of, and by which rule. Each time it rings is an occurrence. */
export interface Reminder {
  id: string;
  ownerId: string;
  /** The note it was made from. */
  noteId: string | null;
  title: string;
  text: string;
  channels: ReminderChannels;
  schedule: Schedule;
  missed: Missed;
  state: "active" | "over" | "cancelled";
  /** The due time of the occurrence that waits; null when there is none. */
  nextAt: number | null;
  /** Raised by each edit; an edit names the one it started from. */
  version: number;
  createdAt: number;
  updatedAt: number;
}

export type OccurrenceState =
  | "waiting"
  | "ringing"
  | "snoozed"
  | "done"
  | "skipped"
  /** Its time passed while nothing could ring. */
  | "missed"
  /** Nobody answered before the next one rang. */
  | "lapsed"
  | "cancelled";

/** One time of a reminder. */
export interface Occurrence {
  reminderId: string;
  ownerId: string;
  /** When it was due by the schedule; names it together with the reminder. */
  dueAt: number;
  /** The wall time of that, for "due Mon 09:00". */
  wall: string;
  state: OccurrenceState;
  /** When it rings: its due time, or the end of a snooze; when it rang last. */
  ringAt: number;
  /** How many before it were missed, for which it stands. */
  missedBefore: number;
  /** The jobs that rang it, oldest first; their deliveries are its ledger's other half. */
  jobs: string[];
  /** Its entry in the inbox, of the last time it rang. */
  notificationId: string | null;
  /** How it was before the last act on it, for undo. */
  before: { state: OccurrenceState; ringAt: number; at: number } | null;
  ledger: LedgerLine[];
}
