/** The shapes of all stored values. Times are ms since 1970 UTC; ids are opaque. */

export type Role = "member" | "admin";

export interface Account {
  id: string;
  email: string;
  name: string;
  /** IANA name. */
  zone: string;
  role: Role;
  /** PHC string. */
  password: string;
  /** Who carried the proof that the address is theirs; null until then. */
  verified: { at: number; by: "outbox" | "smtp" | "mailjet" | "operator" } | null;
  /** Raised to end all sessions at once. */
  epoch: number;
  createdAt: number;
}

/** What an account has how many of; apart from the account, because it changes often. */
export interface Counts {
  notes: number;
  unread: number;
}

/** Stored under the hash of the cookie's value. */
export interface Session {
  id: string;
  accountId: string;
  epoch: number;
  createdAt: number;
  seenAt: number;
  /** When the cookie's value was last changed. */
  renewedAt: number;
  expiresAt: number;
  /** Hash of the value before, which is good for a moment longer. */
  previous: string | null;
  /** Hash of the value after; this one is then neither prolonged nor renewed. */
  next: string | null;
  agent: string;
}

export type TokenPurpose = "activate" | "setup" | "outbox";

/** A right to do one thing once, stored under the hash of what the link carries. */
export interface Token {
  purpose: TokenPurpose;
  /** What it is about: an account, a delivery. */
  subject: string;
  expiresAt: number;
}

/** When something was tried lately, oldest first, to slow down guessing. */
export interface Tries {
  at: number[];
}

/** How far the first start is. */
export interface SetUp {
  /** Names the one setup link that works. */
  tokenId: string | null;
  /** When the first admin was made; from then on no setup link works. */
  doneAt: number | null;
}

export interface Note {
  id: string;
  ownerId: string;
  title: string;
  tags: string[];
  /** The beginning of the text, for lists. */
  excerpt: string;
  /** Bytes of the text in UTF-8. */
  size: number;
  /** How many parts the text is stored in. */
  parts: number;
  /** Raised by each edit; an edit names the one it started from. */
  version: number;
  /** The job that mailed it last. */
  lastMailing: string | null;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export type JobState = "scheduled" | "running" | "completed" | "cancelled" | "discarded";

export interface Progress {
  done: number;
  total: number;
  failed: number;
  label: string;
}

export interface JobError {
  at: number;
  attempt: number;
  message: string;
}

export interface JobRecord {
  id: string;
  kind: string;
  payload: unknown;
  ownerId: string | null;
  state: JobState;
  /** Where the due index has it: when it may be taken; while running, when its lease ends. */
  dueAt: number;
  /** Tries that were begun, less those given back and those of which something came before they died. */
  attempt: number;
  /** Tries that died since the last answer, and the one that runs; what kills its process has none. */
  silent: number;
  /** Random, of the try that holds the lease; every write of that try is checked against it. */
  token: string | null;
  cancelAsked: boolean;
  progress: Progress;
  /** When its owner's pages were last told of it. */
  toldAt: number;
  /** Results of finished steps, by name. */
  steps: Record<string, unknown>;
  errors: JobError[];
  /** Why it was cancelled or discarded. */
  reason: string | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

export type DeliveryState = "waiting" | "sending" | "sent" | "failed" | "in_doubt" | "skipped";

/** One recipient on one channel. */
export interface Delivery {
  /** The job's id and the number, joined by a dash: what the provider is asked by. */
  id: string;
  jobId: string;
  number: number;
  channel: "mail";
  to: string;
  state: DeliveryState;
  /** Why it failed, was skipped, or waits. */
  reason: string | null;
  /** Tries that the provider refused for now. */
  attempts: number;
  /** Of the try under way. */
  token: string | null;
  /** When the first try began: the date on the message. */
  firstAt: number | null;
  triedAt: number | null;
  /** Not to be looked at before. */
  dueAt: number;
  /** How often the provider was asked about it and knew nothing. */
  asked: number;
  providerId: string | null;
  /** Someone may have it twice, and why. */
  maybeTwice: boolean;
  ledger: LedgerLine[];
}

export interface LedgerLine {
  at: number;
  text: string;
}

/** A note on its way to its recipients, as it was when this was asked for. */
export interface Mailing {
  jobId: string;
  ownerId: string;
  noteId: string;
  title: string;
  parts: number;
  recipients: number;
  /** Stands for what was asked for, so that a repeated request can be told from another one. */
  request: string;
  /** The mailing whose failures this one tries again. */
  retryOf: string | null;
  retriedBy: string | null;
  createdAt: number;
}

export interface Notification {
  id: string;
  kind: "mailing";
  title: string;
  text: string;
  /** A path of ours. */
  href: string;
  at: number;
  readAt: number | null;
}

/** Mail kept by the outbox mailer. */
export interface OutboxMail {
  id: string;
  senderId?: string;
  from: { address: string; name?: string };
  to: { address: string; name?: string };
  replyTo?: { address: string; name?: string };
  subject: string;
  textParts: number;
  htmlParts: number;
  headers: Record<string, string>;
  at: number;
}

/** The number of a topic's last event. */
export interface Feed {
  seq: number;
}

/** What happened, as the pages are told. */
export interface AppEvent {
  seq: number;
  at: number;
  type: "job" | "notification" | "session";
  data: unknown;
}

/** What the instance made for itself. */
export interface Instance {
  /** Signs what must not be forged, where the settings bring no secret. */
  secret: Uint8Array;
}
