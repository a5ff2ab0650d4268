import { Document } from "./document.tsx";
import { PersonFields, type SignUpProps } from "./sign_up.tsx";

export interface SetupProps extends SignUpProps {
  token: string;
}

/** POST /setup/:token {name, email, password, zone}: the first account, which runs this server. */
export function SetupPage({ chrome, token, values, wrong }: SetupProps) {
  return (
    <Document chrome={chrome} title="Set up" layout="narrow">
      <form class="card sheet-form" method="post" action={`/setup/${token}`}>
        <h1>Set up Clock Work</h1>
        <p class="lead">
          This makes the first account. It is an administrator’s, and this link works only once.
        </p>
        <PersonFields chrome={chrome} values={values} wrong={wrong} />
        <button type="submit" class="primary">Make the first account</button>
      </form>
    </Document>
  );
}
