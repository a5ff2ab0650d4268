import { DEFAULT_PREFERENCES } from "../../domain/accounts/preferences.ts";
import { AccountPage, type AccountProps } from "../../views/account.tsx";
import { ActivatePage } from "../../views/activate.tsx";
import { AskLinkPage } from "../../views/ask_link.tsx";
import { CheckMailPage } from "../../views/check_mail.tsx";
import { ConfirmPage } from "../../views/confirm.tsx";
import { EmailChangePage } from "../../views/email_change.tsx";
import { ProblemPage } from "../../views/problem.tsx";
import { ProvePage } from "../../views/prove.tsx";
import { ResetPage } from "../../views/reset.tsx";
import { SetupPage } from "../../views/setup.tsx";
import { SignInPage } from "../../views/sign_in.tsx";
import { SignUpPage } from "../../views/sign_up.tsx";
import { WelcomePage } from "../../views/welcome.tsx";
import { ada, chrome, DAY, HOUR, NOW, strangers } from "./gallery_samples.ts";

const nobody = { name: "", email: "", zone: "" };
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1";

export const account: AccountProps = {
  chrome: chrome(),
  email: ada.email,
  proven: true,
  profile: { name: ada.name, zone: "Asia/Kolkata", wrong: {} },
  password: { wrong: {}, minLength: 15 },
  factors: {
    totp: null,
    passkeys: [],
    codes: { left: 0, of: 10 },
    passkeysWork: true,
    needed: false,
  },
  further: { addresses: [], text: "", wrong: {} },
  telegram: { link: null, bot: null },
  preferences: DEFAULT_PREFERENCES,
  stopped: [],
  sessions: [
    { id: "s1", agent: firefox, createdAt: NOW - 3 * DAY, seenAt: NOW, current: true },
    {
      id: "s2",
      agent: iphone,
      network: "203.0.113.x",
      createdAt: NOW - 9 * DAY,
      seenAt: NOW - 5 * HOUR,
      current: false,
    },
    {
      id: "s3",
      agent: "curl/8.9",
      network: "2001:db8:1:x",
      createdAt: NOW - DAY,
      seenAt: NOW - DAY,
      current: false,
    },
  ],
};

const stop = { address: ada.email, until: null, from: null, mine: true };
const stopped: AccountProps["stopped"] = [
  { ...stop, hash: "h1", scope: "sender:1", cause: "unsubscribe", at: NOW - 3 * DAY, from: "Bob" },
  { ...stop, hash: "h1", scope: "broadcasts", cause: "unsubscribe", at: NOW - 2 * DAY },
  {
    ...stop,
    hash: "h2",
    address: "ada.lovelace@analytical-engine.example.org",
    scope: "all",
    cause: "soft_bounces",
    at: NOW - DAY,
    until: NOW + 6 * DAY,
  },
  { ...stop, hash: "h2", scope: "sender:2", cause: "admin", at: NOW - 9 * DAY, mine: false },
];

