import { keys } from "../../kv/keys.ts";
import type { Delivery, DeliveryState, JobRecord, Progress } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { skipped } from "./delivery_moves.ts";

export type NewDelivery =
  & Pick<Delivery, "jobId" | "number" | "to" | "chatId">
  & Partial<Pick<Delivery, "channel" | "memberId">>;

/** One recipient of a job, not tried yet; by mail if nothing else is said. */
export function newDelivery(
  { jobId, number, channel = "mail", to, chatId, memberId }: NewDelivery,
  now: number,
): Delivery {
  return {
    id: `${jobId}-${number}`,
    jobId,
    number,
    channel,
    to,
    ...(chatId === undefined ? {} : { chatId }),
    ...(memberId === undefined ? {} : { memberId }),
    state: "waiting",
    reason: null,
    attempts: 0,
    token: null,
    firstAt: null,
    triedAt: null,
    dueAt: now,
    asked: 0,
    providerId: null,
    maybeTwice: false,
    ledger: [{ at: now, text: "Accepted" }],
  };
}

/** What reaches the inbox in the very commit that asks for it. */
export function inboxDelivery(
  of: Pick<Delivery, "jobId" | "number" | "to">,
  now: number,
): Delivery {
  const delivery = newDelivery({ ...of, channel: "page" }, now);
  const ledger = [{ at: now, text: "Put into the inbox" }];
  return { ...delivery, state: "sent", firstAt: now, triedAt: now, ledger };
}

/** Whether nothing will ever happen to it again. */
export function isOver({ state }: Delivery): boolean {
  return state === "sent" || state === "failed" || state === "skipped";
}

/** Writes deliveries; the commit must be checked against their job. */
export function setDeliveries(tx: Tx, deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) {
    tx.set(keys.delivery(delivery.jobId, delivery.number), delivery);
  }
}

/** How far a job is, by its deliveries. */
export function progressOf(deliveries: readonly Delivery[], label: string): Progress {
  const count = (state: DeliveryState) => deliveries.filter((one) => one.state === state).length;
  return { done: count("sent"), failed: count("failed"), total: deliveries.length, label };
}

/** For the commit that cancels a job: what has not been sent will not be. */
export function skipRest(deliveries: readonly Delivery[], reason: string, now: number) {
  return (tx: Tx, _job: JobRecord): void => {
    setDeliveries(
      tx,
      deliveries.filter((one) => !isOver(one)).map((one) => skipped(one, reason, now)),
    );
  };
}
