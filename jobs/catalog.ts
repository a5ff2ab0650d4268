import { z } from "zod";

export interface JobKindSpec {
  payload: z.ZodType;
  /** Tries that may fail before the job is discarded. */
  maxAttempts: number;
  /** How long one try may go without a sign of life, ms; it is renewed while the process lives. */
  leaseMs: number;
}

const LEASE_MS = 60_000; // three times the longest call to a provider over HTTP

/** Every kind of background work. The handler of the same name is in queues/. */
export const catalog = {
  email_note: {
    payload: z.object({ noteId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  show_progress: {
    payload: z.object({ jobId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  email_account: {
    payload: z.object({
      accountId: z.string(),
      letter: z.enum([
        "activate",
        "already_member",
        "password_changed",
        "chat_off",
        "sender_paused",
        "reset",
        "sign_in",
        "new_device",
        "email_change",
        "email_taken",
        "email_asked",
        "email_changed",
        "email_confirmed",
        "email_undone",
        "account_closing",
        "account_closed",
        "export_ready",
        "address_added",
        "chat_linked",
        "factor_added",
        "factor_removed",
        "factor_failed",
        "recovery_code_used",
        "codes_made",
        "factors_reset",
      ]),
      tokenId: z.string().optional(),
      /** Where it goes, if not to the account's address. */
      to: z.string().optional(),
      /** What it is about: a browser, an address. */
      about: z.string().optional(),
      /** Where its link leads on to. */
      next: z.string().optional(),
    }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  tell_chat: {
    payload: z.object({
      accountId: z.string(),
      title: z.string(),
      text: z.string(),
      href: z.string(),
    }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  demo: {
    payload: z.object({ steps: z.number(), failAt: z.number().nullable() }),
    maxAttempts: 3,
    leaseMs: LEASE_MS,
  },
  fire_reminder: {
    payload: z.object({ reminderId: z.string(), dueAt: z.number(), ringAt: z.number() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  mark_chat: {
    payload: z.object({ reminderId: z.string(), dueAt: z.number() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  send_broadcast: {
    payload: z.object({ broadcastId: z.string(), dueAt: z.number(), version: z.number() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  deliver_broadcast: {
    payload: z.object({ broadcastId: z.string(), dueAt: z.number(), part: z.number() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  prune: {
    payload: z.object({}),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  close_account: {
    payload: z.object({ accountId: z.string(), closesAt: z.number() }),
    maxAttempts: 100,
    leaseMs: LEASE_MS,
  },
  purge_account: {
    payload: z.object({ purgeId: z.string() }),
    maxAttempts: 100, // with the pauses between them, four days
    leaseMs: LEASE_MS,
  },
  export_account: {
    payload: z.object({ accountId: z.string(), replaces: z.string().nullable() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  import_account: {
    payload: z.object({ accountId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  purge_note: {
    payload: z.object({ noteId: z.string(), deletedAt: z.number() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  mail_event: {
    payload: z.object({
      event: z.enum(["bounce", "soft_bounce", "blocked", "complaint", "unsubscribe"]),
      ref: z.string(),
      reason: z.string(),
      at: z.number(),
    }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  judge_sender: {
    payload: z.object({ accountId: z.string().nullable() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  tell_admins: {
    payload: z.object({ title: z.string(), text: z.string(), href: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  chat_moved: {
    payload: z.object({ accountId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  email_invitation: {
    payload: z.object({ ownerId: z.string(), hash: z.string(), tokenId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  email_own_address: {
    payload: z.object({ accountId: z.string(), hash: z.string(), tokenId: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
  move_reminders: {
    /** The address that was the account's; it is in no reminder once this is over. */
    payload: z.object({ accountId: z.string(), from: z.string() }),
    maxAttempts: 8,
    leaseMs: LEASE_MS,
  },
} satisfies Record<string, JobKindSpec>;

export type Catalog = typeof catalog;
export type JobKind = keyof Catalog;
export type Payload<K extends JobKind> = z.output<Catalog[K]["payload"]>;

/** The longest lease of all kinds: at start, what runs ends within it. */
export const MAX_LEASE_MS = Math.max(...Object.values(catalog).map(({ leaseMs }) => leaseMs));
