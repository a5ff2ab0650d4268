import { pruneSome, schedulePrune } from "../domain/prune.ts";
import { completed, type Handler, snooze } from "../jobs/handler.ts";

/** Removes what has been over for long, a slice at a time, and comes back tomorrow. */
export const prune: Handler<"prune"> = async (app, job) => {
  while (await pruneSome(app)) {
    if (job.sliceOver()) return snooze(0);
  }
  return completed((tx) => schedulePrune(app, tx, { tomorrow: true }));
};
