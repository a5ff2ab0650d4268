import { z } from "zod";
import { addressKey } from "../domain/recipients/addresses.ts";
import { closeAccount, keepAccount, planClosing } from "../domain/accounts/closing.ts";
import { AccountClosePage } from "../views/account_close.tsx";
import type { Wrong } from "../views/chrome.ts";
import { clearSessionCookie } from "./cookies.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const PATH = "/account/close";
const Close = z.object({
  when: z.enum(["now", "later"]).catch("later"),
  confirm: z.string().max(320).default(""),
});

/** The end of an account, now or in a week, and the way back. */
export const closePages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get(PATH, signedIn, proved(app), (c) => closePage(site, c, {}))
    .post(PATH, signedIn, proved(app, PATH), form(Close), async (c) => {
      const filled = c.req.valid("form");
      const { id: accountId, email } = me(c);
      if (!filled.ok || addressKey(filled.data.confirm.trim()) !== addressKey(email)) {
        const confirm = "This is not the address of your account.";
        return await closePage(site, c, { confirm }, 400);
      }
      try {
        if (filled.data.when === "now") await closeAccount(app, { accountId });
        else await planClosing(app, { accountId });
      } catch (error) {
        return await closePage(site, c, { form: problemsOf(error)[""] }, statusFor(c, error));
      }
      if (filled.data.when === "later") return c.redirect("/account", 303);
      clearSessionCookie(app, c);
      flash(c, { name: "account_closed" });
      return c.redirect("/sign-in", 303);
    })
    .post("/account/keep", signedIn, async (c) => {
      await keepAccount(app, { accountId: me(c).id });
      flash(c, { name: "account_kept" });
      return c.redirect("/account", 303);
    });
};

async function closePage(
  site: Site,
  c: Ctx,
  wrong: Wrong,
  status: 200 | 400 | 409 | 413 | 429 | 503 = 200,
): Promise<Response> {
  const chrome = await chromeOf(site, c);
  const page = <AccountClosePage chrome={chrome} email={me(c).email} wrong={wrong} />;
  return show(c, page, status);
}
