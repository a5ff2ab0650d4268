import type { ComponentChildren } from "preact";
import { titleOf } from "../islands/title.ts";
import type { Chrome, Flash } from "./chrome.ts";
import { Island } from "./island.tsx";
import { Header, type Section } from "./header.tsx";
import { HeldBanner } from "./held_banner.tsx";
import { Time } from "./time.tsx";

export interface DocumentProps {
  chrome: Chrome;
  /** The page's name, without the product's. */
  title: string;
  section?: Section | null;
  /** How far the page's mailing is, for the tab. */
  percent?: number | null;
  /** One column of work, one of work and one of time, or one card in the middle. */
  layout?: "one" | "two" | "narrow";
  children: ComponentChildren;
}

/** The html element around every page. */
export function Document(props: DocumentProps) {
  const { chrome, title, section = null, percent = null, layout = "one" } = props;
  const unread = chrome.viewer?.unread ?? 0;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12161d" />
        <title>{titleOf(title, { percent, unread })}</title>
        <link rel="icon" type="image/svg+xml" href="/static/favicon.svg" />
        <link rel="stylesheet" href={chrome.assets.css} />
        {chrome.assets.parts.map((href) => (
          <link key={href} rel="modulepreload" href={href} nonce={chrome.nonce} />
        ))}
        {chrome.assets.js && <script type="module" src={chrome.assets.js} nonce={chrome.nonce} />}
      </head>
      <body
        data-name={title}
        data-unread={unread}
        data-saved={chrome.savedDraft ?? undefined}
        data-live={chrome.live ? JSON.stringify({ topics: chrome.live }) : undefined}
      >
        <a class="skip" href="#main">Skip to the page</a>
        <Header chrome={chrome} section={section} />
        <main id="main" class={layout} tabIndex={-1}>
          <FlashLine flash={chrome.flash} />
          <HeldBanner chrome={chrome} />
          <Closing chrome={chrome} />
          {props.children}
        </main>
        <Footer chrome={chrome} />
      </body>
    </html>
  );
}

function FlashLine({ flash }: { flash: Flash | null }) {
  return (
    <div class="flash-line" role="status">
      {flash && (
        <div class={`flash ${flash.tone}`}>
          <p>{flash.text}</p>
          {flash.undo && (
            <form method="post" action={flash.undo.action}>
              <button type="submit">{flash.undo.label}</button>
            </form>
          )}
        </div>
      )}
    </div>
  );
}

/** Said on every page while it can still be taken back. */
function Closing({ chrome: { viewer, now, reader } }: { chrome: Chrome }) {
  if (viewer?.closesAt === undefined) return null;
  return (
    <form class="flash bad closing" method="post" action="/account/keep">
      <p>
        Your account will be closed{" "}
        <Time at={viewer.closesAt} now={now} reader={reader} how="full" />.
      </p>
      <button type="submit">Keep it</button>
    </form>
  );
}

function Footer({ chrome: { viewer, reader } }: { chrome: Chrome }) {
  return (
    <footer class="foot">
      {viewer
        ? (
          <>
            <p>
              Times are in {reader.zone}. <a href="/account">Change the zone</a>
            </p>
            <Island name="Shortcuts" props={{}} />
          </>
        )
        : <p>Clock Work keeps notes, mails them, says what became of each, and reminds you.</p>}
    </footer>
  );
}
