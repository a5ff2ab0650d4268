import { z } from "zod";
import type { App } from "../core/app.ts";
import { askForLink } from "../domain/accounts/account_links.ts";
import { askForEmail } from "../domain/accounts/email_change.ts";
import { confirmEmail, undoEmail } from "../domain/accounts/email_confirm.ts";
import { resetPassword } from "../domain/accounts/password_reset.ts";
import { startSession } from "../domain/accounts/sessions.ts";
import type { Account } from "../kv/schema.ts";
import { agentOf } from "./client_address.ts";
import { setSessionCookie } from "./cookies.ts";
import { proved } from "./proof.ts";
import { body, createRouter, type Ctx, me } from "./router.ts";

const token = z.string().max(64);
export const EmailBody = z.strictObject({ email: z.string().max(320) });
export const TokenBody = z.strictObject({ token });
export const ResetBody = z.strictObject({ token, password: z.string().max(1_024) });

/** What is said whether or not there is an account. */
export const LOOK = { message: "Look into your mail: there is a letter with what to do next" };

/**
 * Begins a session in the browser that changed its account, where that was signed in to it: all
 * before have ended. @returns whether it was.
 */
export async function goOnAs(app: App, c: Ctx, account: Account): Promise<boolean> {
  if (c.var.account?.id !== account.id) return false;
  const { id: accountId, epoch } = account;
  const { address } = c.var;
  // The link shows who reads the mailbox, which is less than a second factor.
  const proved = account.factorAt === undefined;
  const started = await startSession(app, { accountId, epoch, agent: agentOf(c), address, proved });
  setSessionCookie(app, c, { ...started, account });
  return true;
}

/** Under /api/accounts: what the links of letters do, for programs that people gave them to. */
export const accountLinks = (app: App) =>
  createRouter()
    .post("/reset", body(EmailBody), async (c) => {
      const { email } = c.req.valid("json");
      await askForLink(app, { letter: "reset", email, address: c.var.address });
      return c.json(LOOK, 202);
    })
    .post("/reset/confirm", body(ResetBody), async (c) => {
      await resetPassword(app, c.req.valid("json"));
      return c.body(null, 204);
    })
    .post("/email/confirm", body(TokenBody), async (c) => {
      await goOnAs(app, c, await confirmEmail(app, c.req.valid("json")));
      return c.body(null, 204);
    })
    .post("/email/undo", body(TokenBody), async (c) => {
      await undoEmail(app, c.req.valid("json"));
      return c.body(null, 204);
    });

/** Under /api/me, behind `signedIn`. */
export const ownEmail = (app: App) =>
  createRouter()
    .post("/email", proved(app), body(EmailBody), async (c) => {
      const { email } = c.req.valid("json");
      await askForEmail(app, { account: me(c), email, address: c.var.address });
      return c.json(LOOK, 202);
    });
