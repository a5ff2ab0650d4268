import type { Delivery } from "../../kv/schema.ts";
import { type CarrierTraits, moved } from "./delivery_change.ts";

/** How often a provider that can be asked is asked before the message is sent again. */
const MAX_ASKED = 2;

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
