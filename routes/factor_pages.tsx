import { z } from "zod";
import { AppError } from "../core/errors.ts";
import {
  type Added,
  addTotp,
  type FactorRef,
  makeCodes,
  removeFactor,
} from "../domain/factors/factor_change.ts";
import { addPasskey } from "../domain/factors/passkeys.ts";
import { offerTotp } from "../domain/factors/totp.ts";
import { RecoveryCodesPage } from "../views/recovery_codes.tsx";
import { TotpPage } from "../views/totp.tsx";
import { accountPage } from "./account_pages.tsx";
import { keepSession, ownerOf } from "./factors.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { NewPasskeyBody, passkeyIn, passkeyText } from "./passkey_body.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { unreadable } from "./second_step_pages.tsx";
import { chromeOf, show, type Site } from "./site.ts";

const Totp = z.object({ offer: z.string().max(200), code: z.string().max(64) });
const Passkey = z.object({ credential: passkeyText });
const CARD = "/account#factor";

/** One's second factors: to add an app or a passkey, to remove one, new recovery codes. */
export const factorPages = (site: Site) => {
  const { app } = site;
  const sure = proved(app, CARD);
  return createRouter()
    .get("/account/totp", signedIn, proved(app), (c) => totpPage(site, c))
    .post("/account/totp", signedIn, sure, form(Totp), async (c) => {
      const filled = c.req.valid("form");
      const typed = filled.ok ? filled.data : { offer: "", code: "" };
      try {
        return await added(site, c, await addTotp(app, ownerOf(c), typed));
      } catch (error) {
        return await totpPage(site, c, error);
      }
    })
    .post("/account/totp/remove", signedIn, sure, (c) => remove(site, c, { totp: true }))
    .post("/account/passkeys", signedIn, sure, form(Passkey), async (c) => {
      const filled = c.req.valid("form");
      try {
        const credential = passkeyIn(NewPasskeyBody, filled.ok ? filled.data.credential : "");
        if (credential === null) throw unreadable();
        return await added(site, c, await addPasskey(app, ownerOf(c), { credential }));
      } catch (error) {
        const factor = Object.values(problemsOf(error))[0];
        return await accountPage(site, c, { factor, error });
      }
    })
    .post("/account/passkeys/:id/remove", signedIn, sure, (c) => {
      return remove(site, c, { passkey: c.req.param("id") });
    })
    .post("/account/codes", signedIn, sure, async (c) => {
      try {
        const codes = await makeCodes(app, me(c));
        return await codesPage(site, c, codes, "Those from before work no more.");
      } catch (error) {
        return await accountPage(site, c, { factor: Object.values(problemsOf(error))[0], error });
      }
    });
};

/** After the first factor the codes are shown, this once; after others the account. */
async function added(site: Site, c: Ctx, made: Added): Promise<Response> {
  keepSession(site.app, c, made);
  if (made.codes !== null) {
    return await codesPage(site, c, made.codes, "Your second factor is in use.");
  }
  flash(c, { name: "factor_added" });
  return c.redirect(CARD, 303);
}

async function codesPage(
  site: Site,
  c: Ctx,
  codes: string[],
  said: string,
): Promise<Response> {
  return show(c, <RecoveryCodesPage {...{ chrome: await chromeOf(site, c), codes, said }} />);
}

async function remove(site: Site, c: Ctx, which: FactorRef): Promise<Response> {
  try {
    await removeFactor(site.app, me(c), which);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
    return await accountPage(site, c, { factor: error.message, error });
  }
  flash(c, { name: "factor_removed" });
  return c.redirect(CARD, 303);
}

/** With another secret each time: one that was shown in vain is worth nothing. */
async function totpPage(site: Site, c: Ctx, error?: unknown): Promise<Response> {
  const problems = error === undefined ? {} : problemsOf(error);
  const page = (
    <TotpPage
      chrome={await chromeOf(site, c)}
      {...await offerTotp(site.app, me(c))}
      wrong={{ ...problems, form: problems[""] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
