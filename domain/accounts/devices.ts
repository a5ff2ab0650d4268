import type { App } from "../../core/app.ts";
import { familyOf } from "../../core/device.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Session } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { writeLetter } from "./account_letters.ts";
import { audit, auditSeldom } from "../admin/audit.ts";
import type { FactorKind } from "../factors/check.ts";
import { notify } from "../notifications.ts";
import { deviceLetters } from "./link_limits.ts";
import { mayTry } from "./tries.ts";

/** Of one account; those longest unseen are forgotten. */
const MOST = 100;

/** What somebody came in by at last. */
export type SignInWay = "password" | "link" | FactorKind;

export interface SignedIn {
  account: Account;
  session: Session;
  by: SignInWay;
}

/**
 * Writes down a sign-in, in the commit that starts its session. Of one with a browser or from a
 * network that the account has not had before its owner hears; of the very first nobody, as it is
 * theirs.
 */
export async function noteSignIn(
  app: App,
  tx: Tx,
  { account, session, by }: SignedIn,
): Promise<void> {
  const key = keys.devices(account.id);
  const before = await tx.get(key);
  const device = familyOf(session.agent);
  const name = [device, session.network].filter(Boolean).join(", ");
  const others = (before?.seen ?? []).filter((one) => one.name !== name);
  tx.set(key, { seen: [...others, { name, at: app.clock.now() }].slice(-MOST) });
  const who = { by: account.id, about: account.id };
  await auditSeldom(app, tx, { act: "signed_in", ...who, facts: { by } }, `${account.id} ${name}`);
  const isNew = before !== null && others.length === before.seen.length;
  if (!isNew) return;
  await audit(app, tx, { act: "new_device", ...who, facts: { device } });
  await notify(app, tx, account.id, {
    kind: "account",
    title: "Signed in from somewhere new",
    text: `${name}. Not you? End that session and change your password.`,
    href: "/account",
  });
  // A password that is passed round must not fill a mailbox.
  if (await mayTry(app, tx, { limit: deviceLetters, who: account.id })) {
    await writeLetter(app, tx, { accountId: account.id, letter: "new_device", about: name });
  }
}