export const accountPages = {
  welcome: <WelcomePage chrome={strangers({ reader: { zone: "UTC", locale: "en-GB" } })} />,
  welcome_closed: <WelcomePage chrome={strangers({ signUp: false })} />,
  sign_in: <SignInPage chrome={strangers()} email="" next="/" passkeys wrong={{}} />,
  sign_in_refused: (
    <SignInPage
      chrome={strangers({ flash: { tone: "calm", text: "You are signed out." } })}
      email="ada@example.org"
      next="/mailings"
      passkeys={false}
      wrong={{
        form:
          "Cannot check the password now: it was tried too often; wait, or sign in by a mailed link",
      }}
    />
  ),
  sign_up: <SignUpPage chrome={strangers()} values={nobody} wrong={{}} />,
  sign_up_refused: (
    <SignUpPage
      chrome={strangers()}
      values={{ name: "Ada", email: "ada@", zone: "Europe/Berlin" }}
      wrong={{
        email: "This is no e-mail address: nothing after the @.",
        password: "This password is on the list of common ones. Choose another.",
      }}
    />
  ),
  setup: <SetupPage chrome={strangers()} token="t" values={nobody} wrong={{}} />,
  check_mail: <CheckMailPage chrome={strangers()} email="ada@example.org" />,
  check_mail_reset: (
    <CheckMailPage
      chrome={strangers({ outbox: false })}
      email="ada@example.org"
      ifAny
      works="30 minutes"
      againHref="/reset"
    />
  ),
  check_mail_kept: <CheckMailPage chrome={strangers()} email="ada@example.org" ifAny />,
  ask_link: (
    <AskLinkPage
      chrome={strangers()}
      title="Forgot your password?"
      text="Say with which address you signed up. A letter with a link lets you choose a new one."
      action="/reset"
      email="ada@example.org"
      wrong={{ form: "Cannot send a letter now: it was tried too often" }}
    />
  ),
  reset: (
    <ResetPage
      chrome={strangers()}
      token="t"
      email="ada@example.org"
      minLength={15}
      wrong={{ password: "This is 9 characters long; 15 is the least." }}
    />
  ),
  email_change: (
    <EmailChangePage
      chrome={chrome()}
      current={ada.email}
      asked={{ address: "lovelace@example.org", until: NOW + HOUR }}
      email=""
      wrong={{}}
    />
  ),
  email_change_refused: (
    <EmailChangePage
      chrome={chrome()}
      current={ada.email}
      asked={null}
      email="ada@"
      wrong={{ email: "Cannot use this e-mail address: nothing is after the @" }}
    />
  ),
  check_mail_outbox: (
    <CheckMailPage chrome={strangers()} email="ada@example.org" outboxHref="/outbox/1?token=t" />
  ),
  confirm: (
    <ConfirmPage
      chrome={strangers()}
      title="Confirm your address"
      text="This makes ada@example.org yours at Clock Work and signs you in."
      action="/activate/t"
      button="Confirm the address"
    />
  ),
  activate: (
    <ActivatePage
      chrome={strangers()}
      token="t"
      asks="either"
      wrong={{ fresh: "Cannot use this password: it has 9 characters, take at least 15" }}
    />
  ),
  activate_refused: (
    <ActivatePage
      chrome={strangers()}
      token="t"
      asks="password"
      wrong={{ password: "Cannot confirm the address: this is not the password" }}
    />
  ),
  activate_known: <ActivatePage chrome={chrome()} token="t" asks="nothing" wrong={{}} />,
  prove: (
    <ProvePage
      chrome={chrome()}
      email={ada.email}
      next="/account"
      factor={null}
      wrong={{ password: "Cannot go on: the password is not right" }}
    />
  ),
  account: <AccountPage {...account} />,
  account_stopped: <AccountPage {...account} stopped={stopped} />,
  account_refused: (
    <AccountPage
      {...account}
      proven={false}
      chrome={chrome({ flash: { tone: "bad", text: "The password was not changed." } })}
      password={{
        minLength: 15,
        wrong: {
          current: "This is not your current password.",
          password: "This is 9 characters long; 15 is the least.",
        },
      }}
      further={{
        addresses: [
          { id: "a", address: "ada.lovelace@example.net", proven: true },
          { id: "b", address: "ada@a.rather.long.subdomain.example.com", proven: false },
        ],
        text: "ada@",
        wrong: { address: "Cannot use this e-mail address: nothing is after the @" },
      }}
    />
  ),
  problem_missing: (
    <ProblemPage
      chrome={chrome()}
      status={404}
      what="There is no such note"
      why="It was deleted, it is somebody else’s, or the link is not complete."
      next={[{ label: "Go to the notes", href: "/" }]}
    />
  ),
  problem_down: (
    <ProblemPage
      chrome={strangers()}
      status={503}
      what="Clock Work cannot answer just now"
      why="Its store does not answer. Nothing you saved is lost; try again in a minute."
      next={[{ label: "Try again", href: "/notes" }, { label: "Go to the start", href: "/" }]}
      requestId="01jd0000000000000000000req"
    />
  ),
};
