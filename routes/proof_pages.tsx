import { z } from "zod";
import { isProved, type Proof } from "../domain/accounts/proof.ts";
import { factorsOf } from "../domain/factors/factors.ts";
import { passkeysWork } from "../domain/factors/passkeys.ts";
import { ProvePage } from "../views/prove.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { ownPath } from "./next.ts";
import { PasskeyBody, passkeyIn, passkeyText } from "./passkey_body.ts";
import { proveHere } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { unreadable } from "./second_step_pages.tsx";
import { chromeOf, show, type Site } from "./site.ts";

const Shown = z.object({
  password: z.string().max(1_024).default(""),
  code: z.string().max(64).default(""),
  credential: passkeyText,
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
    .post("/prove", signedIn, form(Shown), async (c) => {
      const filled = c.req.valid("form");
      const next = ownPath(filled.ok ? filled.data.next : "");
      try {
        await proveHere(app, c, filled.ok ? proofIn(filled.data) : { password: "" });
      } catch (error) {
        return await provePage(site, c, { next, error });
      }
      flash(c, { name: "proved" });
      return c.redirect(next, 303);
    });
};

/** What was filled in of the three. */
function proofIn({ password, code, credential }: z.output<typeof Shown>): Proof {
  if (credential === "") return code === "" ? { password } : { code };
  const read = passkeyIn(PasskeyBody, credential);
  if (read === null) throw unreadable();
  return { credential: read };
}

async function provePage(
  site: Site,
  c: Ctx,
  { next, error }: { next: string; error?: unknown },
): Promise<Response> {
  const { credential, ...problems } = error === undefined ? {} : problemsOf(error);
  const { email } = me(c);
  const page = (
    <ProvePage
      chrome={await chromeOf(site, c)}
      email={email}
      next={next}
      factor={await factorHere(site, c)}
      wrong={{ ...problems, form: credential ?? problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}

/** What is asked for in place of the password; null for who has no second factor. */
async function factorHere({ app }: Site, c: Ctx) {
  const { id, factorAt } = me(c);
  if (factorAt === undefined) return null;
  const { totp, passkeys } = await factorsOf(app, id);
  return { totp: totp !== null, passkeys: passkeys.length > 0 && passkeysWork(app.config) };
}
