import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { BroadcastRun, BroadcastTally, Channel, Delivery } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import type { Member } from "./broadcast_members.ts";
import { changeRun } from "./broadcast_runs.ts";
import { newDelivery, setDeliveries } from "../mail/deliveries.ts";

/**
 * Goes on behind a part of the members who have it in their inbox: moves the cursor, and makes the
 * part's messages and the job that sends them, in one commit. Behind the last part, and behind the
 * one at which it was cancelled, the run is expanded.
 */
export async function partTaken(
  app: App,
  tx: Tx,
  run: BroadcastRun,
  { members, next }: { members: readonly Member[]; next: string | null },
): Promise<BroadcastRun> {
  const jobId = await idOf(`deliver_broadcast ${run.id} ${run.parts}`);
  const deliveries = messagesFor(run, members, { jobId, now: app.clock.now() });
  const { broadcastId, dueAt, parts: part } = run;
  if (deliveries.length > 0) {
    const payload = { broadcastId, dueAt, part };
    await enqueue(app, tx, "deliver_broadcast", payload, { id: jobId, total: deliveries.length });
    setDeliveries(tx, deliveries);
  }
  return await changeRun(app, tx, run, (before, { state }) => ({
    ...before,
    cursor: next ?? before.cursor,
    expanded: next === null || state === "cancelled",
    reason: state === "cancelled" && next !== null ? "it was cancelled" : before.reason,
    parts: before.parts + (deliveries.length > 0 ? 1 : 0),
    members: before.members + members.length,
    mail: expecting(before.mail, deliveries, "mail"),
    telegram: expecting(before.telegram, deliveries, "telegram"),
  }));
}

function messagesFor(
  { channels }: BroadcastRun,
  members: readonly Member[],
  { jobId, now }: { jobId: string; now: number },
): Delivery[] {
  const wanted = members.flatMap(({ account: { id: memberId }, mail, chat }) => [
    ...channels.mail && mail !== null ? [{ channel: "mail" as const, to: mail, memberId }] : [],
    ...channels.telegram && chat !== null
      ? [{ channel: "telegram" as const, to: chat.name, chatId: chat.chatId, memberId }]
      : [],
  ]);
  return wanted.map((one, number) => newDelivery({ ...one, jobId, number }, now));
}

function expecting(
  tally: BroadcastTally,
  deliveries: readonly Delivery[],
  channel: Channel,
): BroadcastTally {
  const more = deliveries.filter((one) => one.channel === channel).length;
  return { ...tally, total: tally.total + more };
}

/** For the commit that ends a part's job: what became of its messages. */
export async function partOver(
  app: App,
  tx: Tx,
  run: Pick<BroadcastRun, "broadcastId" | "dueAt">,
  deliveries: readonly Delivery[],
): Promise<void> {
  await changeRun(app, tx, run, (before) => ({
    ...before,
    partsOver: before.partsOver + 1,
    mail: counting(before.mail, deliveries, "mail"),
    telegram: counting(before.telegram, deliveries, "telegram"),
  }));
}

function counting(
  { total, sent, failed, skipped }: BroadcastTally,
  deliveries: readonly Delivery[],
  channel: Channel,
): BroadcastTally {
  const count = (state: Delivery["state"]) =>
    deliveries.filter((one) => one.channel === channel && one.state === state).length;
  return {
    total,
    sent: sent + count("sent"),
    failed: failed + count("failed"),
    skipped: skipped + count("skipped"),
  };
}

/** Ends a run before everybody has it: nobody else is told. Messages under way have ends of their own. */
export async function stopRun(
  app: App,
  tx: Tx,
  run: Pick<BroadcastRun, "broadcastId" | "dueAt">,
  reason: string,
): Promise<BroadcastRun> {
  return await changeRun(app, tx, run, (before) => ({ ...before, expanded: true, reason }));
}
