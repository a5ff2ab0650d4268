import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FactorForms } from "./factor_forms.tsx";
import { FormProblem } from "./field.tsx";

export interface SecondStepProps {
  chrome: Chrome;
  /** Who signs in, in part. */
  shown: string;
  /** Where to go on afterwards; a path of ours. */
  next: string;
  totp: boolean;
  passkeys: boolean;
  wrong: Wrong;
}

/** POST /sign-in/factor {code, next} or /sign-in/passkey {credential, next} */
export function SecondStepPage({ chrome, shown, next, totp, passkeys, wrong }: SecondStepProps) {
  return (
    <Document chrome={chrome} title="One more step" layout="narrow">
      <section class="card sheet-form">
        <h1>One more step</h1>
        <p class="lead">To sign in as {shown}, show your second factor too.</p>
        <FormProblem text={wrong.form} />
        <FactorForms
          action="/sign-in/factor"
          passkeyAction="/sign-in/passkey"
          next={next}
          totp={totp}
          passkeys={passkeys}
          wrong={wrong.code}
        />
        <a class="button quiet" href={`/sign-in?next=${encodeURIComponent(next)}`}>Start again</a>
      </section>
    </Document>
  );
}
