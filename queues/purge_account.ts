import type { App } from "../core/app.ts";
import { endPurge, purgeSome } from "../domain/accounts/purge.ts";
import { completed, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Purge } from "../kv/schema.ts";

/** Removes what a closed account has left, batch by batch; whoever goes on after a death goes on there. */
export const purgeAccount: Handler<"purge_account"> = async (app, job) => {
  const { purgeId } = job.payload;
  const begun = await read(app, keys.purge(purgeId));
  if (begun?.step === 0) await writeDown(app, begun);
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

/** Puts the account on the list of those that are closed; what it held goes also where that cannot be. */
async function writeDown(
  { closed, log }: Pick<App, "closed" | "log">,
  { accountId, closedAt }: Purge,
): Promise<void> {
  await closed?.add(accountId, closedAt)
    .catch((error) => log.error("closed_list_kept", { accountId }, error));
}
