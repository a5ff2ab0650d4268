import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Account } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { endAllSessions } from "../accounts/session_end.ts";
import { NO_FACTORS, writeFactors } from "./factors.ts";

/**
 * Removes all second factors of somebody who has lost them, in the commit it is part of: every session
 * ends, and they are told by mail.
 */
export async function dropFactors(
  app: Pick<App, "clock" | "hub" | "waker">,
  tx: Tx,
  account: Account,
): Promise<void> {
  writeFactors(app, tx, await endAllSessions(app, tx, account), NO_FACTORS);
  await enqueue(app, tx, "email_account", { accountId: account.id, letter: "factors_reset" });
}
