import { z } from "zod";
import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { catalog, type JobKind } from "../../jobs/catalog.ts";
import { type JobView, jobView } from "../../jobs/view.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { type Page, page, readMany } from "../../kv/read.ts";
import type { Account, JobRecord, JobState } from "../../kv/schema.ts";
import { mustBeAdmin } from "./admins.ts";
import { type JobAct, mayDo } from "./admin_job_acts.ts";

/** Least jobs of a page, as long as there are more. */
const PAGE = 30;
/** Most jobs looked at for one page: a filter may pass over many. */
const MAX_LOOKED_AT = 600;

/** A job as admins see it: whose it is and how it goes, never what it is about. */
export interface AdminJobView extends JobView {
  /** Address of whom it is done for; null where it is nobody's, or theirs no more. */
  owner: string | null;
  attempt: number;
  /** Null for a kind that is not known here. */
  maxAttempts: number | null;
  /** Of the last try that failed. */
  error: string | null;
  /** What an admin may do with it now. */
  may: JobAct[];
}

/** What a payload says of whom the work is for; pages are only told of jobs that have an owner. */
const About = z.object({
  accountId: z.string().optional().catch(undefined),
  reminderId: z.string().optional().catch(undefined),
}).catch({});

/** Every kind there is. */
export const KINDS = Object.keys(catalog) as JobKind[];

export interface JobFilter {
  state?: JobState;
  kind?: string;
  cursor?: string;
}

type ListName = "due" | "over";

/**
 * Everybody's jobs: those that are not over by when they are looked at next, then those that are, the
 * latest first. A page may have less than others, or nothing, where a filter passes over many.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` for a cursor that is none of ours.
 */
export async function listJobs(
  app: App,
  { by, state, kind, cursor }: JobFilter & { by: Account },
): Promise<Page<AdminJobView>> {
  mustBeAdmin(by);
  const names: ListName[] = state === undefined
    ? ["due", "over"]
    : state === "scheduled" || state === "running"
    ? ["due"]
    : ["over"];
  const [from, within] = cursor === undefined ? [names[0], ""] : readCursor(cursor);
  const found: JobRecord[] = [];
  let looked = 0;
  for (const name of names.slice(Math.max(0, names.indexOf(from ?? "due")))) {
    let next: string | null = name === from ? within : "";
    while (next !== null) {
      if (found.length >= PAGE || looked >= MAX_LOOKED_AT) {
        return { items: await withOwners(app, found), next: `${name}.${next}` };
      }
      const range = name === "due" ? ranges.jobsDue : ranges.jobsEnded;
      const part: Page<Deno.KvEntry<string>> = await page(app, range, {
        limit: PAGE,
        cursor: next || undefined,
        reverse: name === "over",
      });
      looked += part.items.length;
      const jobs = await readMany(app, part.items.map(({ value }) => keys.job(value)));
      found.push(
        ...jobs.filter((job) =>
          (state === undefined || job.state === state) && (kind === undefined || job.kind === kind)
        ),
      );
      next = part.next;
    }
  }
  return { items: await withOwners(app, found), next: null };
}

function readCursor(cursor: string): [ListName, string] {
  const [name, within = ""] = cursor.split(".");
  if (name === "due" || name === "over") return [name, within];
  throw new AppError("invalid", "Cannot go on from this cursor: it is none of ours", {
    field: "cursor",
  });
}

async function withOwners(app: App, jobs: readonly JobRecord[]): Promise<AdminJobView[]> {
  const about = jobs.map(({ ownerId, payload }) => ({ ...About.parse(payload), ownerId }));
  const reminderIds = about.flatMap(({ reminderId }) => reminderId ?? []);
  const reminders = await readMany(app, reminderIds.map((id) => keys.reminder(id)));
  const byReminder = new Map(reminders.map(({ id, ownerId }) => [id, ownerId]));
  const whose = about.map(({ ownerId, accountId, reminderId = "" }) =>
    ownerId ?? accountId ?? byReminder.get(reminderId) ?? ""
  );
  const owners = await readMany(app, [...new Set(whose)].map((id) => keys.account(id)));
  const emails = new Map(owners.map(({ id, email }) => [id, email]));
  return jobs.map((job, i) => ({
    ...jobView(job),
    owner: emails.get(whose[i]!) ?? null,
    attempt: job.attempt,
    maxAttempts: job.kind in catalog ? catalog[job.kind as JobKind].maxAttempts : null,
    error: job.errors.at(-1)?.message ?? null,
    may: mayDo(job),
  }));
}
