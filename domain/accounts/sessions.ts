import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Role, Session } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { isOpen } from "./accounts.ts";
import { randomText, sha256 } from "./digest.ts";
import { noteSignIn, type SignInWay } from "./devices.ts";
import { shortNetwork } from "./network.ts";
import { endOldest } from "./session_end.ts";

export { isRenewalDue, renewSession } from "./session_value.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long a session lasts unused, and at most. NIST SP 800-63B-4 allows 30 days at AAL1, and 24 h
 * with an hour of idleness at AAL2, which admins are held to more narrowly.
 */
export const SESSION_LIFE: Record<Role, { idleMs: number; mostMs: number }> = {
  member: { idleMs: 14 * DAY_MS, mostMs: 30 * DAY_MS },
  admin: { idleMs: 30 * MINUTE_MS, mostMs: 12 * HOUR_MS },
};
/** How exactly it is known when a session was last used; each time costs a write. */
const SEEN_EVERY_MS = 10 * MINUTE_MS;
const AGENT_CHARS = 200;

/** A session just begun, and the value for its cookie, which is kept nowhere. */
export interface Started {
  value: string;
  session: Session;
}

/** Who a cookie stands for. */
export interface Found {
  account: Account;
  session: Session;
}

export interface NewSession {
  accountId: string;
  /** Of the account when its password was checked. */
  epoch: number;
  /** What the browser calls itself. */
  agent: string;
  /** From which network address. */
  address?: string;
  /** How its owner came in; nothing where one session takes the place of another. */
  by?: SignInWay;
  /** Whether they have just shown all that shows who they are; so they have where it is not said. */
  proved?: boolean;
}

/** @throws {AppError} `unauthorized` when all sessions were ended since the password was checked. */
export async function startSession(
  app: App,
  { accountId, epoch, agent, address, by, proved = true }: NewSession,
): Promise<Started> {
  const value = randomText(256);
  const hash = await sha256(value);
  const session = await transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null || account.epoch !== epoch || !isOpen(account)) {
      throw new AppError("unauthorized", "Cannot sign in: the password has just been changed");
    }
    const now = app.clock.now();
    const session: Session = {
      id: newId(),
      accountId,
      epoch,
      createdAt: now,
      seenAt: now,
      renewedAt: now,
      provedAt: proved ? now : 0,
      expiresAt: expiryOf({ createdAt: now, seenAt: now }, account.role),
      previous: null,
      next: null,
      agent: agent.replace(/\p{C}/gu, "").slice(0, AGENT_CHARS),
      ...address === undefined ? {} : { network: shortNetwork(address) },
    };
    if (by !== undefined) await noteSignIn(app, tx, { account, session, by });
    tx.set(keys.session(hash), session);
    tx.set(keys.sessionByAccount(accountId, now, hash), hash);
    return session;
  });
  await endOldest(app, accountId);
  return { value, session };
}

/**
 * Whose session this is, or null when there is none, no more, or none that its account still wants.
 * Also notes that it is in use.
 */
export async function findSession(app: App, value: string): Promise<Found | null> {
  if (!/^[\w-]{43}$/.test(value)) return null;
  const hash = await sha256(value);
  const session = await read(app, keys.session(hash));
  const now = app.clock.now();
  // The time is in the value: what the store expires can be read for a minute more.
  if (session === null || session.expiresAt <= now) return null;
  const account = await read(app, keys.account(session.accountId));
  if (account === null || account.epoch !== session.epoch || !isOpen(account)) return null;
  if (session.next !== null || now - session.seenAt < SEEN_EVERY_MS) return { account, session };
  return { account, session: await touch(app, hash, { session, role: account.role }) };
}

/**
 * Whether a session still holds, whose value may have changed since. It does not count as use: a page
 * that is only left open must not keep its session alive.
 */
export async function sessionHolds(app: App, value: string): Promise<boolean> {
  let session = await read(app, keys.session(await sha256(value)));
  while (session !== null && session.next !== null) {
    session = await read(app, keys.session(session.next));
  }
  if (session === null || session.expiresAt <= app.clock.now()) return false;
  const account = await read(app, keys.account(session.accountId));
  return account !== null && account.epoch === session.epoch && isOpen(account);
}

/**
 * Whether the session with this id holds, in a transaction that fails if it ends meanwhile. Only that
 * one is part of the transaction: an account has more sessions than a commit may check.
 */
export async function sessionHoldsIn(
  app: Pick<App, "clock" | "store">,
  tx: Tx,
  { accountId, sessionId }: { accountId: string; sessionId: string },
): Promise<boolean> {
  const account = await tx.get(keys.account(accountId));
  for await (const { value: hash } of tx.list(ranges.sessionsOf(accountId))) {
    if ((await read(app, keys.session(hash)))?.id !== sessionId) continue;
    const session = await tx.get(keys.session(hash));
    if (session === null) continue;
    return session.expiresAt > app.clock.now() && session.epoch === account?.epoch;
  }
  return false;
}

async function touch(
  app: App,
  hash: string,
  { session, role }: { session: Session; role: Role },
): Promise<Session> {
  return await transact(app, async (tx) => {
    const fresh = await tx.get(keys.session(hash));
    if (fresh === null || fresh.next !== null) return fresh ?? session;
    const seen = { ...fresh, seenAt: app.clock.now() };
    seen.expiresAt = expiryOf(seen, role);
    tx.set(keys.session(hash), seen);
    return seen;
  });
}

function expiryOf({ createdAt, seenAt }: Pick<Session, "createdAt" | "seenAt">, role: Role) {
  const { idleMs, mostMs } = SESSION_LIFE[role];
  return Math.min(seenAt + idleMs, createdAt + mostMs);
}
