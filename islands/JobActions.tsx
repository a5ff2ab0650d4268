import { useState } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";
import { cancelJob } from "./api.ts";
import { refreshJob } from "./live.ts";
import { isFinal } from "./poll.ts";

export interface JobActionsProps {
  job: JobView;
  retriedBy: string | null;
}

/** What may be done with a mailing now: forms, so that they work without JavaScript too. */
export function JobActions({ job, retriedBy }: JobActionsProps) {
  const { failed } = job.progress;
  if (!isFinal(job)) return <Cancel id={job.id} />;
  if (retriedBy) return <a class="button quiet" href={`/mailings/${retriedBy}`}>See the retry</a>;
  if (failed === 0) return null;
  return (
    <form method="post" action={`/mailings/${job.id}/retry`}>
      <button type="submit" class="primary">
        {failed === 1 ? "Retry this one" : `Retry these ${failed}`}
      </button>
    </form>
  );
}

function Cancel({ id }: { id: string }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const cancel = async (event: Event) => {
    event.preventDefault();
    if (asked) return;
    setAsked(true);
    setProblem("");
    try {
      await cancelJob(id);
      await refreshJob(id);
    } catch (error) {
      setAsked(false);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form method="post" action={`/mailings/${id}/cancel`} onSubmit={cancel}>
      <span role="alert" class="bad">{problem}</span>
      <button type="submit" class="quiet" aria-disabled={asked}>
        {asked ? "Cancelling…" : "Cancel mailing"}
      </button>
    </form>
  );
}
