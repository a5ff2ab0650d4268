import { endPurge, purgeSome } from "../domain/accounts/purge.ts";
import { completed, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";

/** Removes what a closed account has left, batch by batch; whoever goes on after a death goes on there. */
export const purgeAccount: Handler<"purge_account"> = async (app, job) => {
  const { purgeId } = job.payload;
  for (;;) {
    const some = await purgeSome(app, purgeId);
    if (some === null) return completed((tx) => endPurge(app, tx, purgeId));
    const { purge, waitMs, of } = some;
    const progress = { done: purge.step, total: of, failed: 0, label: "Removing" };
    await job.commit((tx) => tx.set(keys.purge(purgeId), purge), progress);
    if (waitMs > 0) return snooze(waitMs);
    if (job.sliceOver()) return snooze(0);
  }
};
