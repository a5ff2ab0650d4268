import { z } from "zod";
import { AppError, notFound } from "../core/errors.ts";
import { listOwnAddresses } from "../domain/recipients/own_addresses.ts";
import { liftOwn, ownSuppressions, wantedNow } from "../domain/recipients/own_suppressions.ts";
import { preferencesOf } from "../domain/accounts/preferences.ts";
import { updateProfile } from "../domain/accounts/profile.ts";
import { minChars } from "../domain/accounts/password_policy.ts";
import { factorsOf } from "../domain/factors/factors.ts";
import { passkeysWork } from "../domain/factors/passkeys.ts";
import { RECOVERY_CODES } from "../domain/factors/recovery_codes.ts";
import { isVerified } from "../domain/recipients/recipients.ts";
import { endSession, listSessions, signOutEverywhere } from "../domain/accounts/session_end.ts";
import { askForProof } from "../domain/accounts/sign_up.ts";
import { AccountPage } from "../views/account.tsx";
import type { Wrong } from "../views/chrome.ts";
import { telegramOf } from "./chat_pages.tsx";
import { changePasswordHere } from "./accounts.ts";
import { clearSessionCookie } from "./cookies.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { provedByFactor } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Profile = z.object({ name: z.string().max(200), zone: z.string().max(64) });
const Lift = z.object({ hash: z.string().max(64), scope: z.string().max(64) });
const Password = z.object({ current: z.string().max(1_024), password: z.string().max(1_024) });

/** One's own account: name and zone, password, where one is signed in. */
export const accountPages = (site: Site) => {
  const { app } = site;
  const byFactor = provedByFactor(app, "/account");
  return createRouter()
    .get("/account", signedIn, (c) => accountPage(site, c, {}))
    .post("/account", signedIn, form(Profile), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) return await accountPage(site, c, { profile: filled.problems });
      try {
        await updateProfile(app, { ...filled.data, accountId: me(c).id });
      } catch (error) {
        const typed = filled.data;
        return await accountPage(site, c, { profile: problemsOf(error), typed, error });
      }
      flash(c, { name: "profile" });
      return c.redirect("/account", 303);
    })
    .post("/account/proof", signedIn, async (c) => {
      await askForProof(app, me(c));
      flash(c, { name: "letter_sent" });
      return c.redirect("/account", 303);
    })
    .post("/account/password", signedIn, byFactor, form(Password), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) return await accountPage(site, c, { password: filled.problems });
      try {
        await changePasswordHere(app, c, filled.data);
      } catch (error) {
        return await accountPage(site, c, { password: problemsOf(error), error });
      }
      flash(c, { name: "password" });
      return c.redirect("/account", 303);
    })
    .post("/account/stopped/lift", signedIn, form(Lift), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw notFound("entry");
      await liftOwn(app, me(c), filled.data);
      flash(c, { name: "lifted" });
      return c.redirect("/account#stopped", 303);
    })
    .post("/account/sessions/end", signedIn, async (c) => {
      await signOutEverywhere(app, me(c).id);
      clearSessionCookie(app, c);
      flash(c, { name: "signed_out" });
      return c.redirect("/sign-in", 303);
    })
    .post("/account/sessions/:id/end", signedIn, async (c) => {
      await endSession(app, { accountId: me(c).id, id: c.req.param("id") });
      flash(c, { name: "session_ended" });
      return c.redirect("/account", 303);
    });
};

interface Refused {
  profile?: Wrong;
  password?: Wrong;
  factor?: string;
  typed?: { name: string; zone: string };
  address?: { text: string; wrong: Wrong };
  error?: unknown;
}

export async function accountPage(site: Site, c: Ctx, refused: Refused): Promise<Response> {
  const { profile = {}, password = {}, typed, error } = refused;
  const { text, wrong: wrongAddress } = refused.address ?? { text: "", wrong: {} };
  const account = me(c);
  const chrome = await chromeOf(site, c); // first: what happens from here on reaches the page live
  const [telegram, preferences, sessions, addresses, stopped, factors] = await Promise.all([
    telegramOf(site.app, c),
    preferencesOf(site.app, account.id),
    listSessions(site.app, account),
    listOwnAddresses(site.app, account.id),
    ownSuppressions(site.app, account),
    factorsOf(site.app, account.id),
  ]);
  const page = (
    <AccountPage
      chrome={chrome}
      telegram={telegram}
      preferences={wantedNow(preferences, stopped, account)}
      stopped={stopped}
      email={account.email}
      proven={isVerified(site.app, account)}
      profile={{ name: account.name, zone: account.zone, ...typed, wrong: profile }}
      password={{ wrong: password, minLength: minChars(account) }}
      factors={{
        totp: factors.totp,
        passkeys: factors.passkeys,
        codes: { left: factors.codes.length, of: RECOVERY_CODES },
        passkeysWork: passkeysWork(site.app.config),
        needed: account.role === "admin",
        wrong: refused.factor,
      }}
      further={{ addresses, text, wrong: wrongAddress }}
      sessions={sessions.map((session) => ({
        ...session,
        current: session.id === c.var.session?.id,
      }))}
    />
  );
  const wrong = Object.keys({ ...profile, ...password }).length > 0;
  return show(c, page, error instanceof AppError ? statusFor(c, error) : wrong ? 400 : 200);
}
