import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { transact } from "../../kv/transact.ts";
import { useLink } from "./account_links.ts";
import { type Found, type Started, startSession } from "./sessions.ts";
import { linkNotFound } from "./tokens.ts";

/**
 * Lets in who has the link of a letter. It is also the way in where passwords are guessed at so much
 * that none is looked at.
 *
 * @throws {AppError} `not_found` for a link that does not work.
 */
export async function signInByLink(
  app: App,
  { token, address, agent }: { token: string; address: string; agent: string },
): Promise<Started & Found> {
  const account = await transact(app, (tx) => useLink(app, tx, "sign_in", token));
  const { id: accountId, epoch } = account;
  try {
    const started = await startSession(app, { accountId, epoch, agent, address, by: "link" });
    app.log.info("signed_in", { accountId, sessionId: started.session.id });
    return { ...started, account };
  } catch (error) {
    // Its sessions were ended in this very moment.
    if (error instanceof AppError && error.code === "unauthorized") throw linkNotFound();
    throw error;
  }
}
