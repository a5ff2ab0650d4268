import { useEffect, useRef, useState } from "preact/hooks";
import type { AdminJobView } from "../domain/admin/admin_jobs.ts";
import { AdminJobRow } from "./AdminJobRow.tsx";
import { useServerNow } from "./clock.ts";
import type { Reader } from "./times.ts";

export interface AdminJobsProps {
  items: AdminJobView[];
  /** Which jobs, as the API is asked. */
  query: string;
  reader: Reader;
  renderedAt: number;
}

/** How often is looked, ms. */
const EVERY_MS = 2_000;
/** A page that nobody touches for so long looks no more: it would keep its session alive, ms. */
const IDLE_MS = 600_000;

/**
 * Everybody's jobs as they go. It asks while it is looked at: telling every change of every job to a
 * topic would cost each commit a write also when no admin looks. Rows stay where they are while the
 * pointer or the focus is among them.
 */
export function AdminJobs(props: AdminJobsProps) {
  const { query, reader, renderedAt } = props;
  const [items, setItems] = useState(props.items);
  const [link, setLink] = useState<"still" | "live" | "paused" | "lost">("still");
  const [, sayTimesAgain] = useState(0);
  const held = useRef(false);
  const now = useServerNow(renderedAt);

  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    let touchedAt = performance.now();
    let etag = "";
    const touch = () => touchedAt = performance.now();
    for (const type of ["pointermove", "pointerdown", "keydown", "scroll"]) {
      addEventListener(type, touch, { signal, passive: true });
    }
    const look = async () => {
      if (document.hidden) return;
      if (performance.now() - touchedAt > IDLE_MS) return setLink("paused");
      const headers: HeadersInit = etag ? { "if-none-match": etag } : {};
      const answer = await fetch(`/api/admin/jobs?${query}`, { headers, signal }).catch(() => null);
      if (signal.aborted) return;
      if (answer?.status === 200) {
        etag = answer.headers.get("etag") ?? "";
        const { items: fresh } = await answer.json() as { items: AdminJobView[] };
        setItems((before) => held.current ? inPlace(before, fresh) : fresh);
      }
      sayTimesAgain((looks) => looks + 1);
      setLink(answer?.status === 200 || answer?.status === 304 ? "live" : "lost");
    };
    void look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      over.abort();
      clearInterval(timer);
    };
  }, [query]);

  const hold = (value: boolean) => () => {
    held.current = value;
  };
  return (
    <>
      <p class="hint admin-link" role="status">{links[link]}</p>
      {items.length === 0
        ? <p class="none">No such jobs among those that were looked at.</p>
        : (
          <table
            class="admin-table jobs"
            onPointerEnter={hold(true)}
            onPointerLeave={hold(false)}
            onFocusIn={hold(true)}
            onFocusOut={hold(false)}
          >
            <caption class="unseen">Jobs</caption>
            <thead>
              <tr>
                {["State", "Job", "Progress", "Due", "Took", "Tries", "Actions"].map((name) => (
                  <th key={name} scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((job) => (
                <AdminJobRow key={job.id} job={job} query={query} reader={reader} now={now()} />
              ))}
            </tbody>
          </table>
        )}
    </>
  );
}

const links = {
  still: "As it was when the page was made.",
  live: "Live, looked at every 2 s.",
  paused: "Paused, for nobody is here. Move the pointer to go on.",
  lost: "The server does not answer; it is asked again.",
};

/** What is shown, each as it is now, in the same order; what has come meanwhile waits. */
function inPlace(before: AdminJobView[], fresh: AdminJobView[]): AdminJobView[] {
  const byId = new Map(fresh.map((job) => [job.id, job]));
  return before.map((job) => byId.get(job.id) ?? job);
}
