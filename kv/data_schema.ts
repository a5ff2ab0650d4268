/** The shapes of what comes and goes with a whole account; part of schema.ts. */

/** A file of somebody's, kept in parts for a while: what they take away, or what they bring. */
export interface StoredFile {
  /** Also that of the job that writes or reads it. */
  id: string;
  accountId: string;
  kind: FileKind;
  bytes: number;
  /** How many parts there may be; while it is written, at least those that are. */
  parts: number;
  /** When it was whole; null before. */
  readyAt: number | null;
  /** From then on it counts as gone. */
  expiresAt: number;
}

export type FileKind = "export" | "import";

/** What came of a file that somebody brought. */
export interface ImportReport {
  jobId: string;
  notes: number;
  reminders: number;
  /** Whether it also said of what to hear, and where. */
  preferences: boolean;
  /** Notes and reminders that were there already. */
  known: number;
  /** Addresses that were taken out of reminders, because they have not agreed. */
  addresses: number;
  leftOut: number;
  /** Why, for the first of them. */
  why: string[];
}

/** What is still to be removed of a closed account. */
export interface Purge {
  id: string;
  accountId: string;
  /** All that were its own, the first for letters; until they are gone from everywhere. */
  addresses: string[];
  chatId: number | null;
  /** The job of the last letter; null where nobody is written to. */
  letterId: string | null;
  closedAt: number;
  /** How far it is: the number of the step, and where in its range. */
  step: number;
  cursor: string | null;
}

/** All that is left of a closed account. */
export interface Tombstone {
  closedAt: number;
  erasedAt: number;
}
