import type { JobView } from "../jobs/view.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Island } from "./island.tsx";

export interface ProgressProps {
  chrome: Chrome;
  /** The one that is watched; null before the first. */
  job: JobView | null;
  /** Why no other could be started. */
  wrong: string | null;
}

/** A job to look at: the same one followed by WebSocket and by polling, side by side. */
export function ProgressPage({ chrome, job, wrong }: ProgressProps) {
  return (
    <Document chrome={chrome} title="Progress race">
      <header class="page-head">
        <h1>Progress race</h1>
        <p class="hint">
          One job of a hundred steps, followed in two ways at once: who knows first, and what does
          it cost?
        </p>
      </header>
      <form method="post" action="/progress" class="race-start">
        <button type="submit" name="how" value="whole" class="primary">Run 100 steps</button>
        <button type="submit" name="how" value="fails">Run one that fails half way</button>
        {wrong && <p role="alert" class="bad">{wrong}</p>}
      </form>
      {job === null
        ? (
          <div class="none">
            <p>Nothing runs yet. Start one, and watch it twice.</p>
          </div>
        )
        : <Island key={job.id} name="ProgressRace" props={{ job, renderedAt: chrome.now }} />}
    </Document>
  );
}
