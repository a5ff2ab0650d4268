import type { Chrome } from "./chrome.ts";
import { Dial } from "./dial.tsx";
import { Document } from "./document.tsx";

const POINTS = [
  ["Write", "Notes in plain text or Markdown, with #tags. What you type is kept as a draft."],
  ["Mail", "Send a note to one person or a hundred; each gets a message of their own."],
  ["Know", "Watch every mail leave, and read what became of each, one line a recipient."],
  ["Remember", "Say when in your own words: it rings on the page, by mail and in Telegram."],
] as const;

/** / for strangers: what this is, and the ways in. */
export function WelcomePage({ chrome }: { chrome: Chrome }) {
  const { now, reader, signUp } = chrome;
  return (
    <Document chrome={chrome} title="Notes that arrive">
      <div class="welcome">
        <div>
          <h1>Write it down. Mail it. Know that it arrived.</h1>
          <p class="lead">
            Clock Work keeps your notes, mails them to the people you choose, tells you what became
            of every single message, and reminds you in time.
          </p>
          <p class="row">
            {signUp && <a class="button primary" href="/sign-up">Sign up</a>}
            <a class={signUp ? "button" : "button primary"} href="/sign-in">Sign in</a>
          </p>
          {!signUp && <p class="hint">Accounts are made by whoever runs this server.</p>}
        </div>
        <Dial at={now} reader={reader} place={reader.zone} marks={[]} />
      </div>
      <ul class="points">
        {POINTS.map(([name, text]) => (
          <li key={name}>
            <h2>{name}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </Document>
  );
}
