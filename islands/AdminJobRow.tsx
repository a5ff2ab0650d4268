import type { AdminJobView } from "../domain/admin/admin_jobs.ts";
import { Bar } from "./Bar.tsx";
import { Chip } from "./marks.tsx";
import { fullTime, type Reader, relative } from "./times.ts";
import { count, jobCount, type Sign, took } from "./words.ts";

export interface AdminJobRowProps {
  job: AdminJobView;
  query: string;
  reader: Reader;
  now: number;
}

/** A job that is due for longer than this is late, ms. */
const LATE_MS = 60_000;

/** One job among everybody's. */
export function AdminJobRow({ job, query, reader, now }: AdminJobRowProps) {
  const { id, kind, owner, state, progress, attempt, maxAttempts, reason, error, may } = job;
  const dueAt = job.dueAt === null ? null : Date.parse(job.dueAt);
  const at = Date.parse(job.finishedAt ?? job.dueAt ?? job.createdAt);
  const lateMs = state === "scheduled" && dueAt !== null ? now - dueAt : 0;
  const trouble = reason ?? error;
  const name = `${kind} ${owner ? `of ${owner}` : id}`;
  return (
    <tr>
      <td class="state">
        <Chip sign={signOf(job)} />
      </td>
      <th scope="row">
        <code>{kind}</code>
        {owner && <small dir="auto">{owner}</small>}
        {trouble && <small class="why" dir="auto">{trouble}</small>}
      </th>
      <td class="how-far">
        {progress.total > 0 && (
          <>
            <Bar job={job} />
            <small>
              {jobCount(job)}
              {progress.failed > 0 && ` · ${progress.failed} failed`}
            </small>
          </>
        )}
      </td>
      <td class="at">
        {state === "running"
          ? <span>now</span>
          : (
            <time dateTime={new Date(at).toISOString()} title={fullTime(at, reader)}>
              {relative(at, now)}
            </time>
          )}
        {lateMs > LATE_MS && <small class="bad">{`${took(lateMs)} late`}</small>}
      </td>
      <td class="took">{job.startedAt === null ? "" : took(Math.max(0, tookMs(job, now)))}</td>
      <td class="tries">{maxAttempts === null ? attempt : `${attempt} of ${maxAttempts}`}</td>
      <td class="acts">
        {may.map((act) => (
          <form key={act} method="post" action={`/admin/jobs/${id}/${act}?${query}`}>
            <button type="submit" class="quiet" aria-label={`${acts[act]}: ${name}`}>
              {acts[act]}
            </button>
          </form>
        ))}
      </td>
    </tr>
  );
}

const acts = { cancel: "Cancel", retry: "Retry", run: "Run now" };

function tookMs({ startedAt, finishedAt }: AdminJobView, now: number): number {
  return (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt ?? "");
}

function signOf({ state, startedAt, progress: { failed }, error }: AdminJobView): Sign {
  switch (state) {
    case "scheduled":
      if (error !== null) return { word: "Retrying", mark: "wait", tone: "bad" };
      return { word: startedAt === null ? "Scheduled" : "Waiting", mark: "wait", tone: "calm" };
    case "running":
      return { word: "Running", mark: "run", tone: "time" };
    case "completed":
      if (failed === 0) return { word: "Done", mark: "done", tone: "good" };
      return { word: `Done, ${count(failed, "failure", "failures")}`, mark: "fail", tone: "bad" };
    case "cancelled":
      return { word: "Cancelled", mark: "skip", tone: "calm" };
    case "discarded":
      return { word: "Failed", mark: "fail", tone: "bad" };
  }
}
