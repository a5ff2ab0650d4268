import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { endAllSessions } from "../accounts/session_end.ts";
import { NO_FACTORS, writeFactors } from "./factors.ts";

/**
 * Removes all second factors of somebody who has lost them, in the commit it is part of: every session
 * ends, a password that is too short to stand alone fits no more, and they are told by mail.
 */
export async function dropFactors(
  app: Pick<App, "clock" | "hub" | "waker">,
  tx: Tx,
  account: Account,
): Promise<void> {
  const { shortPassword, ...ended } = await endAllSessions(app, tx, account);
  const left = writeFactors(app, tx, ended, NO_FACTORS);
  if (shortPassword) tx.set(keys.account(account.id), { ...left, password: "" });
  await enqueue(app, tx, "email_account", { accountId: account.id, letter: "factors_reset" });
}
