import { z } from "zod";
import { setUp } from "../domain/accounts/set_up.ts";
import { signUp } from "../domain/accounts/sign_up.ts";
import { peekToken } from "../domain/accounts/tokens.ts";
import { CheckMailPage } from "../views/check_mail.tsx";
import { SetupPage } from "../views/setup.tsx";
import { type PersonValues, SignUpPage } from "../views/sign_up.tsx";
import { WelcomePage } from "../views/welcome.tsx";
import { flash } from "./flash.ts";
import { problemsOf, type Typed } from "./form_body.ts";
import { ownPath } from "./next.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form } from "./router.ts";
import { goOn, signInHere, signOutHere } from "./session.ts";
import { signInPage } from "./sign_in_page.tsx";
import { chromeOf, show, type Site } from "./site.ts";

const text = (max: number) => z.string().max(max).default("");
const SignIn = z.object({ email: text(320), password: text(1_024), next: text(1_000) });
const Person = z.object({
  name: text(200),
  email: text(320),
  password: text(1_024),
  zone: z.string().max(64).optional().transform((zone) => zone || undefined),
  /** No person sees this field; programs fill it in. */
  website: text(200),
});

/** How a stranger comes in: welcome, sign up, confirm, sign in; the first admin's setup. */
export const doorPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/", async (c, next) => {
      if (c.var.account) return await next();
      return show(c, <WelcomePage chrome={await chromeOf(site, c)} />);
    })
    .get("/sign-in", async (c) => {
      const next = ownPath(c.req.query("next"));
      if (c.var.account) return c.redirect(next, 303);
      return await signInPage(site, c, { next });
    })
    .post("/sign-in", form(SignIn), async (c) => {
      const filled = c.req.valid("form");
      const typed = filled.ok ? filled.data : { email: "", password: "", next: "/" };
      const next = ownPath(typed.next);
      try {
        return goOn(c, await signInHere(app, c, typed), next);
      } catch (error) {
        return await signInPage(site, c, { email: typed.email, next, error });
      }
    })
    .post("/sign-out", async (c) => {
      await signOutHere(app, c);
      flash(c, { name: "signed_out" });
      return c.redirect("/sign-in", 303);
    })
    .get("/sign-up", async (c) => {
      if (app.config.signup !== "open") return c.redirect("/sign-in", 303);
      return await signUpPage(site, c, {});
    })
    .post("/sign-up", form(Person), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) return await signUpPage(site, c, filled);
      const { website, ...person } = filled.data;
      try {
        const { outboxToken } = website === ""
          ? await signUp(app, { ...person, address: c.var.address })
          : { outboxToken: null };
        const outboxHref = outboxToken ? `/outbox/open/${outboxToken}` : undefined;
        const chrome = await chromeOf(site, c);
        return show(
          c,
          <CheckMailPage chrome={chrome} email={person.email} outboxHref={outboxHref} />,
        );
      } catch (error) {
        return await signUpPage(site, c, {
          typed: filled.typed,
          problems: problemsOf(error),
          error,
        });
      }
    })
    .get("/setup/:token", async (c) => {
      await peekToken(app, "setup", c.req.param("token"));
      return await setupPage(site, c, {});
    })
    .post("/setup/:token", form(Person), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) return await setupPage(site, c, filled);
      const { website: _, ...person } = filled.data;
      try {
        await setUp(app, { ...person, token: c.req.param("token") });
      } catch (error) {
        return await setupPage(site, c, {
          typed: filled.typed,
          problems: problemsOf(error),
          error,
        });
      }
      await signInHere(app, c, person);
      return c.redirect("/", 303);
    });
};

interface Refused {
  typed?: Typed;
  problems?: Record<string, string>;
  error?: unknown;
}

function valuesOf({ typed = {} }: Refused): PersonValues {
  return { name: typed.name ?? "", email: typed.email ?? "", zone: typed.zone ?? "" };
}

const wrongOf = ({ problems = {} }: Refused) => ({ ...problems, form: problems[""] });
const statusOf = (c: Ctx, { problems, error }: Refused) =>
  error ? statusFor(c, error) : problems ? 400 : 200;

async function signUpPage(site: Site, c: Ctx, refused: Refused): Promise<Response> {
  const chrome = await chromeOf(site, c);
  const page = <SignUpPage chrome={chrome} values={valuesOf(refused)} wrong={wrongOf(refused)} />;
  return show(c, page, statusOf(c, refused));
}

async function setupPage(site: Site, c: Ctx, refused: Refused): Promise<Response> {
  const page = (
    <SetupPage
      chrome={await chromeOf(site, c)}
      token={c.req.param("token") ?? ""}
      values={valuesOf(refused)}
      wrong={wrongOf(refused)}
    />
  );
  return show(c, page, statusOf(c, refused));
}
