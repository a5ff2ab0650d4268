import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { withPassword } from "./set_password.ts";
import { endAllSessions } from "./session_end.ts";
import { type Started, startSession } from "./sessions.ts";
import { checkPassword } from "./sign_in.ts";
import { changesJudged } from "./sign_in_limits.ts";
import { countTries } from "./tries.ts";

export interface PasswordChange {
  account: Account;
  /** The password until now, typed again. */
  current: string;
  password: string;
  /** What the browser calls itself, and from which network address. */
  agent: string;
  address?: string;
}

/**
 * Changes a password, ends every session and tells the owner by mail.
 *
 * @returns a session for the browser in which it was done.
 * @throws {AppError} `invalid` of "current" or "password"; `rate_limited` after many.
 */
export async function changePassword(
  app: App,
  { account, current, password, agent, address }: PasswordChange,
): Promise<Started> {
  await countTries(app, [{ limit: changesJudged, who: account.id }]);
  if (!await checkPassword(app, { account, password: current })) {
    throw new AppError("invalid", "Cannot change the password: the current one is not right", {
      field: "current",
    });
  }
  await requireGoodPassword(password, account);
  const hashed = await hashPassword(password);
  const changed = await transact(app, async (tx) => {
    const fresh = await tx.get(keys.account(account.id));
    if (fresh?.password !== account.password) {
      throw new AppError("conflict", "Cannot change the password: it has just been changed");
    }
    const changed = await endAllSessions(app, tx, withPassword(fresh, { password, hashed }));
    await enqueue(app, tx, "email_account", { accountId: account.id, letter: "password_changed" });
    await audit(app, tx, { act: "password_changed", by: account.id, about: account.id });
    return changed;
  });
  const { id: accountId, epoch, factorAt } = changed;
  // The password alone must not count for what a second factor is asked for.
  const proved = factorAt === undefined;
  return await startSession(app, { accountId, epoch, agent, address, proved });
}
