import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { transact } from "../../kv/transact.ts";
import { useLink } from "./account_links.ts";
import { admit, type Admitted } from "../factors/second_step.ts";
import { linkNotFound } from "./tokens.ts";

/**
 * Lets in who has the link of a letter, or on to the second factor where there is one. It is also the way in where passwords are guessed at so much
 * that none is looked at.
 *
 * @throws {AppError} `not_found` for a link that does not work.
 */
export async function signInByLink(
  app: App,
  { token, address, agent }: { token: string; address: string; agent: string },
): Promise<Admitted> {
  const account = await transact(app, (tx) => useLink(app, tx, "sign_in", token));
  try {
    return await admit(app, { account, agent, address, by: "link" });
  } catch (error) {
    // Its sessions were ended in this very moment.
    if (error instanceof AppError && error.code === "unauthorized") throw linkNotFound();
    throw error;
  }
}
