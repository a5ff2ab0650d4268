import type { JobView } from "../jobs/view.ts";
import { Bar } from "./Bar.tsx";
import { useServerNow } from "./clock.ts";
import { JobActions } from "./JobActions.tsx";
import { JobFacts } from "./JobFacts.tsx";
import { useJob } from "./live.ts";
import { isFinal } from "./poll.ts";
import { Spoken } from "./Spoken.tsx";
import type { Reader } from "./times.ts";
import { showTitle } from "./title.ts";
import { useEffect } from "preact/hooks";
import { jobCount, jobPercent, jobSentence } from "./words.ts";

export interface JobProgressProps {
  job: JobView;
  /** Of the note. */
  title: string;
  reader: Reader;
  /** When the page was made. */
  renderedAt: number;
  /** Where the whole mailing is shown; absent on that page. */
  href?: string;
  /** Of the heading. */
  level: 1 | 2;
  /** The mailing that tries the failures of this one again. */
  retriedBy: string | null;
  /** The tab's title carries the percentage. */
  inTitle?: boolean;
}

/**
 * One mailing as a sentence and a bar that follow it. Without JavaScript it shows how far the mailing
 * was when the page was made.
 */
export function JobProgress(props: JobProgressProps) {
  const { title, reader, renderedAt, href, level, inTitle } = props;
  const job = useJob(props.job);
  const now = useServerNow(renderedAt)();
  const percent = jobPercent(job);
  const final = isFinal(job);
  const id = `job-${job.id}`;
  const Heading = level === 1 ? "h1" : "h2";
  const sentence = jobSentence(job, title);
  useEffect(() => {
    if (inTitle) showTitle({ percent: final ? null : percent, name: sentence });
  }, [percent, sentence]);
  const begun = job.state !== "scheduled" || percent > 0;
  return (
    <article class={`card progress ${final ? "final" : "active"}`} aria-labelledby={id}>
      <header>
        <Heading id={id} dir="auto">{href ? <a href={href}>{sentence}</a> : sentence}</Heading>
        <span class="count">{jobCount(job)}</span>
      </header>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={begun ? percent : undefined}
        aria-valuetext={`${jobCount(job)} sent, ${job.progress.failed} failed`}
      >
        <Bar job={job} />
      </div>
      <div class="under">
        <JobFacts job={job} reader={reader} renderedAt={renderedAt} now={now} />
        <JobActions job={job} retriedBy={props.retriedBy} />
      </div>
      {!href && !final && (
        <p class="leave">You can close this page; the bell tells you when it is done.</p>
      )}
      <Spoken job={job} title={title} />
    </article>
  );
}
