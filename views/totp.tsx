import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";
import { Qr } from "./qr.tsx";

export interface TotpProps {
  chrome: Chrome;
  /** What the app is to take, to be typed and to be read off. */
  secret: string;
  uri: string;
  /** Brings it back to us. */
  offer: string;
  wrong: Wrong;
}

/** POST /account/totp {offer, code}: an app takes a secret, and shows that it did. */
export function TotpPage({ chrome, secret, uri, offer, wrong }: TotpProps) {
  return (
    <Document chrome={chrome} title="Use an app with codes">
      <form class="card sheet-form totp" method="post" action="/account/totp">
        <h1>Use an app with codes</h1>
        <FormProblem text={wrong.form} />
        <div class="pairing">
          <ol>
            <li>
              Open your authenticator app, or a password manager that shows codes, and add an
              account.
            </li>
            <li>Let it read this code. On this very device, type the key below instead.</li>
            <li>Type the six digits that it shows.</li>
          </ol>
          <Qr text={uri} label="Code with the key for your app" />
        </div>
        <div class="field">
          <span class="label">Key</span>
          <p>
            <code class="secret">{secret.match(/.{1,4}/g)?.join(" ")}</code>
          </p>
        </div>
        <input type="hidden" name="offer" value={offer} />
        <Field
          name="code"
          label="Code"
          autocomplete="one-time-code"
          required
          maxLength={20}
          hint="Six digits; a new one each half minute."
          wrong={wrong.code}
        />
        <div class="acts">
          <button type="submit" class="primary">Use this app</button>
          <a class="button quiet" href="/account#factor">Cancel</a>
        </div>
      </form>
    </Document>
  );
}
