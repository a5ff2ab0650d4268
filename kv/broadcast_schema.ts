/** The shapes of announcements to everybody; part of schema.ts. */

import type { LedgerLine } from "./job_schema.ts";

/** When a broadcast goes out: at once, at a wall time, or each time a cron pattern says. */
export type BroadcastWhen =
  | { is: "now" }
  /** Wall time "2026-11-23T10:30:00" in an IANA zone. */
  | { is: "at"; wall: string; zone: string }
  /** Five fields, read in an IANA zone. */
  | { is: "cron"; pattern: string; zone: string };

/** By which ways a broadcast goes out, beside the inbox, which everybody has. */
export interface BroadcastChannels {
  mail: boolean;
  telegram: boolean;
}

export type BroadcastState = "draft" | "scheduled" | "running" | "finished" | "cancelled";

/** What an admin has to say to everybody. Each time it goes out is a run. */
export interface Broadcast {
  id: string;
  /** Null when their account is closed. */
  authorId: string | null;
  /** The admin who let it go out; null while it is a draft, and when their account is closed. */
  confirmedBy: string | null;
  /** When they last did; absent before, and in old records. */
  confirmedAt?: number;
  title: string;
  /** Plain text; empty where the title says it all. */
  text: string;
  channels: BroadcastChannels;
  when: BroadcastWhen;
  /** Where it was written. */
  via: "page" | "telegram";
  state: BroadcastState;
  /** When the next run is due; null when there is none. */
  nextAt: number | null;
  /** Due times of the runs under way, oldest first. */
  openRuns: number[];
  /** Raised by each edit; an edit and a confirmation name the one that they were decided upon. */
  version: number;
  /** Who did what to it, and what became of it. */
  ledger: LedgerLine[];
  createdAt: number;
  updatedAt: number;
}

/** What became of the messages of one way. */
export interface BroadcastTally {
  total: number;
  sent: number;
  failed: number;
  skipped: number;
}

/** One time that a broadcast goes out. */
export interface BroadcastRun {
  /** Also the id of the notification in each inbox. */
  id: string;
  broadcastId: string;
  /** When it was due; names it together with the broadcast. */
  dueAt: number;
  /** How many later times of its rule passed while nothing could start it, for which it stands. */
  missed: number;
  /** As they were when it began; `from` is the name of who wrote it. */
  from: string;
  title: string;
  text: string;
  channels: BroadcastChannels;
  /** The last account that it has dealt with; null before the first. */
  cursor: string | null;
  /** Whether it has dealt with all of them. */
  expanded: boolean;
  /** Parts whose messages go out by a job of their own, and how many of those are over. */
  parts: number;
  partsOver: number;
  /** How many have it in their inbox. */
  members: number;
  mail: BroadcastTally;
  telegram: BroadcastTally;
  /** Why it ended before everybody had it. */
  reason: string | null;
  startedAt: number;
  finishedAt: number | null;
}
