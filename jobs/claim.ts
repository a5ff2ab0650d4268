import type { App } from "../core/app.ts";
import { newId } from "../core/ids.ts";
import { keys } from "../kv/keys.ts";
import type { JobRecord } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import type { JobKindSpec } from "./catalog.ts";
import type { Endings } from "./handler.ts";
import { type Claimed, died, discard, put, remember } from "./lease.ts";
import { told } from "./view.ts";

/** How long what no handler here understands is put aside, ms. */
const ASIDE_MS = 3_600_000;
/** Tries without any answer after which a job is taken for one that kills its process. */
const MAX_SILENT = 3;

export interface Due {
  /** Where the index has it. */
  at: number;
  entry: Deno.KvEntryMaybe<JobRecord>;
}

/** What is known here of each kind. */
export interface Kinds {
  specs: Partial<Record<string, JobKindSpec>>;
  endings: Endings;
}

/**
 * Takes the job due at `at` by moving its due time to the end of our lease. Null when it is not ours
 * to run: left behind, taken by another, discarded now, or put aside because this process does not
 * know its kind or cannot read its payload.
 */
export function claim(
  app: App,
  { specs, endings }: Kinds,
  { at, entry }: Due,
): Promise<Claimed | null> {
  return transact(app, async (tx) => {
    const found = await tx.get<JobRecord>(entry.key);
    if (found === null || found.dueAt !== at || found.finishedAt !== null) {
      tx.delete(keys.jobByDue(at, String(entry.key[1])));
      return null;
    }
    const job = found.state === "running" ? died(found) : found;
    const now = app.clock.now();
    const facts = { jobId: job.id, kind: job.kind };
    const spec = specs[job.kind];
    const payload = spec?.payload.safeParse(job.payload);
    if (spec === undefined || !payload?.success) {
      const reason = spec ? "its payload cannot be read" : `there is no kind "${job.kind}" here`;
      put(tx, job, { ...job, state: "scheduled", token: null, reason, dueAt: now + ASIDE_MS });
      tx.afterCommit(() => app.log.error("job_put_aside", { ...facts, reason }));
      return null;
    }
    const spent = whySpent(job, spec);
    if (spent !== null) {
      await discard(app, tx, { job, reason: spent, ending: endings[job.kind] });
      tx.afterCommit(() => app.log.error("job_discarded", { ...facts, reason: spent }));
      return null;
    }
    const token = newId();
    const taken: JobRecord = {
      ...job,
      state: "running",
      reason: null,
      poked: false,
      token,
      attempt: job.attempt + 1,
      silent: job.silent + 1,
      startedAt: job.startedAt ?? now,
      dueAt: now + spec.leaseMs,
    };
    const stored = put(tx, job, await told(app, tx, taken, { force: job.startedAt === null }));
    const claimed: Claimed = { job: stored, token, payload: payload.data };
    remember(tx, claimed, stored);
    return claimed;
  }, [entry]);
}

/** Why there is no further try: those before ended in failure, or in nothing at all. */
function whySpent({ silent, attempt }: JobRecord, { maxAttempts }: JobKindSpec): string | null {
  if (silent >= MAX_SILENT) return `${MAX_SILENT} tries ended without an answer`;
  return attempt >= maxAttempts ? `${attempt} tries failed` : null;
}
