import type { OutboxMail } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface OutboxProps {
  chrome: Chrome;
  /** Newest first. */
  mails: Pick<OutboxMail, "id" | "to" | "subject" | "at">[];
  next: string | null;
}

/** Mail that this server kept instead of sending it. */
export function OutboxPage({ chrome, mails, next }: OutboxProps) {
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Outbox" section="outbox">
      <header class="page-head">
        <h1>Outbox</h1>
        <p class="hint">
          No mail service is set up: mail stays here, and nothing leaves this server.
        </p>
      </header>
      {mails.length === 0 && next === null
        ? (
          <div class="none">
            <p>No mail yet. Mail a note, and the message is here a moment later.</p>
          </div>
        )
        : (
          <ul class="rows inbox">
            {mails.map(({ id, to, subject, at }) => (
              <li key={id}>
                <a href={`/outbox/${id}`}>
                  <strong dir="auto">{subject}</strong>
                  <small>to {to.name ? `${to.name}, ${to.address}` : to.address}</small>
                  <Time at={at} now={now} reader={reader} />
                </a>
              </li>
            ))}
          </ul>
        )}
      {next && (
        <p class="more">
          <a class="button" rel="next" href={`/outbox?${new URLSearchParams({ cursor: next })}`}>
            Show older mail
          </a>
        </p>
      )}
    </Document>
  );
}
