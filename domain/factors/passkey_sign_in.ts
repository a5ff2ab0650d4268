import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Found, Started } from "../accounts/sessions.ts";
import { noteFailure } from "../accounts/failures.ts";
import { checkPasskey, type PasskeyAnswer, passkeyHolder } from "./passkeys.ts";
import { letIn, type Place } from "./second_step.ts";
import { ticketHolder, useTicket } from "./ticket.ts";

/**
 * Signs in who shows a passkey, with a ticket or without: the device has asked for a finger, a face or
 * a PIN, so it is two factors by itself (NIST SP 800-63B-4, 3.1.7).
 *
 * @throws {AppError} `unauthorized`, in the same words for whatever is wrong with it.
 */
export async function signInByPasskey(
  app: App,
  { answer, ticket, agent, address }: Place & { answer: PasskeyAnswer; ticket: string | null },
): Promise<Started & Found> {
  const half = ticket === null ? null : await ticketHolder(app, ticket);
  const account = await passkeyHolder(app, answer, half);
  const isRight = account !== null && (half === null || half.id === account.id) &&
    await checkPasskey(app, account, answer);
  if (!isRight) {
    app.log.info("sign_in_failed", { accountId: account?.id });
    const failed = { act: "sign_in_failed", what: "passkey", address } as const;
    await noteFailure(app, { ...failed, accountId: account?.id ?? null });
    throw new AppError("unauthorized", "Cannot sign in: this passkey is not known here");
  }
  if (ticket !== null) await useTicket(app, ticket);
  return await letIn(app, { account, agent, address, by: "passkey" });
}
