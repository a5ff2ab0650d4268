import type { App } from "../core/app.ts";
import { newId } from "../core/ids.ts";
import { keys } from "../kv/keys.ts";
import type { JobRecord } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import type { JobKind, Payload } from "./catalog.ts";

export interface EnqueueOptions {
  /** A name of one's own makes adding it again a no-op; a random one needs no look at the store. */
  id?: string;
  /** Not before; now by default. */
  dueAt?: number;
  ownerId?: string;
  /** How many parts the work has, for its progress. */
  total?: number;
}

/** Adds a job in the same commit as what it is about, and asks for a look once that is stored. */
export async function enqueue<K extends JobKind>(
  app: Pick<App, "clock" | "waker">,
  tx: Tx,
  kind: K,
  payload: Payload<K>,
  { id, dueAt, ownerId, total = 0 }: EnqueueOptions = {},
): Promise<JobRecord> {
  const now = app.clock.now();
  const there = id === undefined ? null : await tx.get(keys.job(id));
  if (there) return there;
  const job: JobRecord = {
    id: id ?? newId(),
    kind,
    payload,
    ownerId: ownerId ?? null,
    state: "scheduled",
    dueAt: dueAt ?? now,
    attempt: 0,
    silent: 0,
    token: null,
    cancelAsked: false,
    progress: { done: 0, total, failed: 0, label: "" },
    toldAt: 0,
    steps: {},
    errors: [],
    reason: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  };
  tx.set(keys.job(job.id), job);
  tx.set(keys.jobByDue(job.dueAt, job.id), job.id);
  if (ownerId) tx.set(keys.jobByOwner(ownerId, now, job.id), job.id);
  tx.afterCommit(() => app.waker.wake(job.dueAt));
  return job;
}
