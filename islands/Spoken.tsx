import { useEffect, useRef, useState } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";
import { isFinal } from "./poll.ts";
import { jobCount, jobPercent, jobSentence } from "./words.ts";

/** Says a mailing's start, quarters and end to those who listen; nothing in between. */
export function Spoken({ job, title }: { job: JobView; title: string }) {
  const [text, setText] = useState("");
  const step = stepOf(job);
  const said = useRef(step);
  useEffect(() => {
    if (step <= said.current) return;
    said.current = step;
    setText(
      isFinal(job) ? jobSentence(job, title) : `${jobSentence(job, title)}: ${jobCount(job)}`,
    );
  }, [step]);
  return <p class="unseen" aria-live="polite">{text}</p>;
}

/** 0 before the start, 1 to 4 for the quarters begun, 5 at the end. */
function stepOf(job: JobView): number {
  if (isFinal(job)) return 5;
  const percent = jobPercent(job);
  return job.state === "scheduled" && percent === 0 ? 0 : 1 + Math.min(3, Math.floor(percent / 25));
}
