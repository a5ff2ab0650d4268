/** The shapes of all stored values. Times are ms since 1970 UTC; ids are opaque. */

export type * from "./broadcast_schema.ts";
export type * from "./chat_schema.ts";
export type * from "./data_schema.ts";
export type * from "./job_schema.ts";
export type * from "./reminder_schema.ts";
export type * from "./audit_schema.ts";
export type * from "./trust_schema.ts";
export type * from "./factor_schema.ts";

export type Role = "member" | "admin";

export interface Account {
  id: string;
  email: string;
  name: string;
  /** IANA name. */
  zone: string;
  role: Role;
  /** PHC string; empty for a password that fits none. */
  password: string;
  /** It is shorter than what a password alone must have: good only beside a second factor. */
  shortPassword?: true;
  /** Since when a second factor is asked for at sign-in. Absent for who has none. */
  factorAt?: number;
  /** Who carried the proof that the address is theirs; null until then. */
  verified: { at: number; by: "outbox" | "smtp" | "mailjet" | "operator" } | null;
  /** Raised to end all sessions at once. */
  epoch: number;
  createdAt: number;
  /** By an admin: nobody signs in, nothing leaves. Absent for most. */
  suspended?: { at: number; by: string };
  /** By its owner: it counts as gone from then on, and what it holds is being removed. */
  closedAt?: number;
  /** When it will be closed, unless its owner keeps it. */
  closesAt?: number;
}

/** What an account has how many of; apart from the account, because it changes often. */
export interface Counts {
  notes: number;
  unread: number;
  /** Active reminders. */
  reminders: number;
  /** Of the texts of notes, deleted ones that can be brought back among them; absent in old records. */
  bytes?: number;
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
  /** When who uses it last proved who they are; absent in old records, where it is `createdAt`. */
  provedAt?: number;
  expiresAt: number;
  /** Hash of the value before, which is good for a moment longer. */
  previous: string | null;
  /** Hash of the value after; this one is then neither prolonged nor renewed. */
  next: string | null;
  agent: string;
  /** From where it was started, shortened; absent in old records. */
  network?: string;
}

export type TokenPurpose =
  | "activate"
  | "setup"
  | "outbox"
  | "telegram"
  | "reset"
  | "sign_in"
  | "email_change"
  | "email_keep"
  | "own_address"
  | "invitation"
  | "export"
  | "factor"
  | "passkey";

/** A right to do one thing once, stored under the hash of what the link carries. */
export interface Token {
  purpose: TokenPurpose;
  /** What it is about: an account, a delivery. */
  subject: string;
  /** Of the account when it was made, for what must end with the account's sessions. */
  epoch?: number;
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

export interface Notification {
  id: string;
  kind: "mailing" | "reminder" | "broadcast" | "account";
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
  type: "job" | "notification" | "session" | "reminder" | "broadcast" | "chat";
  data: unknown;
}

/** When the minute's cron came by last. */
export interface Tick {
  at: number;
}

/** What the instance made for itself. */
export interface Instance {
  /** Signs what must not be forged, where the settings bring no secret. */
  secret: Uint8Array;
}
