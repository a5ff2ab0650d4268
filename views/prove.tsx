import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FactorForms } from "./factor_forms.tsx";
import { FormProblem } from "./field.tsx";
import { PasswordEntry } from "./password_entry.tsx";

export interface ProveProps {
  chrome: Chrome;
  /** Whose password is asked for. */
  email: string;
  /** Where to go on afterwards; a path of ours. */
  next: string;
  /** What is asked for in place of the password; null without a second factor. */
  factor: { totp: boolean; passkeys: boolean } | null;
  wrong: Wrong;
}

/** POST /prove {password or code or credential, next}: who is signed in shows once more that it is them. */
export function ProvePage({ chrome, email, next, factor, wrong }: ProveProps) {
  return (
    <Document chrome={chrome} title="Is it you?" layout="narrow">
      <section class="card sheet-form">
        <h1>Is it you?</h1>
        <p class="lead">
          The next step cannot be left to whoever finds this browser open. Your{" "}
          {factor ? "second factor" : "password"} is good for it for ten minutes.
        </p>
        <FormProblem text={wrong.form} />
        {factor
          ? (
            <FactorForms
              action="/prove"
              passkeyAction="/prove"
              next={next}
              {...factor}
              wrong={wrong.code}
            />
          )
          : <ByPassword email={email} next={next} wrong={wrong} />}
        <a class="button quiet" href="/account">Not now</a>
      </section>
    </Document>
  );
}

function ByPassword({ email, next, wrong }: Pick<ProveProps, "email" | "next" | "wrong">) {
  return (
    <form method="post" action="/prove">
      <input type="hidden" name="next" value={next} />
      <input type="hidden" autocomplete="username" value={email} />
      <PasswordEntry button="Go on" letterAction="/prove/mail" wrong={wrong.password} />
    </form>
  );
}
