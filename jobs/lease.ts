import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { readMany } from "../kv/read.ts";
import type { JobRecord, JobState, Progress } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { MAX_LEASE_MS } from "./catalog.ts";
import { type Ending, LeaseLost } from "./handler.ts";
import { told } from "./view.ts";

/** What the state machine of jobs needs of the app. */
export type Engine = Pick<App, "store" | "clock" | "hub" | "waker">;

/** A job under a lease of ours. */
export interface Claimed {
  job: JobRecord;
  token: string;
  payload: unknown;
  /** The record as our last commit left it; spares the next one a read. */
  entry?: Deno.KvEntry<JobRecord>;
}

/** Remembers what a commit is about to store as the latest known entry. */
export function remember(tx: Tx, claimed: Claimed, job: JobRecord): void {
  tx.afterCommit((versionstamp) => {
    claimed.job = job;
    claimed.entry = { key: keys.job(job.id), value: job, versionstamp };
  });
}

/** Writes a job record and keeps its one entry in the due index in step with it. */
export function put(tx: Tx, before: JobRecord, after: JobRecord): JobRecord {
  const listed = (job: JobRecord) => job.finishedAt === null;
  if (listed(before) && (!listed(after) || before.dueAt !== after.dueAt)) {
    tx.delete(keys.jobByDue(before.dueAt, before.id));
  }
  if (listed(after)) tx.set(keys.jobByDue(after.dueAt, after.id), after.id);
  else tx.set(keys.jobByEnd(after.finishedAt!, after.id), after.id);
  tx.set(keys.job(after.id), after);
  return after;
}

/** Ends a job in the caller's own commit, as for one that is cancelled before it began. */
export async function end(
  app: Pick<App, "clock" | "hub">,
  tx: Tx,
  job: JobRecord,
  state: Exclude<JobState, "scheduled" | "running">,
  reason: string | null,
): Promise<JobRecord> {
  const ended: JobRecord = { ...job, state, reason, token: null, finishedAt: app.clock.now() };
  return put(tx, job, await told(app, tx, ended, { force: true }));
}

/** Gives a job up, with all that hangs on it. */
export async function discard(
  app: App,
  tx: Tx,
  { job, reason, ending }: { job: JobRecord; reason: string; ending?: Ending },
): Promise<JobRecord> {
  const progress = await ending?.(app, tx, { id: job.id, reason }) ?? job.progress;
  return await end(app, tx, { ...job, progress }, "discarded", reason);
}

/** The record if the try with this token still holds it. @throws {LeaseLost} otherwise. */
export async function held(
  tx: Tx,
  { job: { id }, token }: Claimed,
): Promise<JobRecord> {
  const job = await tx.get(keys.job(id));
  if (job === null || job.token !== token) throw new LeaseLost(id);
  return job;
}

export interface Renewal {
  leaseMs: number;
  /** How far the work is; absent when nothing is known to have moved. */
  progress?: Progress;
  /** Whether something came of the try with this. */
  answer?: boolean;
}

/** Moves the end of the lease, in a commit that may also hold what the try has done. */
export async function renew(
  app: Engine,
  tx: Tx,
  job: JobRecord,
  { leaseMs, progress, answer }: Renewal,
): Promise<JobRecord> {
  const renewed: JobRecord = { ...job, dueAt: app.clock.now() + leaseMs };
  if (progress === undefined) return put(tx, job, renewed);
  const moved = { ...(answer ? gotOn(renewed) : renewed), progress };
  return put(tx, job, await told(app, tx, moved, { force: false }));
}

/** The record of a job whose try ended without using its attempt; those that died before stay known. */
export function unused(job: JobRecord, dueAt: number): JobRecord {
  const silent = Math.max(0, job.silent - 1);
  return { ...job, state: "scheduled", token: null, attempt: job.attempt - 1, silent, dueAt };
}

/** The record of a job of which something has come: tries that died before it did not use it up. */
function gotOn(job: JobRecord): JobRecord {
  return { ...job, attempt: job.attempt - Math.max(0, job.silent - 1), silent: 0 };
}

/** The record of a job whose try died; that used an attempt only if nothing had come of it. */
export function died(job: JobRecord): JobRecord {
  const attempt = job.silent === 0 ? job.attempt - 1 : job.attempt;
  return { ...job, state: "scheduled", token: null, attempt };
}

/** Gives a lease back unused: due now, the attempt not counted. No harm when it is lost already. */
export async function giveBack(app: Engine, { job: { id }, token }: Claimed): Promise<void> {
  await transact(app, async (tx) => {
    const job = await tx.get(keys.job(id));
    if (job?.token === token) put(tx, job, unused(job, app.clock.now()));
  });
}

/**
 * Makes every running job due at once. Only for a process that is alone on its store and has just
 * started: whatever held those leases is gone.
 *
 * @returns how many there were.
 */
export async function releaseOrphans(app: Engine): Promise<number> {
  const now = app.clock.now();
  const ids: string[] = [];
  // A lease ends within the longest one from now, unless the clock has been set back meanwhile.
  for await (
    const { value } of app.store.list<string>(ranges.jobsDueAfter(now, now + MAX_LEASE_MS + 1))
  ) {
    ids.push(value);
  }
  const jobs = await readMany(app, ids.map((id) => keys.job(id)));
  const orphans = jobs.filter(({ state }) => state === "running");
  await Promise.all(orphans.map(({ id }) =>
    transact(app, async (tx) => {
      const job = await tx.get(keys.job(id));
      if (job?.state !== "running") return;
      put(tx, job, { ...died(job), dueAt: now });
    })
  ));
  return orphans.length;
}
