import type { AdminJobView } from "../domain/admin/admin_jobs.ts";
import type { Page } from "../kv/read.ts";
import type { JobState } from "../kv/schema.ts";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Island } from "./island.tsx";

export interface AdminJobsProps {
  chrome: Chrome;
  jobs: Page<AdminJobView>;
  filter: { state?: JobState; kind?: string; cursor?: string };
  /** Every kind there is. */
  kinds: readonly string[];
}

const states: [JobState | "", string][] = [
  ["", "All"],
  ["scheduled", "Scheduled"],
  ["running", "Running"],
  ["completed", "Done"],
  ["discarded", "Failed"],
  ["cancelled", "Cancelled"],
];

/** Everybody's jobs. */
export function AdminJobsPage({ chrome, jobs, filter, kinds }: AdminJobsProps) {
  const { state = "", kind = "", cursor = "" } = filter;
  const { now, reader } = chrome;
  const query = (change: Record<string, string>) =>
    `${new URLSearchParams(
      Object.entries({ state, kind, ...change }).filter(([, value]) => value !== ""),
    )}`;
  return (
    <Document chrome={chrome} title="Jobs">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="jobs" />
      <nav class="chips" aria-label="State">
        {states.map(([value, text]) => (
          <a
            key={value}
            class="chip"
            href={`/admin/jobs?${query({ state: value })}`}
            aria-current={value === state ? "true" : undefined}
          >
            {text}
          </a>
        ))}
      </nav>
      <form method="get" action="/admin/jobs" class="kind-form">
        {state && <input type="hidden" name="state" value={state} />}
        <label>
          Kind{" "}
          <select name="kind">
            <option value="">all kinds</option>
            {kinds.map((one) => <option key={one} value={one} selected={one === kind}>{one}
            </option>)}
          </select>
        </label>
        <button type="submit">Filter</button>
      </form>
      <Island
        name="AdminJobs"
        props={{ items: jobs.items, query: query({ cursor }), reader, renderedAt: now }}
      />
      {jobs.next && (
        <p class="more">
          <a class="button" rel="next" href={`/admin/jobs?${query({ cursor: jobs.next })}`}>
            Look further
          </a>
        </p>
      )}
    </Document>
  );
}
