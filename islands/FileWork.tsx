import { useEffect } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";
import { Bar } from "./Bar.tsx";
import { useJob } from "./live.ts";
import { isFinal } from "./poll.ts";
import { jobCount, jobPercent } from "./words.ts";

export interface FileWorkProps {
  job: JobView;
  /** "Writing the file" */
  doing: string;
}

/** How far a file is that is written or read. At the end the page is asked for anew. */
export function FileWork({ job: initial, doing }: FileWorkProps) {
  const job = useJob(initial);
  const over = isFinal(job);
  useEffect(() => {
    if (over && !isFinal(initial)) location.reload();
  }, [over]);
  const stopped = job.state === "discarded" || job.state === "cancelled";
  const text = stopped
    ? `Stopped: ${job.reason ?? "it was cancelled"}`
    : job.progress.total === 0
    ? `${doing}: starts within a minute`
    : `${doing}: ${jobCount(job)}`;
  const id = `work-${job.id}`;
  return (
    <div class="data-file">
      <p id={id} role="status">{text}</p>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={job.progress.total > 0 ? jobPercent(job) : undefined}
      >
        <Bar job={job} />
      </div>
      {!over && (
        <noscript>
          <p>
            <a href="/account/data">Look how far it is now</a>
          </p>
        </noscript>
      )}
    </div>
  );
}
