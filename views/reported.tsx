import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface ReportedProps {
  chrome: Chrome;
  /** "Mail from Ada"; null for letters about one's own account, which go on. */
  what: string | null;
  /** Where more can be stopped, or this be taken back. */
  stopHref: string;
}

/** After a letter was reported. */
export function ReportedPage({ chrome, what, stopHref }: ReportedProps) {
  return (
    <Document chrome={chrome} title="Reported" layout="narrow">
      <section class="card sheet-form">
        <h1>Reported</h1>
        <p class="lead" role="status">
          {what === null
            ? "Those who run Clock Work have been told. Thank you."
            : `${what} is stopped for you. Those who run Clock Work have been told. Thank you.`}
        </p>
        <a class="button quiet" href={stopHref}>See all that is stopped</a>
      </section>
    </Document>
  );
}
