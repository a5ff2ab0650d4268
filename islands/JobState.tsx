import type { JobView } from "../jobs/view.ts";
import { useJob } from "./live.ts";
import { Mark } from "./marks.tsx";
import { jobCount, jobSign, people } from "./words.ts";

export interface JobStateProps {
  job: JobView;
}

/** What a mailing is doing, as one short line in a list. */
export function JobState(props: JobStateProps) {
  const job = useJob(props.job);
  const { tone, mark, word } = jobSign(job);
  const text = tone === "good"
    ? `Mailed to ${people(job.progress.done)}`
    : job.state === "completed" || job.state === "cancelled"
    ? word
    : `${word} ${jobCount(job)}`;
  return (
    <p class={`state sign ${tone}`}>
      <Mark name={mark} />
      {text}
    </p>
  );
}
