import { startSession } from "../../domain/accounts/sessions.ts";
import type { Account } from "../../kv/schema.ts";
import type { TestApp } from "./app.ts";

/** An account that is signed in, and the way to sign it in once more. */
export async function signedIn(t: TestApp, change: Partial<Account> = {}) {
  const account = await t.person("Ada", change);
  const start = (agent = "Test/1.0") =>
    startSession(t.app, { accountId: account.id, epoch: account.epoch, agent });
  return { account, start, ...await start() };
}
