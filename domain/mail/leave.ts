import type { LetterKind } from "../recipients/suppressions.ts";
import { DAY_MS } from "./mail_days.ts";

/** How long a note waits for its recipient's consent, and what is held for an admin, ms. */
export const MOST_WAIT_MS = 7 * DAY_MS;

/** Whose messages they are and what they are about. */
export interface Leaving {
  kind: LetterKind;
  /** The member who wants them sent; null for what the service sends itself. */
  ownerId: string | null;
  /** When they were asked for, or due. */
  askedAt: number;
  /** About an account, and counted when it was asked for: other letters do not hold it back. */
  limited?: boolean;
  /** What the text is known by that they carry; for what may be held because many send the same. */
  text?: string;
}

/** Whether a message may leave. */
export type Leave =
  | { is: "go" }
  | { is: "wait"; until: number; reason: string; awaits?: "consent" }
  | { is: "never"; reason: string };

export const GO: Leave = { is: "go" };
export const never = (reason: string): Leave => ({ is: "never", reason });
