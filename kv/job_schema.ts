/** The shapes of jobs and of what they deliver; part of schema.ts. */

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
  /** Who asked, where it was not its owner; as the reason that its end will have. */
  cancelReason?: string;
  /** What it waits for came while it ran: it is to look once more. */
  poked?: boolean;
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

export type Channel = "mail" | "telegram" | "page";

/** One recipient on one channel. */
export interface Delivery {
  /** The job's id and the number, joined by a dash: what the provider is asked by. */
  id: string;
  jobId: string;
  number: number;
  channel: Channel;
  /** An address; for Telegram and the inbox, whose it is in words. */
  to: string;
  /** For Telegram. */
  chatId?: number;
  /** Of a broadcast: whose it is, whatever address they had then; absent in old records. */
  memberId?: string;
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
  /** It waits for its recipient's consent until then, and is looked at whenever its job is. */
  awaits?: "consent";
  /** The day whose quota holds a place for it. */
  reserved?: string;
  /** It is counted among what has left; a further try counts no second time. */
  counted?: true;
  /** What its provider or reader has said of it since it left, each once. */
  heard?: string[];
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
