import type { App } from "../core/app.ts";
import type { JobRecord, JobState, Progress } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import { publish } from "../realtime/events.ts";

/** Least time between two events about one job's progress: four frames a second. */
const FRAME_MS = 250;

/** A job as its owner sees it. */
export interface JobView {
  id: string;
  kind: string;
  state: JobState;
  progress: Progress;
  reason: string | null;
  dueAt: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export function jobView(job: JobRecord): JobView {
  const finished = job.finishedAt !== null;
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    progress: job.progress,
    reason: job.reason,
    dueAt: finished ? null : iso(job.dueAt),
    createdAt: iso(job.createdAt),
    startedAt: job.startedAt === null ? null : iso(job.startedAt),
    finishedAt: job.finishedAt === null ? null : iso(job.finishedAt),
  };
}

const iso = (at: number) => new Date(at).toISOString();

/**
 * The record with its owner's pages told of it in the same commit; the same record untold when they
 * were told a moment ago and `force` does not say that this change must not be missed.
 */
export async function told(
  app: Pick<App, "clock" | "hub">,
  tx: Tx,
  job: JobRecord,
  { force }: { force: boolean },
): Promise<JobRecord> {
  const now = app.clock.now();
  if (job.ownerId === null || !force && Math.abs(now - job.toldAt) < FRAME_MS) return job;
  await publish(app, tx, `account:${job.ownerId}`, { type: "job", data: jobView(job) });
  return { ...job, toldAt: now };
}
