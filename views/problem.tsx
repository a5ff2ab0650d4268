import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface ProblemProps {
  chrome: Chrome;
  status: number;
  /** "There is no such note" */
  what: string;
  /** "It was deleted, or the link is not complete." */
  why: string;
  /** What one can do now, the best first. */
  next: { label: string; href: string }[];
  /** Of this request, for those who look into the log. */
  requestId?: string;
}

/** What went wrong, why, and what to do now. */
export function ProblemPage({ chrome, status, what, why, next, requestId }: ProblemProps) {
  return (
    <Document chrome={chrome} title={what} layout="narrow">
      <section class="card sheet-form">
        <h1>{what}</h1>
        <p class="lead">{why}</p>
        <p class="row">
          {next.map(({ label, href }, i) => (
            <a key={href} class={i === 0 ? "button primary" : "button"} href={href}>{label}</a>
          ))}
        </p>
        <p class="hint">
          {`Status ${status}`}
          {requestId && (
            <>
              {" · request "}
              <code>{requestId}</code>
            </>
          )}
        </p>
      </section>
    </Document>
  );
}
