import type { App } from "../core/app.ts";
import { addressKey } from "../domain/recipients/addresses.ts";
import { broadcastInChat, broadcastInMail } from "../domain/broadcasts/broadcast_message.ts";
import { partOver } from "../domain/broadcasts/broadcast_parts.ts";
import { isCancelled } from "../domain/broadcasts/broadcast_runs.ts";
import { isOver, progressOf, setDeliveries } from "../domain/mail/deliveries.ts";
import { givenUp, skipped } from "../domain/mail/delivery_moves.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import type { Payload } from "../jobs/catalog.ts";
import {
  cancel,
  type Ending,
  type Handler,
  type Outcome,
  type RunningJob,
} from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read, readMany } from "../kv/read.ts";
import type { BroadcastRun } from "../kv/schema.ts";
import { broadcastLetter } from "../mails/broadcast.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/**
 * Sends the messages of one part of a broadcast, by mail and to chats. A chat message of which nobody
 * knows the end is not repeated: the inbox has it.
 */
export const deliverBroadcast: Handler<"deliver_broadcast"> = async (app, job) => {
  const { broadcastId, dueAt } = job.payload;
  const run = await read(app, keys.broadcastRun(broadcastId, dueAt));
  if (run === null) return cancel("the broadcast is gone");
  if (await isCancelled(app, broadcastId)) {
    return await stopped(app, { job, run, reason: "the broadcast was cancelled" });
  }
  await dropMoot(app, job);
  const { origin, mailFrom } = app.config;
  const said = { ...run, origin };
  const words = broadcastInMail(said);
  const letter = broadcastLetter({ ...words, title: run.title, text: run.text });
  const chat = broadcastInChat(said);
  const outcome = await deliver(app, job, {
    leaving: { kind: "broadcast", ownerId: null, askedAt: dueAt },
    mail: async (delivery) => ({
      ref: delivery.id,
      from: { address: mailFrom, name: "Clock Work" },
      to: { address: delivery.to },
      ...withWaysOut(
        { ...letter, headers: { "Auto-Submitted": "auto-generated" } },
        await waysOut(app, null, { kind: "broadcast", delivery }),
      ),
      date: delivery.firstAt ?? app.clock.now(),
    }),
    chat: ({ chatId }) => ({ chatId: chatId!, ...chat }),
    repeatInChat: false,
    done: (deliveries) => (tx) => partOver(app, tx, run, deliveries),
  });
  return outcome.is === "cancel"
    ? await stopped(app, { job, run, reason: outcome.reason })
    : outcome;
};

/**
 * What a later try must not send any more: to chats that were unlinked or turned off meanwhile, and to
 * addresses that are no member's now.
 */
async function dropMoot(app: App, job: RunningJob): Promise<void> {
  const all = await deliveriesOf(app, job.id);
  const waiting = all.filter(({ state }) => state === "waiting");
  const toChats = waiting.filter(({ chatId }) => chatId !== undefined);
  const chats = await readMany(app, toChats.map(({ chatId }) => keys.chat(chatId!)));
  const open = new Set(chats.filter(({ state }) => state === "on").map(({ chatId }) => chatId));
  const toMail = waiting.filter(({ chatId }) => chatId === undefined);
  const holders = await app.store.getMany<string>(
    toMail.map(({ to }) => keys.accountByEmail(addressKey(to))),
  );
  const now = app.clock.now();
  const dropped = [
    ...toChats.filter(({ chatId }) => !open.has(chatId!))
      .map((one) => skipped(one, "the chat takes no messages any more", now)),
    ...toMail.filter((_, i) => holders[i]?.value === null)
      .map((one) => skipped(one, "the address is no member’s any more", now)),
  ];
  if (dropped.length === 0) return;
  for (const one of dropped) all[one.number] = one;
  await job.commit(
    (tx) => setDeliveries(tx, dropped),
    progressOf(all, "Looking at who is still there"),
  );
}

/** Ends the part: what is not sent yet will not be. */
async function stopped(
  app: App,
  { job, run, reason }: { job: RunningJob; run: BroadcastRun; reason: string },
): Promise<Outcome> {
  const now = app.clock.now();
  const deliveries = await deliveriesOf(app, job.id);
  const ended = deliveries.map((one) => isOver(one) ? one : skipped(one, reason, now));
  return cancel(reason, async (tx) => {
    setDeliveries(tx, ended.filter((one, i) => one !== deliveries[i]));
    await partOver(app, tx, run, ended);
  });
}

/** When it is given up: its open messages end as failed, and the run can end. */
export const giveUpDelivering: Ending = async (app, tx, { id, reason }) => {
  const now = app.clock.now();
  const deliveries = await deliveriesOf(app, id);
  const ended = deliveries.map((one) => isOver(one) ? one : givenUp(one, reason, now));
  setDeliveries(tx, ended.filter((one, i) => one !== deliveries[i]));
  const job = await tx.get(keys.job(id));
  await partOver(app, tx, job?.payload as Payload<"deliver_broadcast">, ended);
  return progressOf(ended, "");
};
