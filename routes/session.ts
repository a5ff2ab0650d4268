import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { askForLink } from "../domain/accounts/account_links.ts";
import { signInByLink } from "../domain/accounts/link_sign_in.ts";
import { endSession } from "../domain/accounts/session_end.ts";
import type { Admitted } from "../domain/factors/second_step.ts";
import type { Account } from "../kv/schema.ts";
import { signIn } from "../domain/accounts/sign_in.ts";
import { accountView } from "./account_view.ts";
import { agentOf } from "./client_address.ts";
import {
  clearSessionCookie,
  clearTicketCookie,
  setSessionCookie,
  setTicketCookie,
} from "./cookies.ts";
import { EmailBody, LOOK, TokenBody } from "./email_links.ts";
import { CodeBody, CredentialBody } from "./factor_bodies.ts";
import { finishHere, questionHere, signInByPasskeyHere } from "./second_step.ts";
import { ProofBody, proveHere } from "./proof.ts";
import { body, createRouter, type Ctx, signedIn } from "./router.ts";

/** What is typed to sign in: anything of a sensible length, for what is wrong is not told apart. */
export const SignInBody = z.strictObject({
  email: z.string().max(320),
  password: z.string().max(1_024),
});

/**
 * Signs the browser in, or gives it a ticket for the second factor.
 *
 * @returns whose account it is; null where the second factor is still to come.
 * @throws {AppError} as `signIn`.
 */
export async function signInHere(
  app: App,
  c: Ctx,
  { email, password }: z.output<typeof SignInBody>,
): Promise<Account | null> {
  return await enter(app, c, await signIn(app, { email, password, ...placeOf(c) }));
}

/** Signs the browser in by the link of a letter; else as `signInHere`. @throws as `signInByLink`. */
export async function signInByLinkHere(
  app: App,
  c: Ctx,
  token: string,
): Promise<Account | null> {
  return await enter(app, c, await signInByLink(app, { token, ...placeOf(c) }));
}

/** From where a request signs in. */
export const placeOf = (c: Ctx) => ({ agent: agentOf(c), address: c.var.address });

/**
 * Gives the browser what signing in came to. Whatever session it had ends, so that nobody goes on in
 * one whose value another may have put there.
 */
export async function enter(app: App, c: Ctx, admitted: Admitted): Promise<Account | null> {
  await endOwn(app, c);
  if ("ticket" in admitted) {
    setTicketCookie(app, c, admitted.ticket);
    return null;
  }
  clearTicketCookie(app, c);
  setSessionCookie(app, c, admitted);
  return admitted.account;
}

/** After signing in on a page: on to where somebody wanted, or to the second factor first. */
export function goOn(c: Ctx, account: Account | null, next: string): Response {
  const to = account === null ? `/sign-in/factor?next=${encodeURIComponent(next)}` : next;
  return c.redirect(to, 303);
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

/** Who is signed in, or that the second factor is needed; its ticket is in a cookie. */
function entered(c: Ctx, account: Account | null): Response {
  return account === null ? c.json({ next: "factor" }, 202) : c.json(accountView(account), 201);
}

/** /api/session */
export const sessionRoutes = (app: App) =>
  createRouter()
    .post("/", body(SignInBody), async (c) => {
      return entered(c, await signInHere(app, c, c.req.valid("json")));
    })
    .post("/mail", body(EmailBody), async (c) => {
      const { email } = c.req.valid("json");
      await askForLink(app, { letter: "sign_in", email, address: c.var.address });
      return c.json(LOOK, 202);
    })
    .post("/token", body(TokenBody), async (c) => {
      return entered(c, await signInByLinkHere(app, c, c.req.valid("json").token));
    })
    .post("/factor", body(CodeBody), async (c) => {
      return entered(c, await finishHere(app, c, c.req.valid("json")));
    })
    .post("/passkey/options", async (c) => c.json(await questionHere(app, c)))
    .post("/passkey", body(CredentialBody), async (c) => {
      return entered(c, await signInByPasskeyHere(app, c, c.req.valid("json")));
    })
    .post("/proof", signedIn, body(ProofBody), async (c) => {
      await proveHere(app, c, c.req.valid("json"));
      return c.body(null, 204);
    })
    .delete("/", async (c) => {
      await signOutHere(app, c);
      return c.body(null, 204);
    });
