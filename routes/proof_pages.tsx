import { z } from "zod";
import { isProved } from "../domain/accounts/proof.ts";
import { ProvePage } from "../views/prove.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { ownPath } from "./next.ts";
import { proveHere } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Proof = z.object({
  password: z.string().max(1_024).default(""),
  next: z.string().max(1_000).default(""),
});

/** Where somebody who is signed in shows once more who they are, before a sensitive step. */
export const proofPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/prove", signedIn, async (c) => {
      const next = ownPath(c.req.query("next"));
      const { session } = c.var;
      if (session !== null && isProved(app, session)) return c.redirect(next, 303);
      return await provePage(site, c, { next });
    })
    .post("/prove", signedIn, form(Proof), async (c) => {
      const filled = c.req.valid("form");
      const { password, next: typed } = filled.ok ? filled.data : { password: "", next: "" };
      const next = ownPath(typed);
      try {
        await proveHere(app, c, { password });
      } catch (error) {
        return await provePage(site, c, { next, error });
      }
      flash(c, { name: "proved" });
      return c.redirect(next, 303);
    });
};

async function provePage(
  site: Site,
  c: Ctx,
  { next, error }: { next: string; error?: unknown },
): Promise<Response> {
  const problems = error === undefined ? {} : problemsOf(error);
  const page = (
    <ProvePage
      chrome={await chromeOf(site, c)}
      email={me(c).email}
      next={next}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
