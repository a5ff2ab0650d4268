import type { DeliveryView } from "../domain/work.ts";
import { isFinal } from "../islands/poll.ts";
import { jobPercent, jobSentence, people } from "../islands/words.ts";
import type { JobView } from "../jobs/view.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Island } from "./island.tsx";
import { BackIcon } from "./icons.tsx";
import { WholeTime } from "./time.tsx";

export interface MailingProps {
  chrome: Chrome;
  job: JobView;
  /** Of the note when it was mailed. */
  title: string;
  /** Null when the note is gone. */
  noteHref: string | null;
  deliveries: DeliveryView[];
  retryOf: string | null;
  retriedBy: string | null;
}

/** One mailing: how far it is, and the ledger of its recipients. */
export function MailingPage(props: MailingProps) {
  const { chrome, job, title, deliveries, retriedBy } = props;
  const { now, reader } = chrome;
  const final = isFinal(job);
  return (
    <Document
      chrome={chrome}
      title={jobSentence(job, title)}
      section="mailings"
      percent={final ? null : jobPercent(job)}
    >
      <p class="crumbs">
        <a href="/mailings">
          <BackIcon /> Mailings
        </a>
      </p>
      <Island
        name="JobProgress"
        props={{ job, title, reader, renderedAt: now, level: 1, retriedBy, inTitle: true }}
      />
      <About {...props} />
      <section class="list" aria-labelledby="recipients">
        <header>
          <h2 id="recipients">Recipients</h2>
          <small>{people(deliveries.length)}, one message each</small>
        </header>
        <Island
          name="Deliveries"
          props={{ jobId: job.id, deliveries, reader, renderedAt: now }}
        />
      </section>
    </Document>
  );
}

function About({ chrome: { now, reader }, job, noteHref, retryOf }: MailingProps) {
  return (
    <div class="about">
      {!isFinal(job) && (
        <noscript>
          <p>
            <a href={`/mailings/${job.id}`}>Look how far it is now</a>
          </p>
        </noscript>
      )}
      <p>
        Asked for <WholeTime at={Date.parse(job.createdAt)} now={now} reader={reader} />
        {" · "}
        {noteHref ? <a href={noteHref}>Open the note</a> : "The note was deleted since"}
        {retryOf && (
          <>
            {" · "}
            <a href={`/mailings/${retryOf}`}>See the first try</a>
          </>
        )}
      </p>
    </div>
  );
}
