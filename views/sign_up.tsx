import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem, NewPassword } from "./field.tsx";
import { ZoneSelect } from "./zone_select.tsx";

/** What a new account's form holds. */
export interface PersonValues {
  name: string;
  email: string;
  /** Empty before one was chosen. */
  zone: string;
}

export interface SignUpProps {
  chrome: Chrome;
  values: PersonValues;
  wrong: Wrong;
}

/** POST /sign-up {name, email, password, zone, website} */
export function SignUpPage({ chrome, values, wrong }: SignUpProps) {
  return (
    <Document chrome={chrome} title="Sign up" layout="narrow">
      <form class="card sheet-form" method="post" action="/sign-up">
        <h1>Sign up</h1>
        <PersonFields chrome={chrome} values={values} wrong={wrong} />
        <div class="unseen" aria-hidden="true">
          <label for="website">Leave this empty</label>
          <input id="website" name="website" type="text" tabIndex={-1} autocomplete="off" />
        </div>
        <button type="submit" class="primary">Sign up</button>
      </form>
      <p class="beside">
        Signed up before? <a href="/sign-in">Sign in</a>
      </p>
    </Document>
  );
}

/** Name, e-mail, password and zone of somebody new. */
export function PersonFields({ chrome, values, wrong }: SignUpProps) {
  return (
    <>
      <FormProblem text={wrong.form} />
      <Field
        name="name"
        label="Name"
        autocomplete="name"
        required
        maxLength={40}
        dir="auto"
        defaultValue={values.name}
        hint="Stands in the mails you send."
        wrong={wrong.name}
      />
      <Field
        name="email"
        label="E-mail"
        type="email"
        autocomplete="email"
        required
        defaultValue={values.email}
        wrong={wrong.email}
      />
      <NewPassword wrong={wrong.password} />
      <ZoneSelect
        zone={values.zone || "UTC"}
        guess={values.zone === ""}
        reader={chrome.reader}
        now={chrome.now}
        wrong={wrong.zone}
      />
    </>
  );
}
