import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface StopProps {
  chrome: Chrome;
  /** To whom mail comes, as little as makes it known: "a…@example.org". */
  shown: string;
  offers: { what: "this" | "all"; label: string; stopped: boolean; undo: boolean }[];
  /** Where the buttons post. */
  action: string;
  /** Where it is reported; none for what one sends oneself. */
  reportHref: string | null;
}

/** What the link in a letter can stop, and what is stopped. Nothing happens before a button is pressed. */
export function StopPage({ chrome, shown, offers, action, reportHref }: StopProps) {
  return (
    <Document chrome={chrome} title="Stop mails" layout="narrow">
      <section class="card sheet-form stops">
        <h1>Mail to {shown}</h1>
        <p class="lead">
          What you stop here stops at once. You need no account for it. Keep the mail you came from:
          its link lets what you stopped come again.
        </p>
        <ul>
          {offers.map(({ what, label, stopped, undo }) => (
            <li key={what}>
              <form method="post" action={action}>
                <input type="hidden" name="what" value={what} />
                {!stopped
                  ? (
                    <button type="submit" name="act" value="stop" class={look(what)}>
                      {label}
                    </button>
                  )
                  : (
                    <>
                      <p role="status">
                        <strong>{done(label)}</strong>
                      </p>
                      {undo && (
                        <button
                          type="submit"
                          name="act"
                          value="undo"
                          aria-label={`Undo: ${label}`}
                        >
                          Undo
                        </button>
                      )}
                    </>
                  )}
              </form>
            </li>
          ))}
        </ul>
        <p class="report">
          <a href={`${action}/kept`}>See what is kept about this address</a>
        </p>
        {reportHref && (
          <p class="report">
            Was it spam, or worse? <a href={reportHref}>Report this mail</a>
          </p>
        )}
      </section>
    </Document>
  );
}

const look = (what: string) => what === "this" ? "primary" : undefined;

/** "Stop mails from Ada" → "Stopped: mails from Ada" */
const done = (label: string) => label.replace(/^Stop /, "Stopped: ");
