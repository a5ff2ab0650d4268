import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { askForLink } from "../domain/accounts/account_links.ts";
import { signInByLink } from "../domain/accounts/link_sign_in.ts";
import { endSession } from "../domain/accounts/session_end.ts";
import type { Found, Started } from "../domain/accounts/sessions.ts";
import { signIn } from "../domain/accounts/sign_in.ts";
import { accountView } from "./account_view.ts";
import { agentOf } from "./client_address.ts";
import { clearSessionCookie, setSessionCookie } from "./cookies.ts";
import { EmailBody, LOOK, TokenBody } from "./email_links.ts";
import { ProofBody, proveHere } from "./proof.ts";
import { body, createRouter, type Ctx, signedIn } from "./router.ts";

/** What is typed to sign in: anything of a sensible length, for what is wrong is not told apart. */
export const SignInBody = z.strictObject({
  email: z.string().max(320),
  password: z.string().max(1_024),
});

/**
 * Signs the browser in. Whatever session it came with ends, so that nobody goes on in a session whose
 * value another may have put there.
 *
 * @throws {AppError} as `signIn`.
 */
export async function signInHere(
  app: App,
  c: Ctx,
  { email, password }: z.output<typeof SignInBody>,
): Promise<Started & Found> {
  const { address } = c.var;
  const started = await signIn(app, { email, password, address, agent: agentOf(c) });
  await endOwn(app, c);
  setSessionCookie(app, c, started);
  return started;
}

/** Signs the browser in by the link of a letter; else as `signInHere`. @throws as `signInByLink`. */
export async function signInByLinkHere(app: App, c: Ctx, token: string): Promise<Started & Found> {
  const { address } = c.var;
  const started = await signInByLink(app, { token, address, agent: agentOf(c) });
  await endOwn(app, c);
  setSessionCookie(app, c, started);
  return started;
}

/** Signs the browser out, and has it forget what it kept of us. */
export async function signOutHere(app: App, c: Ctx): Promise<void> {
  await endOwn(app, c);
  clearSessionCookie(app, c);
}

async function endOwn(app: App, c: Ctx): Promise<void> {
  const { session } = c.var;
  if (session === null) return;
  try {
    await endSession(app, session);
  } catch (error) {
    // Somebody else has just ended it.
    if (!(error instanceof AppError && error.code === "not_found")) throw error;
  }
}

/** /api/session */
export const sessionRoutes = (app: App) =>
  createRouter()
    .post("/", body(SignInBody), async (c) => {
      const { account } = await signInHere(app, c, c.req.valid("json"));
      return c.json(accountView(account), 201);
    })
    .post("/mail", body(EmailBody), async (c) => {
      const { email } = c.req.valid("json");
      await askForLink(app, { letter: "sign_in", email, address: c.var.address });
      return c.json(LOOK, 202);
    })
    .post("/token", body(TokenBody), async (c) => {
      const { account } = await signInByLinkHere(app, c, c.req.valid("json").token);
      return c.json(accountView(account), 201);
    })
    .post("/proof", signedIn, body(ProofBody), async (c) => {
      await proveHere(app, c, c.req.valid("json"));
      return c.body(null, 204);
    })
    .delete("/", async (c) => {
      await signOutHere(app, c);
      return c.body(null, 204);
    });
