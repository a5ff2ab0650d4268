import type { App } from "../../core/app.ts";
import type { Account, Delivery } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { mailboxOf } from "../recipients/mailbox.ts";
import type { Leaving } from "./leave.ts";
import { accountLetters, claimLetters, recipientMails } from "./mail_limits.ts";
import { countInDay, DAY_MS, dayOf, EVERYBODY, NEWCOMERS, today } from "./mail_days.ts";
import { type Allowance, hasQuotas } from "./quotas.ts";
import { countTry } from "../accounts/tries.ts";

/**
 * Of the day's mail, what is kept for letters about accounts, less those that strangers have written to
 * any address; and what newcomers get together.
 */
const RESERVE = 0.1;
const NEWCOMERS_SHARE = 0.2;

/** Who sends. */
export interface Sending {
  account: Account;
  allowance: Allowance;
}

/**
 * Counts a message among those of the day, of all that it belongs to or of none.
 *
 * @returns why it must wait for the next one, or null.
 */
export async function countToday(
  app: App,
  tx: Tx,
  { kind, ownerId }: Leaving,
  { by, delivery }: { by: Sending | null; delivery: Delivery },
): Promise<string | null> {
  const { mailPerDay } = app.config;
  const isAccount = kind === "account";
  const isNew = by !== null && !isAccount && app.clock.now() - by.account.createdAt < DAY_MS;
  if (mailPerDay !== null) {
    const most = isAccount ? mailPerDay : Math.floor(mailPerDay * (1 - RESERVE));
    const { sent } = await today(app, tx, EVERYBODY);
    if (sent >= most) return "the day’s mail of this service is used up";
    const share = Math.floor(mailPerDay * NEWCOMERS_SHARE);
    if (isNew && (await today(app, tx, NEWCOMERS)).sent >= share) {
      return "what new members may send together today is used up";
    }
  }
  const reserved = delivery.reserved === dayOf(app.clock.now());
  if (by !== null && ownerId !== null && (kind === "note" || kind === "reminder")) {
    const mine = await today(app, tx, ownerId);
    if (!reserved && mine.reserved >= by.allowance.perDay) {
      return `today’s ${by.allowance.perDay} messages are used up`;
    }
    await countInDay(app, tx, ownerId, { sent: 1, reserved: reserved ? 0 : 1 });
  }
  if (isNew && mailPerDay !== null) await countInDay(app, tx, NEWCOMERS, { sent: 1 });
  await countInDay(app, tx, EVERYBODY, { sent: 1 });
  return null;
}

/** Counts what one mailbox gets. @throws {AppError} `rate_limited` when it has had enough. */
export async function countRecipient(
  app: App,
  tx: Tx,
  { kind, ownerId, limited = false }: Leaving,
  { by, own, to }: { by: Sending | null; own: boolean; to: string },
): Promise<void> {
  if (!hasQuotas(app) || own && kind !== "account") return;
  const who = mailboxOf(to);
  if (kind === "account") {
    if (!limited) await countTry(app, tx, { limit: accountLetters, who });
    return;
  }
  if (kind === "claim") {
    await countTry(app, tx, { limit: claimLetters, who });
    return;
  }
  await countTry(app, tx, { limit: recipientMails, who });
  if (ownerId !== null && by !== null) {
    await countTry(app, tx, { limit: by.allowance.toOne, who: `${ownerId} ${who}` });
  }
}
