import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { JobRecord } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";

/**
 * Removes a job with all that belongs to it: its mailing, its deliveries, its places in the indexes.
 * One that runs is asked to end instead.
 *
 * @returns false for one that runs.
 */
export async function removeJob(app: App, id: string, why: string): Promise<boolean> {
  const deliveries = await list(app, ranges.deliveriesOf(id));
  return await transact(app, async (tx) => {
    const job = await tx.get(keys.job(id));
    if (job?.state === "running") {
      if (!job.cancelAsked) tx.set(keys.job(id), { ...job, cancelAsked: true, cancelReason: why });
      return false;
    }
    const mailing = await tx.get(keys.mailing(id));
    if (mailing) {
      const { noteId, ownerId, createdAt, parts } = mailing;
      for (let part = 0; part < parts; part++) tx.delete(keys.mailingText(id, part));
      tx.delete(keys.mailingByNote(noteId, createdAt, id));
      tx.delete(keys.mailingByOwner(ownerId, createdAt, id));
      tx.delete(keys.mailing(id));
      tx.delete(keys.chatProgress(id));
    }
    for (const { number } of deliveries) tx.delete(keys.delivery(id, number));
    if (job) deleteJob(tx, job);
    return true;
  });
}

function deleteJob(tx: Tx, { id, ownerId, createdAt, dueAt, finishedAt }: JobRecord): void {
  if (ownerId) tx.delete(keys.jobByOwner(ownerId, createdAt, id));
  if (finishedAt === null) tx.delete(keys.jobByDue(dueAt, id));
  else tx.delete(keys.jobByEnd(finishedAt, id));
  tx.delete(keys.job(id));
}
