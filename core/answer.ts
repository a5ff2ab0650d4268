/** What a provider said of one message. */
export type Answer =
  | { is: "accepted"; providerId: string }
  /** Final: another try would be refused as well. `badAddress`: whoever it is for cannot be reached there. */
  | { is: "refused"; reason: string; badAddress: boolean }
  /** Refused for now; this message may be tried again, not before `retryAfterMs` where that is said. */
  | { is: "postponed"; reason: string; retryAfterMs?: number }
  /** Perhaps accepted: the connection ended before the answer. */
  | { is: "unclear"; reason: string }
  /** Certainly not sent, and no other message would be either. */
  | { is: "down"; reason: string; retryAfterMs?: number };
