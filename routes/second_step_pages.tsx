import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { factorsOf } from "../domain/factors/factors.ts";
import { passkeysWork } from "../domain/factors/passkeys.ts";
import { masked } from "../domain/recipients/address_hash.ts";
import type { Account } from "../kv/schema.ts";
import { SecondStepPage } from "../views/second_step.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { ownPath } from "./next.ts";
import { PasskeyBody, passkeyIn, passkeyText } from "./passkey_body.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form } from "./router.ts";
import { finishHere, halfIn, signInByPasskeyHere } from "./second_step.ts";
import { signInPage } from "./sign_in_page.tsx";
import { chromeOf, show, type Site } from "./site.ts";

const next = z.string().max(1_000).default("");
const Code = z.object({ code: z.string().max(64).default(""), next });
const Passkey = z.object({ credential: passkeyText, next });

/** The second step of signing in, and signing in by a passkey alone. */
export const secondStepPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/sign-in/factor", async (c) => {
      const next = ownPath(c.req.query("next"));
      if (c.var.account) return c.redirect(next, 303);
      const account = await halfIn(app, c);
      return account === null ? startAgain(c, next) : await stepPage(site, c, { account, next });
    })
    .post("/sign-in/factor", form(Code), async (c) => {
      const filled = c.req.valid("form");
      const { code, next: typed } = filled.ok ? filled.data : { code: "", next: "" };
      const next = ownPath(typed);
      const account = await halfIn(app, c);
      if (account === null) return startAgain(c, next);
      try {
        await finishHere(app, c, { code });
        return c.redirect(next, 303);
      } catch (error) {
        if (isOver(error)) return startAgain(c, next);
        return await stepPage(site, c, { account, next, error });
      }
    })
    .post("/sign-in/passkey", form(Passkey), async (c) => {
      const filled = c.req.valid("form");
      const typed = filled.ok ? filled.data : { credential: "", next: "" };
      const next = ownPath(typed.next);
      const account = await halfIn(app, c);
      try {
        const credential = passkeyIn(PasskeyBody, typed.credential);
        if (credential === null) throw unreadable();
        await signInByPasskeyHere(app, c, { credential });
        return c.redirect(next, 303);
      } catch (error) {
        return account === null
          ? await signInPage(site, c, { next, error })
          : await stepPage(site, c, { account, next, error });
      }
    });
};

export function unreadable(): AppError {
  return new AppError("invalid", "Cannot read the passkey: the browser sent none, try again");
}

const isOver = (error: unknown) => error instanceof AppError && error.code === "unauthorized";

/** Nothing is left of the first step. */
function startAgain(c: Ctx, next: string): Response {
  flash(c, { name: "sign_in_over" });
  return c.redirect(`/sign-in?next=${encodeURIComponent(next)}`, 303);
}

async function stepPage(
  site: Site,
  c: Ctx,
  { account, next, error }: { account: Account; next: string; error?: unknown },
): Promise<Response> {
  const { code, ...others } = error === undefined ? {} : problemsOf(error);
  const { totp, passkeys } = await factorsOf(site.app, account.id);
  const page = (
    <SecondStepPage
      chrome={await chromeOf(site, c)}
      shown={masked(account.email)}
      next={next}
      totp={totp !== null}
      passkeys={passkeys.length > 0 && passkeysWork(site.app.config)}
      wrong={{ code, form: Object.values(others)[0] }}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
