import { type Address, addressesIn } from "../islands/addresses.ts";
import { Mark } from "../islands/marks.tsx";
import { StandingSign } from "../islands/Pill.tsx";
import { waitingWords } from "../islands/standings.ts";
import { keyOf } from "../islands/useStandings.ts";
import { people } from "../islands/words.ts";
import { FormProblem } from "./field.tsx";
import type { MailNoteProps } from "./mail_note.tsx";

/** The mail as it will leave. */
export interface MailPreview {
  from: string;
  replyTo: string | null;
  subject: string;
  text: string;
  /** Answers the HTML part, to be framed by pages of ours. */
  htmlHref: string;
}

/** Addresses that are shown at once; the rest is a click away. */
const SHOWN = 12;

/** The second step of mailing: who gets it, how it looks, and the button that sends. */
export function MailCheck(props: MailNoteProps & { check: MailPreview }) {
  const { note, recipients, check, wrong } = props;
  const standings = new Map(recipients.standings.map((one) => [keyOf(one.address), one.standing]));
  const to = addressesIn(recipients.value)
    .map((one) => ({ ...one, standing: standings.get(keyOf(one.text)) }));
  const waiting = waitingWords(recipients.standings);
  return (
    <form class="card sheet-form" method="post" action={`/notes/${note.id}/mail`}>
      <FormProblem text={wrong.form} />
      <input type="hidden" name="key" value={props.requestKey} />
      <textarea name="to" hidden readOnly>{recipients.value}</textarea>
      <section aria-labelledby="who">
        <h2 id="who">{people(to.length)}</h2>
        <Addresses all={to.slice(0, SHOWN)} />
        {to.length > SHOWN && (
          <details>
            <summary>{`and ${to.length - SHOWN} more`}</summary>
            <Addresses all={to.slice(SHOWN)} />
          </details>
        )}
        <p class="hint">One message each; they will not see each other.</p>
        {waiting && (
          <p class="answered">
            <Mark name="wait" />
            <span>{waiting}</span>
          </p>
        )}
      </section>
      <section class="letter" aria-labelledby="mail">
        <h2 id="mail">The mail</h2>
        <dl class="envelope">
          <dt>From</dt>
          <dd>{check.from}</dd>
          {check.replyTo && (
            <>
              <dt>Answers to</dt>
              <dd>{check.replyTo}</dd>
            </>
          )}
          <dt>Subject</dt>
          <dd dir="auto">{check.subject}</dd>
        </dl>
        <iframe src={check.htmlHref} title="The mail as it will arrive" sandbox="" />
        <details>
          <summary>As plain text</summary>
          <pre dir="auto" tabIndex={0} aria-label="The mail as plain text">{check.text}</pre>
        </details>
      </section>
      <p class="row">
        <button type="submit" name="step" value="send" class="primary">
          {`Mail ${people(to.length)}`}
        </button>
        <button type="submit" name="step" value="change">Change recipients</button>
      </p>
    </form>
  );
}

function Addresses({ all }: { all: Address[] }) {
  return (
    <ul class="pills still">
      {all.map(({ text, standing }) => (
        <li key={text} class="pill">
          <bdi>{text}</bdi>
          {standing && <StandingSign standing={standing} />}
        </li>
      ))}
    </ul>
  );
}
