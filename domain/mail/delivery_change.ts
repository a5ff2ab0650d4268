import type { Delivery, DeliveryState } from "../../kv/schema.ts";

/** Lines of one delivery's ledger; the oldest but the first go when there are more. */
const MAX_LINES = 60;

/** What has to be known of whoever carries a message to say what an answer of theirs means. */
export interface CarrierTraits {
  /** As people know it, inside a sentence: "the mail service". */
  name: string;
  /** It can be asked whether it accepted something. */
  canBeAsked: boolean;
  /** Sending the same delivery twice gives one message. */
  idempotent: boolean;
  /** Whether a message twice is better than none, where nobody can know. */
  repeats: boolean;
}

/** A delivery in another state, with a line in its ledger that says why. */
export function moved(
  delivery: Delivery,
  now: number,
  text: string,
  change: Partial<Delivery> & { state: DeliveryState },
): Delivery {
  const ledger = [...delivery.ledger, { at: now, text }];
  if (ledger.length > MAX_LINES) ledger.splice(1, 1);
  return { ...delivery, ...change, ledger };
}
