import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import { end } from "../jobs/lease.ts";
import { type JobView, jobView } from "../jobs/view.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list, type Page, page, read, readMany } from "../kv/read.ts";
import type { Delivery, JobRecord, JobState } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { skipRest } from "./mail/deliveries.ts";

const PAGE = 30;

/** One recipient's line as its owner sees it. */
export interface DeliveryView {
  id: string;
  channel: Delivery["channel"];
  to: string;
  state: Delivery["state"];
  reason: string | null;
  attempts: number;
  maybeTwice: boolean;
  updatedAt: string;
  ledger: { at: string; text: string }[];
}

/** A job with its deliveries, as its owner sees it. */
export interface WorkView extends JobView {
  title: string;
  /** Of the note that is mailed; null for other kinds of work. */
  noteId: string | null;
  retryOf: string | null;
  retriedBy: string | null;
  deliveries: DeliveryView[];
}

export interface JobRef {
  id: string;
  ownerId: string;
}

/** One's own job. @throws {AppError} `not_found`, also when it is somebody else's. */
export async function getWork(app: App, { id, ownerId }: JobRef): Promise<WorkView> {
  const job = isId(id) ? await read(app, keys.job(id)) : null;
  if (job === null || job.ownerId !== ownerId) throw notFound("job");
  const [mailing, deliveries] = await Promise.all([
    read(app, keys.mailing(id)),
    list(app, ranges.deliveriesOf(id)),
  ]);
  return {
    ...jobView(job),
    title: mailing?.title ?? "",
    noteId: mailing?.noteId ?? null,
    retryOf: mailing?.retryOf ?? null,
    retriedBy: mailing?.retriedBy ?? null,
    deliveries: deliveries.map(deliveryView),
  };
}

/** One's own mailing. @throws {AppError} `not_found`, also when the job is of another kind. */
export async function getMailing(app: App, ref: JobRef): Promise<WorkView & { noteId: string }> {
  const { noteId, ...work } = await getWork(app, ref);
  if (noteId === null) throw notFound("job");
  return { ...work, noteId };
}

/** A delivery as its owner sees it. */
export function deliveryView(delivery: Delivery): DeliveryView {
  const { id, channel, to, state, reason, attempts, maybeTwice, ledger } = delivery;
  const lines = ledger.map(({ at, text }) => ({ at: new Date(at).toISOString(), text }));
  const updatedAt = lines.at(-1)?.at ?? new Date(0).toISOString();
  return { id, channel, to, state, reason, attempts, maybeTwice, updatedAt, ledger: lines };
}

/** One's jobs, newest first; a page may be short where a state is asked for. */
export async function listWork(
  app: App,
  { ownerId, state, cursor }: { ownerId: string; state?: JobState; cursor?: string },
): Promise<Page<JobView>> {
  const { items, next } = await page(app, ranges.jobsOf(ownerId), { limit: PAGE, cursor });
  const jobs = await readMany(app, items.map(({ value }) => keys.job(value)));
  const wanted = jobs.filter((job) => state === undefined || job.state === state);
  return { items: wanted.map(jobView), next };
}

/**
 * Ends a job. One that waits is cancelled when this returns, and nothing more of it will be sent; one
 * that runs is asked to end, and its final state follows within moments.
 *
 * @throws {AppError} `not_found`; `conflict` when it is over already.
 */
export async function cancelWork(app: App, { id, ownerId }: JobRef): Promise<JobView> {
  return await transact(app, async (tx) => {
    const job = isId(id) ? await tx.get(keys.job(id)) : null;
    if (job === null || job.ownerId !== ownerId) throw notFound("job");
    return jobView(await cancelJob(app, tx, job, "cancelled by its owner"));
  });
}

/**
 * Ends a job in the caller's commit, or asks the try that runs to end. The caller has made sure who
 * may.
 *
 * @throws {AppError} `conflict` when it is over already.
 */
export async function cancelJob(
  app: App,
  tx: Tx,
  job: JobRecord,
  reason: string,
): Promise<JobRecord> {
  if (job.finishedAt !== null) throw new AppError("conflict", `Cannot cancel: it is ${job.state}`);
  if (job.state === "running") {
    const asked: JobRecord = { ...job, cancelAsked: true, cancelReason: reason };
    tx.set(keys.job(job.id), asked);
    return asked;
  }
  const cancelled = await end(app, tx, job, "cancelled", reason);
  // Deliveries change only in commits that are checked against the job, as this one is.
  const deliveries = await list(app, ranges.deliveriesOf(job.id));
  skipRest(deliveries, reason, app.clock.now())(tx, cancelled);
  return cancelled;
}
