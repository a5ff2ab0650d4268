import type { Answer } from "../core/answer.ts";
import { backoff } from "../jobs/backoff.ts";
import type { Delivery, DeliveryState } from "../kv/schema.ts";

/** After this long a delivery that is only ever refused for now is given up, ms. */
const GIVE_UP_MS = 24 * 3_600_000;
/** How often a provider that can be asked is asked before the message is sent again. */
const MAX_ASKED = 2;
/** Lines of one delivery's ledger; the oldest but the first go when there are more. */
const MAX_LINES = 60;
/** The end of a reason where a try may have got through. */
const PERHAPS = ", but an earlier try may have reached them";

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
function moved(
  delivery: Delivery,
  now: number,
  text: string,
  change: Partial<Delivery> & { state: DeliveryState },
): Delivery {
  const ledger = [...delivery.ledger, { at: now, text }];
  if (ledger.length > MAX_LINES) ledger.splice(1, 1);
  return { ...delivery, ...change, ledger };
}

/** Committed before the provider is called, so that a crash in the call leaves a trace of it. */
export function sending(
  delivery: Delivery,
  { now, token, carrier }: { now: number; token: string; carrier: CarrierTraits },
): Delivery {
  return moved(delivery, now, `Handed to ${carrier.name}`, {
    state: "sending",
    reason: null,
    token,
    firstAt: delivery.firstAt ?? now,
    triedAt: now,
  });
}

/** What the provider's answer makes of a delivery that was being sent. */
export function answered(
  delivery: Delivery,
  answer: Answer,
  { now, carrier, settleMs }: { now: number; carrier: CarrierTraits; settleMs: number },
): Delivery {
  const { firstAt, attempts } = delivery;
  switch (answer.is) {
    case "accepted":
      return moved(delivery, now, `Accepted by ${carrier.name}`, {
        state: "sent",
        reason: null,
        token: null,
        providerId: answer.providerId,
      });
    case "refused":
      return moved(delivery, now, `Refused: ${answer.reason}`, {
        state: "failed",
        reason: answer.reason,
        token: null,
      });
    case "postponed": {
      const over = now - (firstAt ?? now) >= GIVE_UP_MS;
      return moved(delivery, now, `Refused for now: ${answer.reason}`, {
        state: over ? "failed" : "waiting",
        reason: over ? `Given up after a day: ${answer.reason}` : answer.reason,
        token: null,
        attempts: attempts + 1,
        dueAt: now + (answer.retryAfterMs ?? backoff(attempts + 1)),
      });
    }
    case "down":
      return moved(delivery, now, `Cannot reach ${carrier.name}: ${answer.reason}`, {
        state: "waiting",
        reason: answer.reason,
        token: null,
      });
    case "unclear":
      return inDoubt(delivery, { now, carrier, settleMs, reason: answer.reason });
  }
}

/**
 * A try of which nobody knows the end: asked about later where the provider can be asked, sent again
 * where that makes no second message. Else sent again and marked where a message twice is better than
 * none, and given up with that reason where it is not.
 */
export function inDoubt(
  delivery: Delivery,
  { now, carrier, settleMs, reason }: {
    now: number;
    carrier: CarrierTraits;
    settleMs: number;
    reason: string;
  },
): Delivery {
  if (carrier.canBeAsked) {
    return moved(delivery, now, `No clear answer (${reason}): will ask ${carrier.name}`, {
      state: "in_doubt",
      reason,
      token: null,
      dueAt: (delivery.triedAt ?? now) + settleMs,
    });
  }
  if (carrier.idempotent) {
    return moved(delivery, now, `No clear answer (${reason}): once more`, {
      state: "waiting",
      reason: null,
      token: null,
      dueAt: now,
    });
  }
  if (!carrier.repeats) {
    const why = `No clear answer (${reason}): it may have arrived, and is not sent twice`;
    return moved(delivery, now, why, { state: "failed", reason: why, token: null });
  }
  return moved(delivery, now, `No clear answer (${reason}): once more, which may be a repeat`, {
    state: "waiting",
    reason: null,
    token: null,
    dueAt: now,
    maybeTwice: true,
  });
}

/** What the provider knows of a delivery in doubt; `null` when it gave no clear answer. */
export function lookedUp(
  delivery: Delivery,
  seen: { found: boolean; providerId?: string } | null,
  { now, settleMs }: { now: number; settleMs: number },
): Delivery {
  if (seen?.found) {
    return moved(delivery, now, "The mail service has it: it was accepted", {
      state: "sent",
      reason: null,
      providerId: seen.providerId ?? null,
    });
  }
  if (seen === null) {
    return moved(delivery, now, "The mail service could not be asked", {
      state: "in_doubt",
      dueAt: now + Math.max(settleMs, 1_000),
    });
  }
  const asked = delivery.asked + 1;
  if (asked < MAX_ASKED) {
    return moved(delivery, now, "The mail service does not know it: will ask once more", {
      state: "in_doubt",
      asked,
      dueAt: now + settleMs,
    });
  }
  return moved(delivery, now, "The mail service does not know it: once more", {
    state: "waiting",
    reason: null,
    asked: 0,
    dueAt: now,
  });
}

/** Will not be tried again, because its job is given up. */
export function givenUp(delivery: Delivery, why: string, now: number): Delivery {
  const reason = `Given up: ${why}${perhaps(delivery)}`;
  return moved(delivery, now, reason, { state: "failed", reason, token: null });
}

/** Whether it failed because nobody went on trying, rather than by an answer. */
export function wasGivenUp({ state, reason }: Delivery): boolean {
  return state === "failed" && reason !== null && reason.startsWith("Given up");
}

/** To be tried afresh after it was given up, as somebody asked. */
export function waitingAgain(delivery: Delivery, now: number): Delivery {
  const maybeTwice = delivery.maybeTwice || Boolean(delivery.reason?.endsWith(PERHAPS));
  return moved(delivery, now, "Taken up again by an admin", {
    state: "waiting",
    reason: null,
    attempts: 0,
    token: null,
    firstAt: null,
    dueAt: now,
    asked: 0,
    maybeTwice,
  });
}

/** What has to be added where a try of it may have got through. */
function perhaps({ state }: Delivery): string {
  const inDoubt = state === "in_doubt" || state === "sending";
  return inDoubt ? PERHAPS : "";
}

/** Will not be sent, or, if a try of it is in doubt, not again. */
export function skipped(delivery: Delivery, why: string, now: number): Delivery {
  const reason = why + perhaps(delivery);
  return moved(delivery, now, `Not sent: ${reason}`, { state: "skipped", reason, token: null });
}
