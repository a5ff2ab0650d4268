import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem, PasswordField } from "./field.tsx";

export interface ActivateProps {
  chrome: Chrome;
  /** What the link of the letter carries. */
  token: string;
  /**
   * Nothing where the browser has shown whose it is; of a sign-up the password that was chosen or
   * another; of an account that is one already its password.
   */
  asks: "nothing" | "password" | "either";
  wrong: Wrong;
}

/** POST /activate/:token {password or fresh}: the address of a sign-up, or of one's account, is confirmed. */
export function ActivatePage({ chrome, token, asks, wrong }: ActivateProps) {
  const action = `/activate/${token}`;
  return (
    <Document chrome={chrome} title="Confirm your address" layout="narrow">
      <section class="card sheet-form">
        <h1>Confirm your address</h1>
        <p class="lead">
          {asks === "nothing"
            ? "One press, and the address counts as yours."
            : "Type the password that you chose when you signed up, and you are in. If you want no account here, close this page: it goes away by itself."}
        </p>
        <FormProblem text={wrong.form} />
        <form method="post" action={action}>
          {asks !== "nothing" && <PasswordField wrong={wrong.password} />}
          <button type="submit" class="primary">
            {asks === "nothing" ? "Confirm my address" : "Confirm and sign in"}
          </button>
        </form>
        {asks === "either" && (
          <details open={wrong.fresh !== undefined}>
            <summary>Choose another password instead</summary>
            <form method="post" action={action}>
              <Field
                name="fresh"
                label="New password"
                type="password"
                autocomplete="new-password"
                required
                minLength={15}
                maxLength={128}
                hint="At least 15 characters. It takes the place of the other."
                wrong={wrong.fresh}
              />
              <button type="submit">Use this one and sign in</button>
            </form>
          </details>
        )}
      </section>
    </Document>
  );
}
