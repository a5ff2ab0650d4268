import { z } from "zod";
import { askedEmail, askForEmail, dropAskedEmail } from "../domain/accounts/email_change.ts";
import { confirmEmail, peekEmail, undoEmail } from "../domain/accounts/email_confirm.ts";
import { CheckMailPage } from "../views/check_mail.tsx";
import { ConfirmPage } from "../views/confirm.tsx";
import { EmailChangePage } from "../views/email_change.tsx";
import { goOnAs } from "./email_links.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Email = z.object({ email: z.string().max(320).default("") });

/** Another address for one's account: asked for on a page, confirmed and undone by letters. */
export const emailPages = (site: Site) => {
  const { app } = site;
  const own = proved(app, "/account/email");
  return createRouter()
    .get("/account/email", signedIn, own, (c) => changePage(site, c))
    .post("/account/email", signedIn, own, form(Email), async (c) => {
      const filled = c.req.valid("form");
      const email = filled.ok ? filled.data.email : "";
      try {
        const asked = { account: me(c), email, address: c.var.address };
        const { outboxToken } = await askForEmail(app, asked);
        const page = (
          <CheckMailPage
            chrome={await chromeOf(site, c)}
            email={email.trim()}
            works="one hour"
            againHref="/account/email"
            outboxHref={outboxToken ? `/outbox/open/${outboxToken}` : undefined}
          />
        );
        return show(c, page);
      } catch (error) {
        return await changePage(site, c, { email, error });
      }
    })
    .post("/account/email/drop", signedIn, async (c) => {
      await dropAskedEmail(app, me(c).id);
      flash(c, { name: "email_dropped" });
      return c.redirect("/account", 303);
    })
    // A GET only shows the button: mail programs open links before people do.
    .get("/email/confirm/:token", async (c) => {
      const token = c.req.param("token");
      const address = await peekEmail(app, "email_change", token);
      const page = (
        <ConfirmPage
          chrome={await chromeOf(site, c)}
          title="Use this address"
          text={`From now on you sign in with ${address}. Other browsers are signed out.`}
          action={`/email/confirm/${token}`}
          button="Use this address"
        />
      );
      return show(c, page);
    })
    .post("/email/confirm/:token", async (c) => {
      const account = await confirmEmail(app, { token: c.req.param("token") });
      const on = await goOnAs(app, c, account);
      flash(c, { name: on ? "email" : "email_sign_in" });
      return c.redirect(on ? "/account" : "/sign-in", 303);
    })
    .get("/email/undo/:token", async (c) => {
      const token = c.req.param("token");
      const address = await peekEmail(app, "email_keep", token);
      const page = (
        <ConfirmPage
          chrome={await chromeOf(site, c)}
          title="Keep this address"
          text={`Your account stays with ${address}, or goes back to it. Every browser is signed out.`}
          action={`/email/undo/${token}`}
          button="Keep this address"
        />
      );
      return show(c, page);
    })
    .post("/email/undo/:token", async (c) => {
      await undoEmail(app, { token: c.req.param("token") });
      flash(c, { name: "email_undone" });
      return c.redirect("/reset", 303);
    });
};

async function changePage(
  site: Site,
  c: Ctx,
  { email = "", error }: { email?: string; error?: unknown } = {},
): Promise<Response> {
  const account = me(c);
  const problems = error === undefined ? {} : problemsOf(error);
  const page = (
    <EmailChangePage
      chrome={await chromeOf(site, c)}
      current={account.email}
      asked={await askedEmail(site.app, account.id)}
      email={email}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
