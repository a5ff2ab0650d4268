import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, EmailChange, LinkedAddress, Token } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { writeLetter } from "./account_letters.ts";
import { isOpen } from "./accounts.ts";
import { masked } from "../recipients/address_hash.ts";
import { addressKey } from "../recipients/addresses.ts";
import { audit } from "../admin/audit.ts";
import { sha256 } from "./digest.ts";
import { keepAddress } from "./email_change.ts";
import { holdAddress } from "./holder.ts";
import { moveSoon } from "../reminders/move_reminders.ts";
import { endAllSessions } from "./session_end.ts";
import { liftProven } from "../recipients/suppressing.ts";
import { linkNotFound, peekToken, useToken } from "./tokens.ts";

/** What the link of a letter about a change would do: give an account an address, or back. */
export type EmailLink = "email_change" | "email_keep";

/** The address that a link gives an account, for the page that it shows. @throws `not_found`. */
export async function peekEmail(app: App, link: EmailLink, value: string): Promise<string> {
  const token = await peekToken(app, link, value);
  const [account, change] = await Promise.all([
    read(app, keys.account(token.subject)),
    read(app, keys.emailChange(token.subject)),
  ]);
  return (await found(token, value, { account, change })).linked.address;
}

/**
 * Gives an account the address at which its letter was opened, and ends its sessions. The address
 * before is told, and can undo it.
 *
 * @returns the account as it then is; the caller may begin a session in the browser that did it.
 * @throws {AppError} `not_found` for a link that does not work, also when the address is another's.
 */
export async function confirmEmail(app: App, { token }: { token: string }): Promise<Account> {
  const changed = await transact(app, async (tx) => {
    const { account, linked } = await used(app, tx, "email_change", token);
    const { id: accountId } = account;
    if (!await holdAddress(app, tx, { accountId, address: linked.address })) throw linkNotFound();
    await letGo(tx, account, linked.address);
    const about = masked(linked.address);
    const { kept } = await keepAddress(app, tx, account, { letter: "email_changed", about });
    tx.set(keys.emailChange(accountId), { asked: null, kept });
    const verified = { at: app.clock.now(), by: app.mailer.name };
    const changed = await endAllSessions(app, tx, { ...account, email: linked.address, verified });
    await moveSoon(app, tx, { before: account, after: changed.email });
    await writeLetter(app, tx, { accountId, letter: "email_confirmed" });
    const facts = { to: about };
    await audit(app, tx, { act: "email_changed", by: accountId, about: accountId, facts });
    return changed;
  });
  const proven = { address: changed.email, by: changed.id };
  await transact(app, (tx) => liftProven(app, tx, proven)); // has no room in the commit above
  return changed;
}

/**
 * Leaves an account at the address from which it is asked, or brings it back there, and ends all its
 * sessions. What was changed after that letter can no longer be undone: it was not its owner's.
 *
 * @throws {AppError} `not_found` for a link that does not work; `conflict` when the address has
 *   another account by now.
 */
export function undoEmail(app: App, { token }: { token: string }): Promise<void> {
  return transact(app, async (tx) => {
    const { account, change, linked } = await used(app, tx, "email_keep", token);
    const { id: accountId } = account;
    const { address } = linked;
    if (!await holdAddress(app, tx, { accountId, address })) {
      const message = "Cannot bring the address back: it has another account by now";
      throw new AppError("conflict", message);
    }
    await letGo(tx, account, address);
    const at = change.kept.findIndex(({ hash }) => hash === linked.hash);
    const verified = change.kept[at]?.verified ?? null;
    tx.set(keys.emailChange(accountId), { asked: null, kept: change.kept.slice(0, at) });
    await endAllSessions(app, tx, { ...account, email: address, verified });
    await moveSoon(app, tx, { before: account, after: address });
    await writeLetter(app, tx, { accountId, letter: "email_undone" });
    await audit(app, tx, { act: "email_change_undone", by: accountId, about: accountId });
  });
}

interface Found {
  account: Account;
  change: EmailChange;
  linked: LinkedAddress;
}

async function used(app: App, tx: Tx, link: EmailLink, value: string): Promise<Found> {
  const token = await useToken(app, tx, link, value);
  const account = await tx.get(keys.account(token.subject));
  return await found(token, value, {
    account,
    change: await tx.get(keys.emailChange(token.subject)),
  });
}

/** What a token is about, if that still holds: neither closed, nor replaced, nor undone. */
async function found(
  { purpose, epoch }: Token,
  value: string,
  { account, change }: { account: Account | null; change: EmailChange | null },
): Promise<Found> {
  const hash = await sha256(value);
  const linked = purpose === "email_change"
    ? change?.asked?.hash === hash ? change.asked : undefined
    : change?.kept.find((one) => one.hash === hash);
  const open = account !== null && isOpen(account) && (epoch ?? account.epoch) === account.epoch;
  if (!open || !change || !linked) throw linkNotFound();
  return { account, change, linked };
}

/** The address until now no longer leads to the account, unless it is the same. */
async function letGo(tx: Tx, { id, email }: Account, address: string): Promise<void> {
  if (addressKey(email) === addressKey(address)) return;
  const key = keys.accountByEmail(addressKey(email));
  if (await tx.get(key) === id) tx.delete(key);
}
