import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";

export interface ActivateProps {
  chrome: Chrome;
  /** What the link of the letter carries. */
  token: string;
  /** The browser has shown whose it is: no password is asked for. */
  known: boolean;
  wrong: Wrong;
}

/** POST /activate/:token {password}: the address of a sign-up, or of one's account, is confirmed. */
export function ActivatePage({ chrome, token, known, wrong }: ActivateProps) {
  return (
    <Document chrome={chrome} title="Confirm your address" layout="narrow">
      <form class="card sheet-form" method="post" action={`/activate/${token}`}>
        <h1>Confirm your address</h1>
        <p class="lead">
          {known
            ? "One press, and the address counts as yours."
            : "Type the password that you chose, and the account is yours. Did you not sign up here? Then close this page: it goes away by itself."}
        </p>
        <FormProblem text={wrong.form} />
        {!known && (
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            required
            wrong={wrong.password}
          />
        )}
        <button type="submit" class="primary">
          {known ? "Confirm my address" : "Confirm and sign in"}
        </button>
      </form>
      {!known && chrome.signUp && (
        <p class="beside">
          Forgot it already? <a href="/sign-up">Sign up again</a>
        </p>
      )}
    </Document>
  );
}
