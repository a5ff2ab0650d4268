import type { Delivery } from "../../kv/schema.ts";
import { moved } from "../mail/delivery_change.ts";
import { skipped } from "../mail/delivery_moves.ts";
import type { Leave } from "../mail/leave.ts";

/** What waits for somebody's consent is looked at again after this at the latest, ms. */
const LOOK_AGAIN_MS = 3_600_000;

/** A delivery that may not leave now, as it then is; null for one that may. */
export function keptBack(delivery: Delivery, leave: Leave, now: number): Delivery | null {
  if (leave.is === "go") return null;
  if (leave.is === "never") return skipped(delivery, leave.reason, now);
  const { until, reason, awaits } = leave;
  const dueAt = awaits ? Math.min(until, now + LOOK_AGAIN_MS) : until;
  // Looked at again and again: only what is new is written down.
  if (delivery.reason === reason) return { ...delivery, dueAt, awaits };
  return moved(delivery, now, `Waits: ${reason}`, { state: "waiting", reason, dueAt, awaits });
}

/** What waits for consent is looked at whenever its job is: somebody may have answered. */
export function lookedAtNow(now: number): (delivery: Delivery) => Delivery {
  return (one) =>
    one.state === "waiting" && one.awaits ? { ...one, dueAt: Math.min(one.dueAt, now) } : one;
}
