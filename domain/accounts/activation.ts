import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { admit, type Admitted, type Place } from "../factors/second_step.ts";
import { liftProven } from "../recipients/suppressing.ts";
import { holdAddress } from "./holder.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { withPassword } from "./set_password.ts";
import { checkPassword } from "./sign_in.ts";
import { resetsJudged } from "./sign_in_limits.ts";
import { linkNotFound, peekToken, useToken } from "./tokens.ts";
import { countTries } from "./tries.ts";

/** Whose sign-up a link would make an account. @throws {AppError} `not_found`. */
export async function activationOf(app: App, value: string): Promise<Account> {
  const { subject } = await peekToken(app, "activate", value);
  const account = await read(app, keys.account(subject));
  if (account === null) throw linkNotFound();
  return account;
}

/**
 * Activates a sign-up by its link and the password that was chosen with it, and lets its owner in. The
 * link alone is not enough: else whoever signs up with another's address, and has them press the button,
 * would have an account in their name.
 *
 * @throws {AppError} as `activate`; `invalid` of "password"; `rate_limited` after many wrong ones.
 */
export async function activateAndEnter(
  app: App,
  { token, password, ...place }: Place & { token: string; password: string },
): Promise<Admitted> {
  const asked = await activationOf(app, token);
  if (!await checkPassword(app, { account: asked, password, who: asked.id })) {
    const why = "this is not the password that was chosen with it";
    throw new AppError("invalid", `Cannot confirm the address: ${why}`, { field: "password" });
  }
  const account = await activate(app, token);
  return await admit(app, { account, by: "password", ...place });
}

/**
 * The same with a new password in the place of the one that was chosen. Who reads the mailbox need not
 * know what was typed by whoever signed up with it: else strangers who do so again and again would keep
 * its owner out.
 *
 * @throws {AppError} as `activate`; `conflict` for an account that is one already; `invalid` of
 *   "fresh"; `rate_limited` after many.
 */
export async function activateAnew(
  app: App,
  { token, password, ...place }: Place & { token: string; password: string },
): Promise<Admitted> {
  const asked = await activationOf(app, token);
  if (asked.verified !== null) throw inUse();
  await countTries(app, [{ limit: resetsJudged, who: asked.id }]);
  await requireGoodPassword(password, asked, "fresh");
  const hashed = await hashPassword(password);
  const account = await activate(app, token, (account) => {
    if (account.verified !== null) throw inUse();
    return withPassword(account, { password, hashed });
  });
  return await admit(app, { account, by: "password", ...place });
}

function inUse(): AppError {
  const why = "the account is in use; ask for another by “Forgot your password?”";
  return new AppError("conflict", `Cannot choose a password here: ${why}`);
}

/**
 * Turns a sign-up into an account that can be signed in to.
 *
 * @throws {AppError} `not_found` for a link that does not work, also when somebody else has proven
 *   the address meanwhile.
 */
export async function activate(
  app: App,
  value: string,
  change = (account: Account) => account,
): Promise<Account> {
  return await transact(app, async (tx) => {
    const { subject, epoch } = await useToken(app, tx, "activate", value);
    const account = await tx.get(keys.account(subject));
    if (account === null || account.closedAt !== undefined) throw linkNotFound();
    // A letter to an address that the account had before shows nothing about the one of now.
    if ((epoch ?? account.epoch) !== account.epoch) throw linkNotFound();
    const held = await holdAddress(app, tx, { accountId: account.id, address: account.email });
    if (!held) throw linkNotFound();
    const proven = { ...change(account), verified: { at: app.clock.now(), by: app.mailer.name } };
    tx.set(keys.account(account.id), proven);
    tx.delete(keys.accountUnproven(account.createdAt, account.id));
    await liftProven(app, tx, { address: account.email, by: account.id });
    if (account.verified === null) {
      await audit(app, tx, { act: "account_made", by: account.id, about: account.id });
    }
    return proven;
  });
}
