import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read, readMany } from "../../kv/read.ts";
import type { Account, Session } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { publish } from "../../realtime/events.ts";
import { audit } from "../admin/audit.ts";

/** Sessions of one account; with more the oldest ends (ASVS 5.0, 7.1.2). */
export const MAX_SESSIONS = 20;
/** Ended in one commit; each is a check of it. */
const BATCH = 5;

/** What open pages hear: which session has ended, or null for all of them. */
export interface SessionEvent {
  sessionId: string | null;
}

/** The sessions of an account that still work, newest first. */
export async function listSessions(app: App, account: Account): Promise<Session[]> {
  const hashes = await list(app, ranges.sessionsOf(account.id), { reverse: true });
  const sessions = await readMany(app, hashes.map((hash) => keys.session(hash)));
  const now = app.clock.now();
  return sessions.filter(({ epoch, expiresAt }) => epoch === account.epoch && expiresAt > now);
}

/** Ends one session and tells its pages. @throws {AppError} `not_found`. */
export async function endSession(
  app: App,
  { accountId, id }: { accountId: string; id: string },
): Promise<void> {
  await transact(app, async (tx) => {
    for await (const entry of tx.list(ranges.sessionsOf(accountId))) {
      const session = await read(app, keys.session(entry.value));
      if (session?.id === id) return await end(app, tx, entry);
    }
    throw notFound("session");
  });
}

/** Ends all sessions of an account, the one that asks too. */
export async function signOutEverywhere(app: App, accountId: string): Promise<void> {
  await transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null) return;
    await endAllSessions(app, tx, account);
    await audit(app, tx, { act: "signed_out_everywhere", by: accountId, about: accountId });
  });
}

/**
 * Ends all sessions of an account, with the commit it is part of.
 *
 * @returns the account as it then is; the caller may write it once more.
 */
export async function endAllSessions(
  app: Pick<App, "clock" | "hub">,
  tx: Tx,
  account: Account,
): Promise<Account> {
  const ended = { ...account, epoch: account.epoch + 1 };
  tx.set(keys.account(account.id), ended);
  for await (const { key, value: hash } of tx.list(ranges.sessionsOf(account.id))) {
    tx.delete(keys.session(hash));
    tx.delete(key);
  }
  await publishEnd(app, tx, { accountId: account.id, sessionId: null });
  return ended;
}

/**
 * Ends the oldest over the limit, and before them those that are over anyway. Called when a new one
 * is stored: of many at once the last to look sees all.
 */
export async function endOldest(app: App, accountId: string): Promise<void> {
  for (;;) {
    const entries = await Array.fromAsync(app.store.list<string>(ranges.sessionsOf(accountId)));
    if (entries.length <= MAX_SESSIONS) return;
    const sessions = await app.store.getMany<Session>(
      entries.map(({ value: hash }) => keys.session(hash)),
    );
    const now = app.clock.now();
    const lives = (_: unknown, i: number) => (sessions[i]?.value?.expiresAt ?? 0) > now;
    const alive = entries.filter(lives);
    const over = [
      ...entries.filter((entry) => !alive.includes(entry)),
      ...alive.slice(0, -MAX_SESSIONS),
    ];
    await transact(app, async (tx) => {
      for (const entry of over.slice(0, BATCH)) await end(app, tx, entry);
    });
  }
}

/** The reads are part of the commit: a session whose value changes meanwhile does not slip away. */
async function end(app: App, tx: Tx, { key, value: hash }: Deno.KvEntry<string>): Promise<void> {
  const session = await tx.get(keys.session(hash));
  tx.delete(key);
  if (session === null) return; // pruned, or ended by somebody else
  const { accountId, createdAt, previous, next } = session;
  tx.delete(keys.session(hash));
  if (previous !== null) tx.delete(keys.session(previous));
  if (next !== null) {
    tx.delete(keys.session(next));
    tx.delete(keys.sessionByAccount(accountId, createdAt, next));
  }
  await publishEnd(app, tx, { accountId, sessionId: session.id });
}

function publishEnd(
  app: Pick<App, "clock" | "hub">,
  tx: Tx,
  { accountId, sessionId }: SessionEvent & { accountId: string },
): Promise<void> {
  const data: SessionEvent = { sessionId };
  return publish(app, tx, `account:${accountId}`, { type: "session", data });
}
