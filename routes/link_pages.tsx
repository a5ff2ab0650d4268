import { z } from "zod";
import { masked } from "../domain/recipients/address_hash.ts";
import { askForLink, type OpeningLetter, peekLink } from "../domain/accounts/account_links.ts";
import { minChars } from "../domain/accounts/password_policy.ts";
import { resetPassword } from "../domain/accounts/password_reset.ts";
import { AskLinkPage } from "../views/ask_link.tsx";
import { CheckMailPage } from "../views/check_mail.tsx";
import { ConfirmPage } from "../views/confirm.tsx";
import { ResetPage } from "../views/reset.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { ownPath } from "./next.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { goOn, signInByLinkHere } from "./session.ts";
import { chromeOf, show, type Site } from "./site.ts";

const text = (max: number) => z.string().max(max).default("");
const Ask = z.object({ email: text(320), next: text(1_000) });
const Next = z.object({ next: text(1_000) });
const Password = z.object({ password: text(1_024) });

const asks = {
  reset: {
    title: "Forgot your password?",
    text: "Say with which address you signed up. A letter with a link lets you choose a new one.",
    action: "/reset",
    works: "30 minutes",
  },
  sign_in: {
    title: "Sign in by mail",
    text: "Say with which address you signed up. The link in the letter signs you in once.",
    action: "/sign-in/mail",
    works: "10 minutes",
  },
} satisfies Record<OpeningLetter, unknown>;

/** Ways in for who does not know their password, or is not believed: a link by mail. */
export const linkPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/reset", (c) => askPage(site, c, { letter: "reset" }))
    .post("/reset", form(Ask), (c) => ask(site, c, "reset", c.req.valid("form")))
    // A GET only shows what is asked: mail programs open links before people do.
    .get("/reset/:token", (c) => resetPage(site, c, c.req.param("token")))
    .post("/reset/:token", form(Password), async (c) => {
      const token = c.req.param("token");
      const filled = c.req.valid("form");
      if (!filled.ok) return await resetPage(site, c, token, { problems: filled.problems });
      try {
        await resetPassword(app, { token, password: filled.data.password });
      } catch (error) {
        return await resetPage(site, c, token, { problems: problemsOf(error), error });
      }
      flash(c, { name: "password_reset" });
      return c.redirect("/sign-in", 303);
    })
    .get("/sign-in/mail", (c) => {
      return askPage(site, c, { letter: "sign_in", next: ownPath(c.req.query("next")) });
    })
    .post("/sign-in/mail", form(Ask), (c) => ask(site, c, "sign_in", c.req.valid("form")))
    .get("/sign-in/mail/:token", async (c) => {
      const token = c.req.param("token");
      const { email } = await peekLink(app, "sign_in", token);
      const page = (
        <ConfirmPage
          chrome={await chromeOf(site, c)}
          title="Sign in"
          text={`One press, and this browser is signed in as ${masked(email)}.`}
          action={`/sign-in/mail/${token}`}
          button="Sign in"
          fields={{ next: ownPath(c.req.query("next")) }}
        />
      );
      return show(c, page);
    })
    .post("/sign-in/mail/:token", form(Next), async (c) => {
      const filled = c.req.valid("form");
      const account = await signInByLinkHere(app, c, c.req.param("token"));
      return goOn(c, account, ownPath(filled.ok ? filled.data.next : ""));
    })
    .post("/prove/mail", signedIn, form(Next), (c) => {
      const filled = c.req.valid("form");
      const data = { email: me(c).email, next: filled.ok ? filled.data.next : "" };
      return ask(site, c, "sign_in", { ok: true, data });
    });
};

interface Asked {
  ok: boolean;
  data?: z.output<typeof Ask>;
}

/** Has the letter written, and says so in the same words whoever the address belongs to. */
async function ask(site: Site, c: Ctx, letter: OpeningLetter, filled: Asked): Promise<Response> {
  const { email, next: typed } = filled.data ?? { email: "", next: "" };
  const next = ownPath(typed);
  try {
    const on = next === "/" ? undefined : next;
    const proves = letter === "sign_in" && c.var.account !== null;
    const onTo = on === undefined ? "" : `?next=${encodeURIComponent(on)}`;
    const asked = { letter, email, address: c.var.address, next: on };
    const { outboxToken } = await askForLink(site.app, asked);
    const page = (
      <CheckMailPage
        chrome={await chromeOf(site, c)}
        email={email.trim()}
        ifAny
        works={asks[letter].works}
        againHref={(proves ? "/prove" : asks[letter].action) + onTo}
        outboxHref={outboxToken ? `/outbox/open/${outboxToken}` : undefined}
      />
    );
    return show(c, page);
  } catch (error) {
    return await askPage(site, c, { letter, email, next, error });
  }
}

async function askPage(
  site: Site,
  c: Ctx,
  { letter, email = "", next, error }: {
    letter: OpeningLetter;
    email?: string;
    next?: string;
    error?: unknown;
  },
): Promise<Response> {
  const problems = error === undefined ? {} : problemsOf(error);
  const { works: _, ...words } = asks[letter];
  const page = (
    <AskLinkPage
      {...words}
      chrome={await chromeOf(site, c)}
      email={email}
      next={letter === "sign_in" ? next : undefined}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}

async function resetPage(
  site: Site,
  c: Ctx,
  token: string,
  { problems = {}, error }: { problems?: Record<string, string>; error?: unknown } = {},
): Promise<Response> {
  const account = await peekLink(site.app, "reset", token);
  const page = (
    <ResetPage
      chrome={await chromeOf(site, c)}
      token={token}
      email={account.email}
      minLength={minChars(account)}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  const wrong = Object.keys(problems).length > 0;
  return show(c, page, error ? statusFor(c, error) : wrong ? 400 : 200);
}
