import type { App } from "../core/app.ts";
import type { JobRecord } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { backoff } from "./backoff.ts";
import type { Ending, Outcome } from "./handler.ts";
import { type Claimed, discard, end, held, put, unused } from "./lease.ts";
import { told } from "./view.ts";

const MAX_ERROR_CHARS = 500;

/** Writes what became of a try. @throws {LeaseLost} when it is no longer ours to say. */
export async function settle(
  app: App,
  claimed: Claimed,
  outcome: Outcome,
  ending?: Ending,
): Promise<void> {
  const { entry } = claimed;
  await transact(app, async (tx) => {
    const job = await held(tx, claimed);
    if (outcome.is === "snooze") {
      const dueAt = app.clock.now() + pauseOf(job, claimed, outcome.ms);
      put(tx, job, await told(app, tx, unused(job, dueAt), { force: outcome.ms >= 1_000 }));
      tx.afterCommit(() => app.waker.wake(dueAt));
      return;
    }
    if (outcome.is === "discard") {
      await discard(app, tx, { job, reason: outcome.reason, ending });
      return;
    }
    const ended = outcome.is === "completed"
      ? await end(app, tx, job, "completed", null)
      : await end(app, tx, job, "cancelled", outcome.reason);
    await outcome.also?.(tx, ended);
  }, entry ? [entry] : []);
}

/** Writes down a failed try: another one later, or the end when they are used up. */
export async function fail(
  app: App,
  claimed: Claimed,
  { error, maxAttempts, ending }: { error: unknown; maxAttempts: number; ending?: Ending },
): Promise<JobRecord> {
  const { entry } = claimed;
  return await transact(app, async (tx) => {
    const job = await held(tx, claimed);
    const now = app.clock.now();
    const line = { at: now, attempt: job.attempt, message: words(app, error) };
    const failed: JobRecord = { ...job, token: null, silent: 0, errors: [...job.errors, line] };
    if (job.attempt >= maxAttempts) {
      const reason = `${job.attempt} tries failed`;
      return await discard(app, tx, { job: failed, reason, ending });
    }
    const dueAt = now + pauseOf(job, claimed, backoff(job.attempt));
    tx.afterCommit(() => app.waker.wake(dueAt));
    const again: JobRecord = { ...failed, state: "scheduled", dueAt };
    return put(tx, job, await told(app, tx, again, { force: true }));
  }, entry ? [entry] : []);
}

/**
 * None when an end was asked for that the try did not know of, or it was poked: the next try sees it
 * at once.
 */
function pauseOf(job: JobRecord, { job: seen }: Claimed, ms: number): number {
  return job.poked || job.cancelAsked && !seen.cancelAsked ? 0 : Math.max(0, ms);
}

/** Name and message and nothing else that an error carries: clients hang secrets on theirs. */
function words({ log }: Pick<App, "log">, error: unknown): string {
  if (!(error instanceof Error)) return "a value was thrown that is no error";
  return log.hide(`${error.name}: ${error.message}`).slice(0, MAX_ERROR_CHARS);
}
