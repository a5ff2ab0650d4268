import type { Answer } from "../../core/answer.ts";
import { backoff } from "../../jobs/backoff.ts";
import type { Delivery } from "../../kv/schema.ts";
import { type CarrierTraits, moved } from "./delivery_change.ts";
import { inDoubt } from "./delivery_doubt.ts";

/** After this long a delivery that is only ever refused for now is given up, ms. */
const GIVE_UP_MS = 24 * 3_600_000;
/** The end of a reason where a try may have got through. */
const PERHAPS = ", but an earlier try may have reached them";

/** Committed before the provider is called, so that a crash in the call leaves a trace of it. */
export function sending(
  delivery: Delivery,
  { now, token, carrier }: { now: number; token: string; carrier: CarrierTraits },
): Delivery {
  return moved(delivery, now, `Handed to ${carrier.name}`, {
    state: "sending",
    reason: null,
    token,
    awaits: undefined,
    counted: true,
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
