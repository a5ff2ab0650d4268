import { cancel, completed, giveUpNow, type Handler, snooze } from "../jobs/handler.ts";

/** One step, ms: a hundred of them are long enough to watch and short enough to wait for. */
const STEP_MS = 80;

/** Work that can be watched: step after step, each written down, and on request it fails half way. */
export const demo: Handler<"demo"> = async (app, job) => {
  const { steps, failAt } = job.payload;
  for (let done = job.progress.done; done < steps; done++) {
    if (job.cancelAsked) return cancel(job.cancelReason);
    if (job.sliceOver()) return snooze(0);
    if (done === failAt) return giveUpNow(`step ${done + 1} fails, as was asked for`);
    await app.clock.sleep(STEP_MS, job.signal);
    const label = `Step ${done + 1}`;
    await job.commit(() => {}, { done: done + 1, total: steps, failed: 0, label });
  }
  return completed();
};
