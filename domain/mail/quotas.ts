import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { auditAlone } from "../admin/audit.ts";
import { countInDay, DAY_MS, dayEnds, dayOf, lastDays, mailed, today } from "./mail_days.ts";
import { pairMails, trustedPairMails } from "./mail_limits.ts";
import { judgeSoon } from "./senders.ts";
import type { Limit } from "../accounts/tries.ts";

/** What a member may send: at first, and once as many days were clean. */
const FIRST = { perDay: 50, recipients: 20, waiting: 500, toOne: pairMails };
const TRUSTED = { perDay: 200, recipients: 100, waiting: 2_000, toOne: trustedPairMails };
const CLEAN_DAYS = 14;
/** Hard bounces of what was sent, in percent, from which on days are not clean. */
const MOST_BOUNCED = 2;

/** How much a member may send. */
export interface Allowance {
  /** Messages a day of UTC. */
  perDay: number;
  /** Recipients of one mailing. */
  recipients: number;
  /** Messages of reminders that wait for their time. */
  waiting: number;
  /** Messages to one address. */
  toOne: Limit;
}

/**
 * Whether there are quotas: nothing leaves the outbox, and where the operator has said that anyone may
 * be mailed they vouch for their members.
 */
export function hasQuotas({ mailer, config }: Pick<App, "mailer" | "config">): boolean {
  return mailer.name !== "outbox" && config.recipientCheck;
}

/** How much a member may send now; what an admin has said goes before what they have earned. */
export async function allowanceOf(app: App, account: Account): Promise<Allowance> {
  const sender = await read(app, keys.sender(account.id));
  const usual = !hasQuotas(app)
    ? { ...TRUSTED, perDay: Infinity, recipients: Infinity, waiting: Infinity }
    : await isTrusted(app, account)
    ? TRUSTED
    : FIRST;
  return { ...usual, perDay: sender?.perDay ?? usual.perDay };
}

async function isTrusted(app: App, { id, createdAt }: Account): Promise<boolean> {
  if (app.clock.now() - createdAt < CLEAN_DAYS * DAY_MS) return false;
  const lately = await lastDays(app, id, CLEAN_DAYS);
  const { bounced, complained } = lately;
  return complained === 0 && (bounced === 0 || bounced * 100 < mailed(lately) * MOST_BOUNCED);
}

/** What is left of a day's messages; null where they are not counted. */
export interface Quota {
  perDay: number;
  left: number;
  /** When there are new ones, ms since 1970. */
  renewsAt: number;
  recipients: number;
}

/** What is left to a member today, for their pages. */
export async function quotaOf(app: App, account: Account): Promise<Quota | null> {
  const { perDay, recipients } = await allowanceOf(app, account);
  if (perDay === Infinity) return null;
  const now = app.clock.now();
  const { reserved } = await read(app, keys.mailDay(account.id, dayOf(now))) ?? { reserved: 0 };
  return { perDay, left: Math.max(0, perDay - reserved), renewsAt: dayEnds(now), recipients };
}

/** Messages that a member wants to send today. */
export interface Wanted {
  accountId: string;
  perDay: number;
  count: number;
}

/**
 * Reserves a member's messages of today, in the commit that asks for them: of many at once only as many
 * get through as are left.
 *
 * @returns the day for which they are reserved.
 * @throws {AppError} as `roomFor`.
 */
export async function reserve(app: App, tx: Tx, wanted: Wanted): Promise<string> {
  const { accountId, count } = wanted;
  await roomFor(app, tx, wanted);
  await countInDay(app, tx, accountId, { reserved: count });
  return dayOf(app.clock.now());
}

/**
 * Sees to it that a member's day has room for these, in a commit that fails if that changes.
 *
 * @throws {AppError} `rate_limited`, saying how many are left and when there are more.
 */
export async function roomFor(
  app: Pick<App, "clock">,
  tx: Tx,
  { accountId, perDay, count }: Wanted,
): Promise<void> {
  const now = app.clock.now();
  const { reserved } = await today(app, tx, accountId);
  const left = Math.max(0, perDay - reserved);
  if (count <= left) return;
  const what = count === 1 ? "this" : `to ${count}`;
  const which = left === 0 ? "none" : `only ${left}`;
  throw new AppError(
    "rate_limited",
    `Cannot mail ${what}: ${which} of today’s ${perDay} messages ${
      left === 1 ? "is" : "are"
    } left; there are new ones at midnight UTC`,
    {
      field: "to",
      retryAfterMs: dayEnds(now) - now,
      quota: { name: "mail", count: perDay, perMs: DAY_MS },
    },
  );
}

/** Whether a member's day has room for these at the moment. */
export async function isRoomFor(
  app: Pick<App, "store" | "clock">,
  { accountId, perDay, count }: Wanted,
): Promise<boolean> {
  const day = await read(app, keys.mailDay(accountId, dayOf(app.clock.now())));
  return (day?.reserved ?? 0) + count <= perDay;
}

/** Remembers that a member wanted more than a day's messages; many days of that pause them. */
export async function limitHit(app: App, accountId: string): Promise<void> {
  const first = await transact(app, async (tx) => {
    if ((await today(app, tx, accountId)).limited) return false;
    await countInDay(app, tx, accountId, { limited: true });
    await judgeSoon(app, tx, accountId);
    return true;
  });
  if (first) await auditAlone(app, { act: "limit_hit", about: accountId, facts: { what: "mail" } });
}
