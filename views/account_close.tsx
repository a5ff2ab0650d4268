import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";
import { BackIcon } from "./icons.tsx";

export interface AccountCloseProps {
  chrome: Chrome;
  email: string;
  wrong: Wrong;
}

/** The end of an account: what goes, what stays, and when. */
export function AccountClosePage({ chrome, email, wrong }: AccountCloseProps) {
  return (
    <Document chrome={chrome} title="Close the account" layout="narrow">
      <p class="crumbs">
        <a href="/account">
          <BackIcon /> Account
        </a>
      </p>
      <form class="card sheet-form" method="post" action="/account/close">
        <h1>Close the account</h1>
        <FormProblem text={wrong.form} />
        <p>
          Your notes, reminders, mailings and their ledgers, recipients, settings and inbox are
          erased within a day. Within half a minute nothing more is sent for you, and Telegram is
          unlinked. Nobody can bring it back.
        </p>
        <p>
          What stays: that addresses do not want mail from here, as a fingerprint, and in the log of
          this service that there was an account.{" "}
          <a href="/account/data">Take your data with you</a> first.
        </p>
        <fieldset class="field choice">
          <legend>When</legend>
          <label>
            <input type="radio" name="when" value="later" defaultChecked />{" "}
            In 7 days; until then I can keep it
          </label>
          <label>
            <input type="radio" name="when" value="now" /> At once
          </label>
        </fieldset>
        <Field
          name="confirm"
          label="Type your address to confirm"
          hint={email}
          required
          wrong={wrong.confirm}
        />
        <button type="submit" class="danger">Close the account</button>
        <a class="button quiet" href="/account">No, back to the account</a>
      </form>
    </Document>
  );
}
