import type { Reader } from "../islands/times.ts";
import type { Passkey } from "../kv/schema.ts";
import { FormProblem } from "./field.tsx";
import { Island } from "./island.tsx";
import { Time } from "./time.tsx";

export interface FactorsProps {
  totp: { addedAt: number } | null;
  passkeys: Pick<Passkey, "id" | "name" | "addedAt" | "usedAt">[];
  /** Recovery codes that are left, and how many there were. */
  codes: { left: number; of: number };
  /** Whether browsers make passkeys for this service at all. */
  passkeysWork: boolean;
  /** Whether the account cannot do what it is for without one. */
  needed: boolean;
  wrong?: string;
}

export interface FactorsCardProps extends FactorsProps {
  reader: Reader;
  now: number;
}

/** What is asked for beside the password, each with a way to remove it, and how to add one. */
export function FactorsCard(props: FactorsCardProps) {
  const { totp, passkeys, codes, passkeysWork, needed, wrong, reader, now } = props;
  const has = totp !== null || passkeys.length > 0;
  return (
    <section id="factor" class="card sheet-form listed" aria-labelledby="factor-title">
      <h2 id="factor-title">Second factor</h2>
      <FormProblem text={wrong} />
      {!has && (
        <p>
          With a passkey of your device, or a code from an app on your phone, a stolen password
          alone lets nobody in.
        </p>
      )}
      {!has && needed && <p class="hint">Admins need one: without it the admin pages stay shut.</p>}
      {has && (
        <ul>
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <p>
                <strong dir="auto">{passkey.name}</strong>
                <small>
                  {"passkey · since "}
                  <Time at={passkey.addedAt} now={now} reader={reader} how="full" />
                  {passkey.usedAt !== null && (
                    <>
                      {" · used "}
                      <Time at={passkey.usedAt} now={now} reader={reader} how="relative" />
                    </>
                  )}
                </small>
              </p>
              <form method="post" action={`/account/passkeys/${passkey.id}/remove`}>
                <button type="submit" aria-label={`Remove the passkey ${passkey.name}`}>
                  Remove
                </button>
              </form>
            </li>
          ))}
          {totp && (
            <li>
              <p>
                <strong>App with codes</strong>
                <small>
                  {"since "}
                  <Time at={totp.addedAt} now={now} reader={reader} how="full" />
                </small>
              </p>
              <form method="post" action="/account/totp/remove">
                <button type="submit" aria-label="Remove the app with codes">Remove</button>
              </form>
            </li>
          )}
          <li>
            <p>
              <strong>Recovery codes</strong>
              <small>{`${codes.left} of ${codes.of} left, for when the device is lost`}</small>
            </p>
            <form method="post" action="/account/codes">
              <button type="submit" aria-label="Make new recovery codes">Make new</button>
            </form>
          </li>
        </ul>
      )}
      <div class="row">
        {passkeysWork && (
          <form method="post" action="/account/passkeys">
            <Island
              name="PasskeyButton"
              props={{ does: "add", label: has ? "Add another passkey" : "Add a passkey" }}
            />
          </form>
        )}
        <a class="button" href="/account/totp">
          {totp ? "Use another app" : "Use an app with codes"}
        </a>
      </div>
    </section>
  );
}
