import type { App } from "../../core/app.ts";
import { isLoopback } from "../../core/config.ts";
import type { Payload } from "../../jobs/catalog.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Tx } from "../../kv/transact.ts";
import { newDelivery } from "../mail/deliveries.ts";
import { issueToken } from "./tokens.ts";

export interface Shown {
  /** How long the right to read it here lasts, ms. */
  lifeMs: number;
}

/**
 * Has a letter about an account sent.
 *
 * @returns the value of an "outbox" token for it, where it stays in the outbox and somebody is to
 *   read it there who cannot sign in.
 */
export async function writeLetter(
  app: App,
  tx: Tx,
  payload: Payload<"email_account">,
  shown: Shown | null = null,
): Promise<string | null> {
  const job = await enqueue(app, tx, "email_account", payload);
  if (app.mailer.name !== "outbox" || shown === null) return null;
  const to = ""; // the name of a delivery is made of its job and number alone
  const { id: subject } = newDelivery({ jobId: job.id, number: 0, to }, app.clock.now());
  return await issueToken(app, tx, { purpose: "outbox", subject, lifeMs: shown.lifeMs });
}

/**
 * Whether somebody without a session may be shown a letter that opens an account: who sits at the
 * machine itself, and could read its files. To others a letter in the outbox is as good as none.
 */
export function sitsAtMachine({ config }: Pick<App, "config">, address: string): boolean {
  const own = address === "::1" || isLoopback(address);
  return own && isLoopback(new URL(config.origin).hostname);
}
