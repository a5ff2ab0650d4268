import type { Preferences } from "../kv/schema.ts";
import { NewsCard } from "./account_news.tsx";
import { StoppedCard, type StoppedLine } from "./account_stopped.tsx";
import { TelegramCard, type TelegramProps } from "./account_telegram.tsx";
import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FactorsCard, type FactorsProps } from "./factors.tsx";
import { Field, FormProblem } from "./field.tsx";
import { OwnAddresses, type OwnAddressesProps } from "./own_addresses.tsx";
import { type SessionLine, SessionList } from "./sessions.tsx";
import { ZoneSelect } from "./zone_select.tsx";

export interface AccountProps {
  chrome: Chrome;
  email: string;
  /** The address is proven for the mail service in use. */
  proven: boolean;
  profile: { name: string; zone: string; wrong: Wrong };
  password: { wrong: Wrong; minLength: number };
  factors: FactorsProps;
  further: OwnAddressesProps;
  telegram: TelegramProps;
  preferences: Preferences;
  stopped: StoppedLine[];
  sessions: SessionLine[];
}

/** One's own account: who one is, the password, Telegram, of what to hear, where one is signed in. */
export function AccountPage(props: AccountProps) {
  const { chrome, email, proven, profile, password, telegram, preferences, stopped, sessions } =
    props;
  const { reader, now } = chrome;
  const { link } = telegram;
  return (
    <Document chrome={chrome} title="Account">
      <h1 class="page-title">Account</h1>
      {/* Of its own, or Enter in a field of the profile would press its button. */}
      {!proven && <form id="proof" method="post" action="/account/proof" hidden />}
      <div class="panes">
        <form class="card sheet-form" method="post" action="/account">
          <h2>You</h2>
          <FormProblem text={profile.wrong.form} />
          <div class="field">
            <span class="label">E-mail</span>
            <p>
              {email} · <a href="/account/email">Change it</a>
            </p>
            {!proven && (
              <>
                <p class="hint">Not confirmed yet: until it is, nobody can be mailed.</p>
                <p>
                  <button type="submit" form="proof">Send a letter to confirm it</button>
                </p>
              </>
            )}
          </div>
          <Field
            name="name"
            label="Name"
            autocomplete="name"
            required
            maxLength={40}
            dir="auto"
            defaultValue={profile.name}
            hint="Stands in the mails you send."
            wrong={profile.wrong.name}
          />
          <ZoneSelect
            zone={profile.zone}
            guess={false}
            reader={reader}
            now={now}
            wrong={profile.wrong.zone}
          />
          <button type="submit" class="primary">Save changes</button>
        </form>
        <form class="card sheet-form" method="post" action="/account/password">
          <h2>Password</h2>
          <FormProblem text={password.wrong.form} />
          <input type="hidden" autocomplete="username" value={email} />
          <Field
            name="current"
            label="Current password"
            type="password"
            autocomplete="current-password"
            required
            wrong={password.wrong.current}
          />
          <Field
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            required
            minLength={password.minLength}
            maxLength={128}
            hint={`At least ${password.minLength} characters. You are signed out everywhere else.`}
            wrong={password.wrong.password}
          />
          <button type="submit">Change password</button>
        </form>
        <FactorsCard {...props.factors} reader={reader} now={now} />
        <OwnAddresses {...props.further} />
        <TelegramCard {...telegram} reader={reader} now={now} />
        <NewsCard
          preferences={preferences}
          telegram={link !== null}
          linked={link?.is === "linked" && link.off === null}
        />
        <SessionList sessions={sessions} reader={reader} now={now} />
        <StoppedCard stopped={stopped} reader={reader} now={now} />
        <section class="card sheet-form whole-row" aria-labelledby="data">
          <h2 id="data">Your data</h2>
          <p>
            <a href="/account/data">Take it with you as one file, or bring such a file back</a>
          </p>
          <p>
            <a href="/account/close">Close the account and erase everything</a>
          </p>
        </section>
      </div>
    </Document>
  );
}
