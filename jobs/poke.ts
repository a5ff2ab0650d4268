import { keys } from "../kv/keys.ts";
import type { Tx } from "../kv/transact.ts";
import { type Engine, put } from "./lease.ts";

/**
 * Has a waiting job look again now, because what it waits for is there. One that runs looks once more
 * when its try ends; one that is over, or not there, stays so.
 */
export async function poke(app: Engine, tx: Tx, jobId: string): Promise<void> {
  const job = await tx.get(keys.job(jobId));
  if (job === null || job.finishedAt !== null) return;
  if (job.state === "running") {
    if (!job.poked) tx.set(keys.job(jobId), { ...job, poked: true });
    return;
  }
  const dueAt = app.clock.now();
  if (job.dueAt <= dueAt) return;
  put(tx, job, { ...job, dueAt });
  tx.afterCommit(() => app.waker.wake(dueAt));
}
