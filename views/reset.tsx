import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FormProblem, NewPassword } from "./field.tsx";

export interface ResetProps {
  chrome: Chrome;
  /** What the link of the letter carries. */
  token: string;
  /** Whose password it will be. */
  email: string;
  /** How many characters it must have. */
  minLength: number;
  wrong: Wrong;
}

/** POST /reset/:token {password} */
export function ResetPage({ chrome, token, email, minLength, wrong }: ResetProps) {
  return (
    <Document chrome={chrome} title="Choose a new password" layout="narrow">
      <form class="card sheet-form" method="post" action={`/reset/${token}`}>
        <h1>Choose a new password</h1>
        <p class="lead">
          For <strong>{email}</strong>. Every browser is signed out; sign in with it afterwards.
        </p>
        <FormProblem text={wrong.form} />
        <input type="hidden" autocomplete="username" value={email} />
        <NewPassword minLength={minLength} wrong={wrong.password} />
        <button type="submit" class="primary">Set password</button>
      </form>
    </Document>
  );
}
