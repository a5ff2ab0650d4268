import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { signInByPasskey } from "../domain/factors/passkey_sign_in.ts";
import { type PasskeyAnswer, passkeyQuestion } from "../domain/factors/passkeys.ts";
import { finishSignIn } from "../domain/factors/second_step.ts";
import { ticketHolder } from "../domain/factors/ticket.ts";
import type { Account } from "../kv/schema.ts";
import { ticketCookie } from "./cookies.ts";
import type { Ctx } from "./router.ts";
import { enter, placeOf } from "./session.ts";

/** Signs the browser in that has a ticket, by a code. @throws {AppError} as `finishSignIn`. */
export async function finishHere(
  app: App,
  c: Ctx,
  { code }: { code: string },
): Promise<Account | null> {
  const ticket = ticketCookie(app, c) ?? "";
  return await enter(app, c, await finishSignIn(app, { ticket, code, ...placeOf(c) }));
}

/** Signs the browser in by a passkey, whether it has a ticket or not. @throws as `signInByPasskey`. */
export async function signInByPasskeyHere(
  app: App,
  c: Ctx,
  { credential: answer }: { credential: PasskeyAnswer },
): Promise<Account | null> {
  const ticket = await liveTicket(app, c);
  return await enter(app, c, await signInByPasskey(app, { answer, ticket, ...placeOf(c) }));
}

/** What this browser is to have signed: by who is signed in, by who has a ticket, or by anybody. */
export async function questionHere(app: App, c: Ctx) {
  return await passkeyQuestion(app, c.var.account ?? await halfIn(app, c));
}

/** Who has shown the first factor in this browser; null for nobody, or where it took too long. */
export async function halfIn(app: App, c: Ctx): Promise<Account | null> {
  const ticket = ticketCookie(app, c);
  return ticket === null ? null : await ticketHolder(app, ticket).catch(tooLate);
}

async function liveTicket(app: App, c: Ctx): Promise<string | null> {
  return await halfIn(app, c) === null ? null : ticketCookie(app, c);
}

function tooLate(error: unknown): null {
  if (error instanceof AppError && error.code === "unauthorized") return null;
  throw error;
}
