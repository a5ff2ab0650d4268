import type { App } from "../../core/app.ts";
import { type JobView, jobView } from "../../jobs/view.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, type Page, page, readMany } from "../../kv/read.ts";
import type { Mailing, Note } from "../../kv/schema.ts";

const PAGE = 30;

/** A mailing with its job. */
export interface MailingWithJob {
  mailing: Mailing;
  job: JobView;
}

async function withJobs(app: App, ids: readonly string[]): Promise<MailingWithJob[]> {
  const [mailings, jobs] = await Promise.all([
    readMany(app, ids.map((id) => keys.mailing(id))),
    readMany(app, ids.map((id) => keys.job(id))),
  ]);
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return mailings.flatMap((mailing) => {
    const job = byId.get(mailing.jobId);
    return job ? [{ mailing, job: jobView(job) }] : [];
  });
}

/** One's mailings, newest first. */
export async function listMailings(
  app: App,
  { ownerId, cursor }: { ownerId: string; cursor?: string },
): Promise<Page<MailingWithJob>> {
  const { items, next } = await page(app, ranges.mailingsOf(ownerId), { limit: PAGE, cursor });
  return { items: await withJobs(app, items.map(({ value }) => value)), next };
}

/** The last mailing of each of these notes that was ever mailed, by the note's id. */
export async function lastMailings(
  app: App,
  notes: readonly Note[],
): Promise<Map<string, MailingWithJob>> {
  const ids = notes.flatMap(({ lastMailing }) => lastMailing ?? []);
  return new Map((await withJobs(app, ids)).map((one) => [one.mailing.noteId, one]));
}

/** The last mailings of a note; the caller has made sure whose it is. */
export async function mailingsOfNote(app: App, noteId: string): Promise<MailingWithJob[]> {
  const ids = await list(app, ranges.mailingsOfNote(noteId), { reverse: true, limit: 10 });
  return await withJobs(app, ids);
}
