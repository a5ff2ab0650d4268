import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";
import { BackIcon } from "./icons.tsx";
import { Time } from "./time.tsx";

export interface AccountCloseProps {
  chrome: Chrome;
  email: string;
  /** When it will be closed, if that was asked for. */
  closesAt: number | null;
  wrong: Wrong;
}

/** The end of an account: what goes, what stays, and when. */
export function AccountClosePage({ chrome, email, closesAt, wrong }: AccountCloseProps) {
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Close the account" layout="narrow">
      <p class="crumbs">
        <a href="/account">
          <BackIcon /> Account
        </a>
      </p>
      {closesAt !== null && (
        <form class="card sheet-form" method="post" action="/account/keep">
          <h2>
            It will be closed <Time at={closesAt} now={now} reader={reader} how="full" />
          </h2>
          <p>Until then all is as it was.</p>
          <button type="submit" class="primary">Keep the account</button>
        </form>
      )}
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
        <fieldset class="choice">
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
