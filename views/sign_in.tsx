import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";
import { Island } from "./island.tsx";
import { PasswordEntry } from "./password_entry.tsx";

export interface SignInProps {
  chrome: Chrome;
  email: string;
  /** Where to go on afterwards; a path of ours. */
  next: string;
  /** Whether browsers make passkeys for this service. */
  passkeys: boolean;
  wrong: Wrong;
}

/** POST /sign-in {email, password, next} */
export function SignInPage({ chrome, email, next, passkeys, wrong }: SignInProps) {
  return (
    <Document chrome={chrome} title="Sign in" layout="narrow">
      <form class="card sheet-form" method="post" action="/sign-in">
        <h1>Sign in</h1>
        <FormProblem text={wrong.form} />
        <input type="hidden" name="next" value={next} />
        <Field
          name="email"
          label="E-mail"
          type="email"
          autocomplete="username"
          required
          defaultValue={email}
          wrong={wrong.email}
        />
        <PasswordEntry button="Sign in" letterAction="/sign-in/mail" wrong={wrong.password} />
      </form>
      {passkeys && (
        <form class="beside" method="post" action="/sign-in/passkey">
          <input type="hidden" name="next" value={next} />
          <Island name="PasskeyButton" props={{ does: "use", label: "Sign in with a passkey" }} />
        </form>
      )}
      <p class="beside">
        <a href="/reset">Forgot your password?</a>
      </p>
      {chrome.signUp && (
        <p class="beside">
          New here? <a href="/sign-up">Sign up</a>
        </p>
      )}
    </Document>
  );
}
