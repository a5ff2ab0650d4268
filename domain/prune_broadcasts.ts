import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { Broadcast, BroadcastRun } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";

/**
 * Removes up to so many runs that ended by `before`, also of a rule that still comes. Their parts are
 * jobs, which go by themselves; what is in the inboxes stays and can be read.
 *
 * @returns how many.
 */
export async function pruneRuns(app: App, before: number, most: number): Promise<number> {
  const old: BroadcastRun[] = [];
  for await (const { value } of app.store.list<BroadcastRun>(ranges.runs)) {
    if (value.finishedAt === null || value.finishedAt > before) continue;
    if (old.push(value) === most) break;
  }
  await transact(app, (tx) => {
    for (const { broadcastId, dueAt } of old) tx.delete(keys.broadcastRun(broadcastId, dueAt));
  });
  return old.length;
}

/** Removes up to so many broadcasts that are over since `before` and have no run left. @returns how many. */
export async function pruneBroadcasts(app: App, before: number, most: number): Promise<number> {
  let removed = 0;
  for await (const { value } of app.store.list<Broadcast>(ranges.allBroadcasts)) {
    if (!isOver(value, before)) continue;
    if ((await list(app, ranges.runsOf(value.id), { limit: 1 })).length > 0) continue;
    await transact(app, (tx) => {
      tx.delete(keys.broadcast(value.id));
      tx.delete(keys.broadcastByTime(value.createdAt, value.id));
    });
    if (++removed === most) break;
  }
  return removed;
}

/** What is over does not begin again, so it may be decided outside of the commit. */
function isOver({ state, openRuns, ledger, updatedAt }: Broadcast, before: number): boolean {
  const over = state === "finished" || state === "cancelled";
  return over && openRuns.length === 0 && (ledger.at(-1)?.at ?? updatedAt) <= before;
}
