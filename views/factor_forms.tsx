import { Field } from "./field.tsx";
import { Island } from "./island.tsx";

export interface FactorFormsProps {
  /** Where a code is sent, and where a passkey. */
  action: string;
  passkeyAction: string;
  /** Where to go on afterwards; a path of ours. */
  next: string;
  /** What the account has. */
  totp: boolean;
  passkeys: boolean;
  wrong?: string;
}

/** The ways to show a second factor: a passkey, a code of an app, a recovery code. */
export function FactorForms(props: FactorFormsProps) {
  const { action, passkeyAction, next, totp, passkeys, wrong } = props;
  return (
    <>
      {passkeys && (
        <form method="post" action={passkeyAction}>
          <input type="hidden" name="next" value={next} />
          <Island
            name="PasskeyButton"
            props={{ does: "use", label: "Use a passkey", primary: true }}
          />
        </form>
      )}
      {passkeys && (
        <noscript>
          <p class="hint">A passkey needs scripts in this browser.</p>
        </noscript>
      )}
      <form method="post" action={action}>
        <input type="hidden" name="next" value={next} />
        <Field
          name="code"
          label={totp ? "Code" : "Recovery code"}
          autocomplete="one-time-code"
          required
          maxLength={64}
          hint={totp
            ? "Six digits from your app. A recovery code is good too."
            : "One of those you kept; each works once."}
          wrong={wrong}
        />
        <button type="submit" class={passkeys ? undefined : "primary"}>Go on</button>
      </form>
    </>
  );
}
