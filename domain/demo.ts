import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { isId, newId } from "../core/ids.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { type JobView, jobView } from "../jobs/view.ts";
import { keys } from "../kv/keys.ts";
import { read, readMany } from "../kv/read.ts";
import { transact } from "../kv/transact.ts";

/** Steps of each demonstration. */
export const DEMO_STEPS = 100;
/** Places for demonstrations that run, for each person. */
const PLACES = [0, 1];

/**
 * Starts a demonstration; one that `fails` does so half way.
 *
 * @returns the job's id.
 * @throws {AppError} `rate_limited` while two of this person's are under way.
 */
export async function startDemo(
  app: App,
  { ownerId, fails }: { ownerId: string; fails: boolean },
): Promise<string> {
  return await transact(app, async (tx) => {
    for (const place of PLACES) {
      const before = await tx.get(keys.demo(ownerId, place));
      const job = before === null ? null : await tx.get(keys.job(before));
      if (job !== null && job.finishedAt === null) continue;
      const id = newId();
      const payload = { steps: DEMO_STEPS, failAt: fails ? DEMO_STEPS / 2 : null };
      await enqueue(app, tx, "demo", payload, { id, ownerId, total: DEMO_STEPS });
      tx.set(keys.demo(ownerId, place), id);
      return id;
    }
    throw new AppError("rate_limited", "Cannot start: two are under way, wait until one is over", {
      retryAfterMs: 5_000,
    });
  });
}

/** The demonstration that this person started last, or null. */
export async function lastDemo(app: App, ownerId: string): Promise<JobView | null> {
  const places = PLACES.map((place) => keys.demo(ownerId, place));
  const ids = await readMany(app, places);
  const jobs = await readMany(app, ids.map((id) => keys.job(id)));
  const last = jobs.sort((a, b) => b.createdAt - a.createdAt)[0];
  return last ? jobView(last) : null;
}

/** One's own demonstration. @throws {AppError} `not_found`. */
export async function demoOf(
  app: App,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<JobView> {
  const job = isId(id) ? await read(app, keys.job(id)) : null;
  if (job === null || job.ownerId !== ownerId || job.kind !== "demo") throw notFound("job");
  return jobView(job);
}
