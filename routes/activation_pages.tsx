import { z } from "zod";
import {
  activate,
  activateAndEnter,
  activateAnew,
  activationOf,
} from "../domain/accounts/activation.ts";
import { ActivatePage } from "../views/activate.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form } from "./router.ts";
import { enter, goOn, placeOf } from "./session.ts";
import { chromeOf, show, type Site } from "./site.ts";

const text = z.string().max(1_024).default("");
const Passwords = z.object({ password: text, fresh: text });

/** The link of a letter that confirms the address of a sign-up, or of one's account. */
export const activationPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    // A GET only shows what is asked: mail programs open links before people do.
    .get("/activate/:token", (c) => activatePage(site, c))
    .post("/activate/:token", form(Passwords), async (c) => {
      const token = c.req.param("token");
      const filled = c.req.valid("form");
      const { password, fresh } = filled.ok ? filled.data : { password: "", fresh: "" };
      if (await isKnown(site, c)) {
        await activate(app, token);
        flash(c, { name: "activated" });
        return c.redirect("/account", 303);
      }
      try {
        const admitted = fresh === ""
          ? await activateAndEnter(app, { token, password, ...placeOf(c) })
          : await activateAnew(app, { token, password: fresh, ...placeOf(c) });
        flash(c, { name: "activated" });
        return goOn(c, await enter(app, c, admitted), "/");
      } catch (error) {
        return await activatePage(site, c, error);
      }
    });
};

/** Whether who is signed in here asks for their own address. @throws {AppError} `not_found`. */
async function isKnown({ app }: Site, c: Ctx): Promise<boolean> {
  return c.var.account?.id === (await activationOf(app, tokenOf(c))).id;
}

const tokenOf = (c: Ctx) => c.req.param("token") ?? "";

async function activatePage(site: Site, c: Ctx, error?: unknown): Promise<Response> {
  const { id, verified } = await activationOf(site.app, tokenOf(c));
  const problems = error === undefined ? {} : problemsOf(error);
  const page = (
    <ActivatePage
      chrome={await chromeOf(site, c)}
      token={tokenOf(c)}
      asks={c.var.account?.id === id ? "nothing" : verified === null ? "either" : "password"}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
