import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";

export interface ProveProps {
  chrome: Chrome;
  /** Whose password is asked for. */
  email: string;
  /** Where to go on afterwards; a path of ours. */
  next: string;
  wrong: Wrong;
}

/** POST /prove {password, next}: who is signed in shows once more that it is them. */
export function ProvePage({ chrome, email, next, wrong }: ProveProps) {
  return (
    <Document chrome={chrome} title="Is it you?" layout="narrow">
      <form class="card sheet-form" method="post" action="/prove">
        <h1>Is it you?</h1>
        <p class="lead">
          The next step cannot be left to whoever finds this browser open. Your password is good for
          it for ten minutes.
        </p>
        <FormProblem text={wrong.form} />
        <input type="hidden" name="next" value={next} />
        <input type="hidden" autocomplete="username" value={email} />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          required
          wrong={wrong.password}
        />
        <button type="submit" class="primary">Go on</button>
        <button type="submit" class="quiet" formaction="/prove/mail" formnovalidate>
          Mail me a link instead
        </button>
        <a class="button quiet" href="/account">Not now</a>
      </form>
    </Document>
  );
}
