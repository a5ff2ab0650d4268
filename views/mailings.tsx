import { isFinal } from "../islands/poll.ts";
import type { JobView } from "../jobs/view.ts";
import type { Sender } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { type Figure, Figures } from "./figures.tsx";
import { Island } from "./island.tsx";
import { MailingRow } from "./mailing_row.tsx";
import { Paused } from "./paused.tsx";

export interface MailingItem {
  job: JobView;
  /** Of the note when it was mailed. */
  title: string;
  retriedBy: string | null;
}

export interface MailingsProps {
  chrome: Chrome;
  /** Newest first. */
  mailings: MailingItem[];
  /** Cursor of the next page. */
  next: string | null;
  /** This is not the first page. */
  older: boolean;
  delivered: { span: string; figures: Figure[] } | null;
  paused: Sender["paused"];
}

/** All mailings: those under way as bars, the others as lines. */
export function MailingsPage(
  { chrome, mailings, next, older, delivered, paused }: MailingsProps,
) {
  const { now, reader } = chrome;
  const running = mailings.filter(({ job }) => !isFinal(job));
  const over = mailings.filter(({ job }) => isFinal(job));
  return (
    <Document
      chrome={chrome}
      title="Mailings"
      section="mailings"
      layout={delivered ? "two" : "one"}
    >
      <h1 class="page-title">Mailings</h1>
      <div class="work">
        <Paused chrome={chrome} paused={paused} />
        {running.map(({ job, title, retriedBy }) => (
          <Island
            key={job.id}
            name="JobProgress"
            props={{
              job,
              title,
              retriedBy,
              reader,
              renderedAt: now,
              href: `/mailings/${job.id}`,
              level: 2,
            }}
          />
        ))}
        {mailings.length === 0 && (
          <div class="none">
            <p>
              {older
                ? "No older mailings."
                : "Nothing was mailed yet. Open a note and mail it; what becomes of it is told here."}
            </p>
            <a class="button" href="/">Go to the notes</a>
          </div>
        )}
        <ul class="rows mailing-rows">
          {over.map(({ job, title }) => (
            <MailingRow key={job.id} job={job} title={title} now={now} reader={reader} />
          ))}
        </ul>
        {next && (
          <p class="more">
            <a
              class="button"
              rel="next"
              href={`/mailings?${new URLSearchParams({ cursor: next })}`}
            >
              Show older mailings
            </a>
          </p>
        )}
      </div>
      {delivered && (
        <aside class="side" aria-label="Figures">
          <Figures title="Delivered" {...delivered} />
        </aside>
      )}
    </Document>
  );
}
