import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, EmailChange, LinkedAddress } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { writeLetter } from "./account_letters.ts";
import { isOpen } from "./accounts.ts";
import { masked } from "../recipients/address_hash.ts";
import { addressKey, parseAddress } from "../recipients/addresses.ts";
import { mailboxOf } from "../recipients/mailbox.ts";
import { audit } from "../admin/audit.ts";
import { provenHolder } from "./holder.ts";
import { accountChanges, mailboxClaims, networkLetters } from "./link_limits.ts";
import { networkOf } from "./network.ts";
import { issueToken, tokenHash, tokenValue } from "./tokens.ts";
import { countTries } from "./tries.ts";

/** How long a new address can be confirmed, and the one before take the account back, ms. */
export const CONFIRM_MS = 3_600_000;
export const KEEP_MS = 7 * 86_400_000;

export const NO_CHANGE: EmailChange = { asked: null, kept: [] };

/**
 * Asks for another address: a letter there confirms it, one to the address until now can stop it. An
 * address that is another's is not told: its owner gets a letter in place of the first. What was asked
 * before can no longer be confirmed.
 *
 * @returns the value of an "outbox" token for the first letter, where letters stay in the outbox: it
 *   is to none of the asker's addresses yet.
 * @throws {AppError} `invalid` of "email"; `rate_limited`; `conflict` when all sessions have ended.
 */
export async function askForEmail(
  app: App,
  { account, email, address }: { account: Account; email: string; address: string },
): Promise<{ outboxToken: string | null }> {
  const to = parseAddress(email).address;
  if (addressKey(to) === addressKey(account.email)) {
    const message = "Cannot change the address: it is the one you have";
    throw new AppError("invalid", message, { field: "email" });
  }
  await countTries(app, [
    { limit: accountChanges, who: account.id },
    { limit: mailboxClaims, who: mailboxOf(to) },
    { limit: networkLetters, who: networkOf(address) },
  ]);
  const outboxId = await transact(app, async (tx) => {
    const { id: accountId, epoch } = account;
    const fresh = await tx.get(keys.account(accountId));
    if (fresh?.epoch !== epoch || !isOpen(fresh)) {
      throw new AppError("conflict", "Cannot change the address: you were signed out meanwhile");
    }
    const holder = await provenHolder(app, tx, to);
    const now = app.clock.now();
    const confirm = {
      purpose: "email_change",
      subject: accountId,
      epoch,
      lifeMs: CONFIRM_MS,
    } as const;
    const tokenId = await issueToken(app, tx, confirm);
    const hash = await tokenHash(app, "email_change", tokenId);
    const { kept } = await keepAddress(app, tx, fresh, {
      letter: "email_asked",
      about: masked(to),
    });
    tx.set(keys.emailChange(accountId), {
      asked: { address: to, hash, until: now + CONFIRM_MS },
      kept,
    });
    const facts = { to: masked(to) };
    await audit(app, tx, { act: "email_change_asked", by: accountId, about: accountId, facts });
    const own = holder === null || holder.id === accountId;
    const letter = own
      ? { accountId, letter: "email_change", tokenId, to } as const
      : { accountId: holder.id, letter: "email_taken" } as const;
    return await writeLetter(app, tx, letter, { lifeMs: CONFIRM_MS });
  });
  return { outboxToken: outboxId && await tokenValue(app, "outbox", outboxId) };
}

/**
 * Writes to the address that an account has until now, with a link that keeps it or brings it back.
 *
 * @returns the changes of the account with that one, still to be written.
 */
export async function keepAddress(
  app: App,
  tx: Tx,
  { id: accountId, email: address, verified }: Account,
  { letter, about }: { letter: "email_asked" | "email_changed"; about: string },
): Promise<EmailChange> {
  const token = { purpose: "email_keep", subject: accountId, lifeMs: KEEP_MS } as const;
  const tokenId = await issueToken(app, tx, token);
  const hash = await tokenHash(app, "email_keep", tokenId);
  await writeLetter(app, tx, { accountId, letter, tokenId, to: address, about });
  const now = app.clock.now();
  const { asked, kept } = await tx.get(keys.emailChange(accountId)) ?? NO_CHANGE;
  const still = kept.filter(({ until }) => until > now);
  return { asked, kept: [...still, { address, verified, hash, until: now + KEEP_MS }] };
}

/** Which address waits to be confirmed, for the page of the account. */
export async function askedEmail(
  app: Pick<App, "store" | "clock">,
  accountId: string,
): Promise<LinkedAddress | null> {
  const asked = (await read(app, keys.emailChange(accountId)))?.asked ?? null;
  return asked !== null && asked.until > app.clock.now() ? asked : null;
}

/** Takes back what was asked for and is not confirmed. */
export function dropAskedEmail(app: App, accountId: string): Promise<void> {
  return transact(app, async (tx) => {
    const change = await tx.get(keys.emailChange(accountId));
    if (change) tx.set(keys.emailChange(accountId), { ...change, asked: null });
  });
}
