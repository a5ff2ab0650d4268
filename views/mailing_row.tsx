import { Chip } from "../islands/marks.tsx";
import type { Reader } from "../islands/times.ts";
import { jobCount, jobSign, people } from "../islands/words.ts";
import type { JobView } from "../jobs/view.ts";
import { Time } from "./time.tsx";

export interface MailingRowProps {
  job: JobView;
  /** Of the note, where the list is of several notes. */
  title?: string;
  now: number;
  reader: Reader;
}

/** One mailing as a line: of what, to how many, what became of it, when. */
export function MailingRow({ job, title, now, reader }: MailingRowProps) {
  const { done, total } = job.progress;
  const reached = done === total ? people(total) : `${jobCount(job)} people`;
  return (
    <li class="mailing-row">
      <a href={`/mailings/${job.id}`} dir="auto">{title ?? reached}</a>
      {title !== undefined && <span class="reached">{reached}</span>}
      <Chip sign={jobSign(job)} />
      <Time at={Date.parse(job.finishedAt ?? job.createdAt)} now={now} reader={reader} />
    </li>
  );
}
