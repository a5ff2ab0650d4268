import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, readMany } from "../../kv/read.ts";
import type { Account, JobState } from "../../kv/schema.ts";
import { mustBeAdmin } from "./admins.ts";

const DAY_MS = 86_400_000;
/** Most entries counted of each list; beyond it the answer is "that many and more". */
export const MOST_COUNTED = 1_000;

/** How many there are, at least. */
export interface Counted {
  count: number;
  more: boolean;
}

export interface Overview {
  /** Those not over by state; those over, of the last 24 hours. */
  jobs: Record<JobState, Counted>;
  members: Counted;
}

/** How much there is of everything. @throws {AppError} `not_found` for who is no admin. */
export async function overview(app: App, by: Account): Promise<Overview> {
  mustBeAdmin(by);
  const dayAgo = app.clock.now() - DAY_MS;
  const limit = MOST_COUNTED;
  const [due, over, accounts] = await Promise.all([
    list(app, ranges.jobsDue, { limit }),
    list(app, ranges.jobsEndedAfter(dayAgo), { limit, reverse: true }),
    list(app, ranges.accounts, { limit }),
  ]);
  const jobs = await readMany(app, [...due, ...over].map((id) => keys.job(id)));
  const of = (state: JobState, more: boolean): Counted => ({
    count: jobs.filter((job) => job.state === state).length,
    more,
  });
  const [moreDue, moreOver] = [due.length === limit, over.length === limit];
  return {
    jobs: {
      scheduled: of("scheduled", moreDue),
      running: of("running", moreDue),
      completed: of("completed", moreOver),
      cancelled: of("cancelled", moreOver),
      discarded: of("discarded", moreOver),
    },
    members: { count: accounts.length, more: accounts.length === limit },
  };
}
