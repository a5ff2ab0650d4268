import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";
import { Time } from "./time.tsx";

export interface EmailChangeProps {
  chrome: Chrome;
  /** The address until now. */
  current: string;
  /** What waits to be confirmed. */
  asked: { address: string; until: number } | null;
  email: string;
  wrong: Wrong;
}

/** POST /account/email {email} */
export function EmailChangePage({ chrome, current, asked, email, wrong }: EmailChangeProps) {
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Change your address" layout="narrow">
      {asked && (
        <form class="card sheet-form" method="post" action="/account/email/drop">
          <h2>Not confirmed yet</h2>
          <p>
            <strong>{asked.address}</strong> waits for the link in its letter, until{" "}
            <Time at={asked.until} now={now} reader={reader} how="full" />.
          </p>
          <button type="submit">Do not change it</button>
        </form>
      )}
      <form class="card sheet-form" method="post" action="/account/email">
        <h1>Change your address</h1>
        <p class="lead">
          It is <strong>{current}</strong>{" "}
          until you open the letter at the new one. A letter to this one can undo it for seven days.
        </p>
        <FormProblem text={wrong.form} />
        <Field
          name="email"
          label="New e-mail"
          type="email"
          autocomplete="email"
          required
          defaultValue={email}
          wrong={wrong.email}
        />
        <button type="submit" class="primary">Mail me a link there</button>
        <a class="button quiet" href="/account">Leave it as it is</a>
      </form>
    </Document>
  );
}
