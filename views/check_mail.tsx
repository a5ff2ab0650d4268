import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface CheckMailProps {
  chrome: Chrome;
  email: string;
  /** Where the message is when this server keeps its mail instead of sending it. */
  outboxHref?: string;
}

/** After sign-up, the same for new and for known addresses. */
export function CheckMailPage({ chrome, email, outboxHref }: CheckMailProps) {
  return (
    <Document chrome={chrome} title="Check your mail" layout="narrow">
      <section class="card sheet-form">
        <h1>Check your mail</h1>
        <p>
          We wrote to <strong>{email}</strong>. The link in the message works for 24 hours.
        </p>
        {outboxHref
          ? (
            <>
              <p class="lead">This server keeps its mail in an outbox instead of sending it.</p>
              <a class="button primary" href={outboxHref}>Open your message</a>
            </>
          )
          : (
            <p class="lead">
              Nothing after some minutes? Look into the spam folder, then sign up again.
            </p>
          )}
      </section>
    </Document>
  );
}
