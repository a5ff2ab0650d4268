import { z } from "zod";
import type { App } from "../core/app.ts";
import { changePassword } from "../domain/accounts/password_change.ts";
import { quotaOf } from "../domain/mail/quotas.ts";
import { updateProfile } from "../domain/accounts/profile.ts";
import type { Started } from "../domain/accounts/sessions.ts";
import { signUp } from "../domain/accounts/sign_up.ts";
import type { Account } from "../kv/schema.ts";
import { accountView } from "./account_view.ts";
import { agentOf } from "./client_address.ts";
import { setSessionCookie } from "./cookies.ts";
import { accountLinks, LOOK, ownEmail } from "./email_links.ts";
import { ownFactors } from "./factors.ts";
import { ownSessions } from "./own_sessions.ts";
import { provedByFactor } from "./proof.ts";
import { body, createRouter, type Ctx, me, signedIn } from "./router.ts";

/** Lengths here only keep out what cannot be meant; the rules of the domain say what is wrong. */
const password = z.string().max(1_024);
export const SignUpBody = z.strictObject({
  email: z.string().max(320),
  password,
  name: z.string().max(200),
  zone: z.string().max(64).optional(),
});
export const ProfileBody = z.strictObject({
  name: z.string().max(200).optional(),
  zone: z.string().max(64).optional(),
});
export const PasswordBody = z.strictObject({ current: password, password });

/** Changes the password of who is signed in, and goes on in a session with a new value. */
export async function changePasswordHere(
  app: App,
  c: Ctx,
  typed: z.output<typeof PasswordBody>,
): Promise<Started> {
  const account = me(c);
  const { address } = c.var;
  const started = await changePassword(app, { ...typed, account, agent: agentOf(c), address });
  setSessionCookie(app, c, { ...started, account });
  return started;
}

/** /api/accounts. The answer is the same for an address that has an account already. */
export const accountsRoutes = (app: App) =>
  createRouter()
    .post("/", body(SignUpBody), async (c) => {
      await signUp(app, { ...c.req.valid("json"), address: c.var.address });
      return c.json(LOOK, 202);
    })
    .route("/", accountLinks(app));

/** What a member may still mail today; null where that is not counted. */
async function mailOf(app: App, account: Account) {
  const quota = await quotaOf(app, account);
  return quota && { ...quota, renewsAt: new Date(quota.renewsAt).toISOString() };
}

/** /api/me */
export const meRoutes = (app: App) =>
  createRouter()
    .use(signedIn)
    .get("/", async (c) => c.json({ ...accountView(me(c)), mail: await mailOf(app, me(c)) }))
    .patch("/", body(ProfileBody), async (c) => {
      const account = await updateProfile(app, { ...c.req.valid("json"), accountId: me(c).id });
      return c.json(accountView(account));
    })
    .post("/password", provedByFactor(app, "/account"), body(PasswordBody), async (c) => {
      await changePasswordHere(app, c, c.req.valid("json"));
      return c.body(null, 204);
    })
    .route("/", ownEmail(app))
    .route("/sessions", ownSessions(app))
    .route("/factors", ownFactors(app));
