import type { App } from "../../core/app.ts";
import type { Account } from "../../kv/schema.ts";
import { type Found, type Started, startSession } from "../accounts/sessions.ts";
import type { SignInWay } from "../accounts/devices.ts";
import { checkCode } from "./check.ts";
import { issueTicket, ticketHolder, useTicket } from "./ticket.ts";

/** What a first factor comes to: a session, or where there is a second, a ticket to show it with. */
export type Admitted = Started & Found | { ticket: string };

/** From where somebody signs in. */
export interface Place {
  /** What the browser calls itself. */
  agent: string;
  /** From which network address. */
  address: string;
}

/** @throws {AppError} `unauthorized` when all sessions were ended since the first factor was checked. */
export async function admit(
  app: App,
  { account, by, ...place }: Place & { account: Account; by: "password" | "link" },
): Promise<Admitted> {
  if (account.factorAt !== undefined) return { ticket: await issueTicket(app, account) };
  return await letIn(app, { account, by, ...place });
}

/** Starts the session of who has shown all that is asked for. @throws {AppError} as `admit`. */
export async function letIn(
  app: App,
  { account, ...how }: Place & { account: Account; by: SignInWay },
): Promise<Started & Found> {
  const { id: accountId, epoch } = account;
  const started = await startSession(app, { accountId, epoch, ...how });
  app.log.info("signed_in", { accountId, sessionId: started.session.id });
  return { ...started, account };
}

/**
 * Signs in who has a ticket and a code.
 *
 * @throws {AppError} `unauthorized` for a ticket that is over; as `checkCode`.
 */
export async function finishSignIn(
  app: App,
  { ticket, code, ...place }: Place & { ticket: string; code: string },
): Promise<Started & Found> {
  const account = await ticketHolder(app, ticket);
  const by = await checkCode(app, { account, code, address: place.address });
  await useTicket(app, ticket);
  return await letIn(app, { account, by, ...place });
}
