import type { Reader } from "../islands/times.ts";
import type { Role, Sending } from "../kv/schema.ts";

/** Who is signed in. */
export interface Viewer {
  id: string;
  name: string;
  email: string;
  role: Role;
  unread: number;
  /** When the account will be closed, if that was asked for. */
  closesAt?: number;
}

/** What was just done, said once on the next page. */
export interface Flash {
  tone: "good" | "bad" | "calm";
  text: string;
  /** A way back: the label of a button and where it posts. */
  undo?: { label: string; action: string };
}

/** What every page gets beside its own props. */
export interface Chrome {
  /** Of this response's content security policy. */
  nonce: string;
  /** Paths of the stylesheet and of the islands' bundle, with their hashes. */
  assets: { css: string; js: string | null; parts: string[] };
  /** When the page is made. */
  now: number;
  reader: Reader;
  viewer: Viewer | null;
  /** Topics and the numbers of their last events, for those who are signed in. */
  live: Record<string, number> | null;
  flash: Flash | null;
  /** The draft that the request before this one saved: the browser forgets its copy. */
  savedDraft: string | null;
  /** Strangers may sign up. */
  signUp: boolean;
  /** Mail is kept at /outbox instead of being sent. */
  outbox: boolean;
  /** What holds all sending; only on the pages of admins. */
  sending: Sending | null;
}

/** What is wrong with a form: by field, and with the whole under "form". */
export type Wrong = Partial<Record<string, string>>;

export const DEFAULT_LOCALE = "en-GB";

/** The reader's variety of English by `Accept-Language`: dates and clocks follow it, words do not. */
export function localeOf(acceptLanguage: string | undefined): string {
  for (const part of (acceptLanguage ?? "").split(",")) {
    const [tag = ""] = part.trim().split(";");
    if (/^en-[A-Z]{2}$/i.test(tag)) return `en-${tag.slice(3).toUpperCase()}`;
  }
  return DEFAULT_LOCALE;
}
