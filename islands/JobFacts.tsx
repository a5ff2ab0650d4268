import type { JobView } from "../jobs/view.ts";
import { LinkState } from "./LinkState.tsx";
import { Mark } from "./marks.tsx";
import { usePace } from "./pace.ts";
import { isFinal } from "./poll.ts";
import { clockTime, dayTime, type Reader } from "./times.ts";
import { remaining, took } from "./words.ts";

/** A job that comes up this soon is between two slices of its work, not waiting. */
const BREATH_MS = 5_000;

export interface JobFactsProps {
  job: JobView;
  reader: Reader;
  renderedAt: number;
  now: number;
}

/** What is worth knowing of a mailing beside its bar. */
export function JobFacts({ job, reader, renderedAt, now }: JobFactsProps) {
  const pace = usePace(job, now);
  const { done, failed } = job.progress;
  const dueAt = job.state === "scheduled" && job.dueAt !== null ? Date.parse(job.dueAt) : now;
  const waits = dueAt > now + BREATH_MS;
  const untouched = job.state === "scheduled" && done + failed === 0;
  return (
    <p class="facts">
      {isFinal(job)
        ? <Finish job={job} reader={reader} now={now} />
        : <LinkState reader={reader} renderedAt={renderedAt} />}
      {untouched && !waits && <span>Queued, starts within a minute</span>}
      {waits && <span class="due">{`next try at ${clockTime(dueAt, reader)}`}</span>}
      {failed > 0 && (
        <span class="bad">
          <Mark name="fail" /> {`${failed} failed`}
        </span>
      )}
      {pace && !waits && <span>{`${pace.perMinute} a minute`}</span>}
      {pace && !waits && <span>{remaining(pace.leftMs)}</span>}
      {job.reason !== null && <span>{job.reason}</span>}
    </p>
  );
}

function Finish({ job, reader, now }: Pick<JobFactsProps, "job" | "reader" | "now">) {
  const at = Date.parse(job.finishedAt ?? job.createdAt);
  const from = Date.parse(job.startedAt ?? job.createdAt);
  return (
    <>
      <time dateTime={new Date(at).toISOString()}>{dayTime(at, reader, now)}</time>
      <span>{`took ${took(at - from)}`}</span>
    </>
  );
}
