import type { Answer } from "./answer.ts";

/** One message to one recipient. All text is free of control characters but for line ends in bodies. */
export interface Mail {
  /** Id of the delivery: the name by which a provider can be asked, the same on each try. */
  ref: string;
  /** The account that asked for it, where one did. Never leaves the machine. */
  senderId?: string;
  from: Mailbox;
  to: Mailbox;
  replyTo?: Mailbox;
  subject: string;
  text: string;
  html: string;
  /** Only names of `MAIL_HEADERS`. */
  headers: Partial<Record<MailHeader, string>>;
  /** When the first try began, ms since 1970; the `Date` of every try. */
  date: number;
}

export interface Mailbox {
  address: string;
  name?: string;
}

export type MailHeader =
  | "Auto-Submitted"
  | "In-Reply-To"
  | "References"
  | "List-Unsubscribe"
  | "List-Unsubscribe-Post"
  | "X-Clock-Work-Report"
  | "Feedback-ID";

/** Hands mail to a provider. Answers are values: a batch may be half sent. */
export interface Mailer {
  readonly name: "outbox" | "smtp" | "mailjet";
  /** Most messages of one call. */
  readonly batch: number;
  /** Sending the same `ref` twice gives one message. */
  readonly idempotent: boolean;
  /** One answer for each message, in their order. Never throws for what a provider does. */
  send(mails: readonly Mail[]): Promise<Answer[]>;
  /** Asks whether a message of this `ref` was accepted; `null` when the provider gives no clear answer. */
  lookup?(ref: string): Promise<{ found: boolean; providerId?: string } | null>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/**
 * A line of people's for a header. What is typed as an encoded word (RFC 2047, "=?utf-8?Q?…?=") would
 * be decoded by the reader's program and say something else there than here; with a space it is text.
 */
export function headerLine(text: string): string {
  return text.replaceAll("=?", "= ?");
}
