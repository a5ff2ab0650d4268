import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FormProblem } from "./field.tsx";

export interface AskLinkProps {
  chrome: Chrome;
  title: string;
  /** What the letter will be good for. */
  text: string;
  /** Where it posts {email, next}. */
  action: string;
  email: string;
  /** Where to go on afterwards; a path of ours. */
  next?: string;
  wrong: Wrong;
}

/** Asks to which address a link is to be mailed. */
export function AskLinkPage({ chrome, title, text, action, email, next, wrong }: AskLinkProps) {
  return (
    <Document chrome={chrome} title={title} layout="narrow">
      <form class="card sheet-form" method="post" action={action}>
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        <FormProblem text={wrong.form} />
        {next !== undefined && <input type="hidden" name="next" value={next} />}
        <Field
          name="email"
          label="E-mail"
          type="email"
          autocomplete="username"
          required
          defaultValue={email}
          wrong={wrong.email}
        />
        <button type="submit" class="primary">Mail me a link</button>
        <a class="button quiet" href="/sign-in">Sign in with a password</a>
      </form>
    </Document>
  );
}
