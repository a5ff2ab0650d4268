import type { OutboxMail } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { WholeTime } from "./time.tsx";

export interface OutboxMailProps {
  chrome: Chrome;
  mail: OutboxMail;
  text: string;
  /** Links in the text part, to be clicked: an outbox stands in for a mail program. */
  links: string[];
  /** Answers the HTML part, to be framed by pages of ours. */
  htmlHref: string;
}

/** One kept mail as its reader would see it. Its HTML part is framed from /outbox/:id/html. */
export function OutboxMailPage({ chrome, mail, text, links, htmlHref }: OutboxMailProps) {
  const { now, reader } = chrome;
  const { from, to, replyTo, subject, headers, at } = mail;
  return (
    <Document
      chrome={chrome}
      title={subject}
      section={chrome.viewer ? "outbox" : null}
      layout={links.length > 0 ? "two" : "one"}
    >
      {chrome.viewer && (
        <p class="crumbs">
          <a href="/outbox">
            <BackIcon /> Outbox
          </a>
        </p>
      )}
      <article class="card sheet-form letter" aria-labelledby="subject">
        <h1 id="subject" dir="auto">{subject}</h1>
        <dl class="envelope">
          <dt>From</dt>
          <dd>{mailbox(from)}</dd>
          <dt>To</dt>
          <dd>{mailbox(to)}</dd>
          {replyTo && (
            <>
              <dt>Answers to</dt>
              <dd>{mailbox(replyTo)}</dd>
            </>
          )}
          <dt>Kept</dt>
          <dd>
            <WholeTime at={at} now={now} reader={reader} />
          </dd>
        </dl>
        <iframe
          src={htmlHref}
          title="The mail as it looks"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
        <details>
          <summary>As plain text</summary>
          <pre dir="auto" tabIndex={0} aria-label="The mail as plain text">{text}</pre>
        </details>
        <details>
          <summary>All headers</summary>
          <dl class="envelope headers">
            {Object.entries(headers).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </article>
      {links.length > 0 && <Links links={links} />}
    </Document>
  );
}

function Links({ links }: { links: string[] }) {
  return (
    <aside class="side" aria-label="Links">
      <nav class="card" aria-labelledby="links">
        <h2 id="links">Links in the mail</h2>
        <ul class="links">
          {links.map((href) => (
            <li key={href}>
              <a href={href} rel="noreferrer">{href}</a>
            </li>
          ))}
        </ul>
      </nav>
    </aside>
  );
}

function mailbox({ address, name }: { address: string; name?: string }): string {
  return name ? `${name} <${address}>` : address;
}
