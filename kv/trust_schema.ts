/** The shapes of trust: who may be mailed, how much, what was done; part of schema.ts. */

import type { Account } from "./schema.ts";

/** Whether somebody agreed to be mailed by a member; kept under the member and the address's hash. */
export interface Consent {
  ownerId: string;
  /** As the member wrote it; empty when they have forgotten it, or its reader had it erased. */
  address: string;
  /** That of the invitation; absent in old records. */
  jobId?: string;
  state: "invited" | "accepted" | "refused";
  invitedAt: number;
  decidedAt: number | null;
}

/** A further address of a member, beside that of the account. */
export interface OwnAddress {
  accountId: string;
  address: string;
  addedAt: number;
  /** As that of the account. */
  verified: { at: number; by: "outbox" | "smtp" | "mailjet" } | null;
}

/**
 * Whose mail a suppression stops: everybody's, that of broadcasts, what its owner sends themselves
 * (their reminders, their notes), or one member's.
 */
export type SuppressionScope = "all" | "broadcasts" | "reminders" | "notes" | `sender:${string}`;

export type SuppressionCause =
  /** Nobody is there. */
  | "bounce"
  /** Three times in a week nobody could take it. */
  | "soft_bounces"
  | "complaint"
  | "unsubscribe"
  /** An invitation was refused. */
  | "refused"
  /** "Never from anyone". */
  | "never"
  | "admin";

/** What must not reach an address; kept under the address's hash and the scope. */
export interface Suppression {
  /** For people who may not see it in full: "a…@example.org"; empty when its reader had it erased. */
  shown: string;
  scope: SuppressionScope;
  cause: SuppressionCause;
  at: number;
  /** When it ends by itself; null for one that does not. */
  until: number | null;
  /** What people have chosen, beneath what a provider says; it stays when that is lifted. */
  chosen?: { cause: SuppressionCause; at: number };
}

/** When mail to an address could not be taken lately; kept under the address's hash. */
export interface SoftBounces {
  at: number[];
}

/** When providers last made us suppress an address, to notice a flood of it. */
export interface SuppressedLately {
  at: number[];
}

/** How many sign-ins failed in each hour of the last day, by its number since 1970. */
export interface FailuresLately {
  hours: Record<string, number>;
}

/** What became of a member's mail on one day of UTC. Kept under the member, or "" for all, and the day. */
export interface MailDay {
  /** Asked for. */
  reserved: number;
  /** Left. */
  sent: number;
  bounced: number;
  complained: number;
  invited: number;
  refused: number;
  /** Whether the day's limit was hit. */
  limited: boolean;
  /** Of all mail also by the hour of that day, 0 to 23: what stops all of it looks at 24 hours. */
  hours?: Record<number, HourCount>;
}

export interface HourCount {
  sent: number;
  complained: number;
}

/** What is known of a member who sends, beside the counts of days. */
export interface Sender {
  /** Why nothing of theirs leaves until an admin says so. */
  paused: { at: number; why: string } | null;
  /** Messages a day that an admin allows in place of the usual; null for the usual. */
  perDay: number | null;
  /** Who complained lately, by the hash of their address. */
  complaints?: { by: string; at: number }[];
  /** When an admin last let them send again, and what that day had counted: it is not held against them. */
  released?: { at: number; counted: MailDay };
}

/** What holds all sending. */
export interface Sending {
  /** By an admin. */
  stopped: { at: number; by: string } | null;
  /** By itself, after complaints; letters about accounts and reminders to oneself still leave. */
  breaker: { at: number; why: string } | null;
  /** The store was restored from a backup: all but new letters about accounts wait for an admin's word. */
  restored: { at: number; past: "held" | "send" | "drop" } | null;
  /** When an admin last closed the breaker again, and what that day had counted until then. */
  resumed?: { at: number; counted: MailDay };
}

/** Which of the tokens of one purpose and address is the one that works. */
export interface NewestToken {
  /** Of its value. */
  hash: string;
  expiresAt: number;
}

/** An address that an account may get or get back by the link of a letter. */
export interface LinkedAddress {
  address: string;
  /** Of what the link carries. */
  hash: string;
  until: number;
}

/** Changes of an account's address that can be confirmed or undone. */
export interface EmailChange {
  /** What waits to be confirmed there. */
  asked: LinkedAddress | null;
  /** Those from which a change can be undone, oldest first, and how each was proven. */
  kept: (LinkedAddress & Pick<Account, "verified">)[];
}

/** From where an account was signed in to: browser and network, the longest unseen first. */
export interface Devices {
  seen: { name: string; at: number }[];
}

/** Who mailed one text to others lately; kept under the text's HMAC. */
export interface SameText {
  hash: string;
  /** Each member once, with all the recipients they asked for and when they last did. */
  by: { accountId: string; recipients: number; at: number }[];
  /** Since when nothing with this text leaves. */
  heldAt: number | null;
  /** What an admin has said of it. */
  decided: { at: number; past: "send" | "drop" } | null;
}

/** A message that its reader has reported, for admins to judge by; kept under its sender and the reader. */
export interface Reported {
  at: number;
  /** Who reported it: "b…@example.net"; empty when they had that erased. */
  shown: string;
  title: string;
  /** The beginning of it. */
  text: string;
  expiresAt: number;
}
