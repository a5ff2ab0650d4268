import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface CheckMailProps {
  chrome: Chrome;
  email: string;
  /** Somebody may have an account with it or not, and this page does not tell. */
  ifAny?: boolean;
  /** How long the link in the message works. */
  works?: string;
  /** Where another one is asked for; signing up by default. */
  againHref?: string;
  /** Where the message is when this server keeps its mail instead of sending it. */
  outboxHref?: string;
}

/** After a letter was asked for, the same for new and for known addresses. */
export function CheckMailPage(props: CheckMailProps) {
  const { chrome, email, ifAny = false, works = "24 hours" } = props;
  return (
    <Document chrome={chrome} title="Check your mail" layout="narrow">
      <section class="card sheet-form">
        <h1>Check your mail</h1>
        <p>
          {ifAny ? "If there is an account with " : "We wrote to "}
          <strong>{email}</strong>
          {ifAny ? ", we wrote to it. " : ". "}
          The link in the message works for {works}.
        </p>
        <Where {...props} />
      </section>
    </Document>
  );
}

function Where({ chrome, ifAny, outboxHref, againHref }: CheckMailProps) {
  if (outboxHref) {
    return (
      <>
        <p class="lead">This server keeps its mail in an outbox instead of sending it.</p>
        <a class="button primary" href={outboxHref}>Open your message</a>
      </>
    );
  }
  if (chrome.outbox) {
    return (
      <p class="lead">
        This server keeps its mail instead of sending it: whoever runs it can open the message on
        the machine itself.
      </p>
    );
  }
  const [href, again] = againHref ? [againHref, "ask once more"] : ["/sign-up", "sign up again"];
  return (
    <>
      <p class="lead">
        Nothing after some minutes? Look into the spam folder, then <a href={href}>{again}</a>.
      </p>
      {!ifAny && (
        <p class="hint">
          Did you once stop all mail to it? Then nothing comes before you let it come again: by the
          link at the end of any mail you had from here, or by asking whoever runs this service.
        </p>
      )}
    </>
  );
}
