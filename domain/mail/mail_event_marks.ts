import type { App } from "../../core/app.ts";
import type { Payload } from "../../jobs/catalog.ts";
import { told } from "../../jobs/view.ts";
import { keys } from "../../kv/keys.ts";
import type { Delivery, JobRecord } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { judgeInstance } from "./breaker.ts";
import { isOver } from "./deliveries.ts";
import { moved } from "./delivery_change.ts";
import { type Sent, sentByRef } from "./letter_from.ts";
import { countInDay, EVERYBODY } from "./mail_days.ts";
import { judgeSender, noteComplaint } from "./senders.ts";
import { addresseeOf } from "../recipients/addressee.ts";
import { suppress } from "../recipients/suppressing.ts";

type Event = Payload<"mail_event">;

/** How long a job that runs without a pause can keep this waiting, ms. */
const HELD_MS = 60_000;

/** What the ledger says of each, and whether it means that the message did not arrive. */
const words: Record<Event["event"], { says: string; lost: boolean }> = {
  bounce: { says: "Bounced", lost: true },
  soft_bounce: { says: "Bounced for now", lost: true },
  blocked: { says: "Blocked by the mail service", lost: true },
  complaint: { says: "Its reader reported it as unwanted", lost: false },
  unsubscribe: { says: "Its reader wants no more of these", lost: false },
};

/**
 * Writes into the ledger of a message what was heard of it, counts it, and pauses who has too much of
 * it. All of it once, however often it runs.
 *
 * @returns "early" while the message is still being sent: whoever sends it would write over this.
 */
export async function markMailEvent(app: App, heard: Event): Promise<"done" | "early"> {
  const sent = await sentByRef(app, heard);
  if (sent === null) return "done";
  if (heard.event === "bounce") {
    const to = await addresseeOf(app, sent.delivery.to);
    await transact(app, (tx) => suppress(app, tx, to, { scope: "all", cause: "bounce" }));
  }
  const marked = await transact(app, (tx) => mark(app, tx, sent, heard));
  if (marked === "early") return "early";
  if (sent.letter.ownerId !== null) await judgeSender(app, sent.letter.ownerId);
  await judgeInstance(app);
  return "done";
}

async function mark(
  app: App,
  tx: Tx,
  { delivery: { jobId, number, to }, letter: { ownerId } }: Sent,
  { event, reason, at }: Event,
): Promise<"done" | "early"> {
  const { box } = await addresseeOf(app, to);
  const delivery = await tx.get(keys.delivery(jobId, number));
  if (delivery === null || delivery.heard?.includes(event)) return "done";
  if (!isOver(delivery)) return "early";
  const job = await tx.get(keys.job(jobId));
  const now = app.clock.now();
  if (job?.state === "running" && now - at < HELD_MS) return "early"; // it counts what it knows
  tx.set(keys.delivery(jobId, number), after(app, delivery, { event, reason }));
  const { lost } = words[event];
  if (lost && delivery.state === "sent" && job?.finishedAt) await countLost(app, tx, job);
  if (event !== "bounce" && event !== "complaint") return "done";
  const change = event === "bounce" ? { bounced: 1 } : { complained: 1 };
  await countInDay(app, tx, EVERYBODY, change);
  if (ownerId !== null) {
    await countInDay(app, tx, ownerId, change);
    if (event === "complaint") await noteComplaint(app, tx, { accountId: ownerId, box });
  }
  return "done";
}

function after(
  { clock }: Pick<App, "clock">,
  delivery: Delivery,
  { event, reason }: Pick<Event, "event" | "reason">,
): Delivery {
  const { says, lost } = words[event];
  const text = reason === "" ? says : `${says}: ${reason}`;
  const change = lost && delivery.state === "sent"
    ? { state: "failed" as const, reason: text }
    : { state: delivery.state };
  const heard = [...delivery.heard ?? [], event];
  return { ...moved(delivery, clock.now(), text, change), heard };
}

/** What a finished job counted as sent did not arrive; its owner's pages are told. */
async function countLost(app: App, tx: Tx, job: JobRecord): Promise<void> {
  const { done, failed } = job.progress;
  const progress = { ...job.progress, done: Math.max(0, done - 1), failed: failed + 1 };
  tx.set(keys.job(job.id), await told(app, tx, { ...job, progress }, { force: true }));
}
