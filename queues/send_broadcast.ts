import { membersAfter } from "../domain/broadcasts/broadcast_members.ts";
import { partTaken, stopRun } from "../domain/broadcasts/broadcast_parts.ts";
import {
  announceTo,
  beginRun,
  isCancelled,
  neverBegan,
} from "../domain/broadcasts/broadcast_runs.ts";
import type { Payload } from "../jobs/catalog.ts";
import { completed, type Ending, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { BroadcastRun } from "../kv/schema.ts";

/**
 * Brings a broadcast to every member, part by part from the run's cursor. Inboxes take it once
 * however often it comes, because the notification has the run's id; a part's messages are made in
 * the commit that moves the cursor. So whoever goes on after a death repeats at most a part's
 * no-ops. Who joins meanwhile stands behind the cursor and has it too.
 */
export const sendBroadcast: Handler<"send_broadcast"> = async (app, job) => {
  const { broadcastId, dueAt } = job.payload;
  let run: BroadcastRun | null = await read(app, keys.broadcastRun(broadcastId, dueAt)) ??
    await job.commit((tx) => beginRun(app, tx, job.payload));
  while (run !== null && !run.expanded) {
    if (await isCancelled(app, broadcastId)) {
      await job.commit((tx) => stopRun(app, tx, { broadcastId, dueAt }, "it was cancelled"));
      break;
    }
    if (job.sliceOver()) return snooze(0);
    const taken: BroadcastRun = run;
    const part = await membersAfter(app, taken.cursor);
    await Promise.all(part.members.map(({ account }) => announceTo(app, taken, account.id)));
    const done = taken.members + part.members.length;
    run = await job.commit(
      (tx) => partTaken(app, tx, taken, part),
      { done, total: done, failed: 0, label: "Putting it into inboxes" },
    );
  }
  return completed();
};

/** When it is given up: those who are told are told, nobody else will be. */
export const giveUpSending: Ending = async (app, tx, { id, reason }) => {
  const job = await tx.get(keys.job(id));
  const ref = job?.payload as Payload<"send_broadcast">;
  const run = await tx.get(keys.broadcastRun(ref.broadcastId, ref.dueAt));
  if (run === null) await neverBegan(app, tx, ref, `given up: ${reason}`);
  else if (!run.expanded) await stopRun(app, tx, run, `given up: ${reason}`);
  return undefined;
};
