import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { isOpen } from "./accounts.ts";
import { audit } from "../admin/audit.ts";
import { startPurge } from "./purge_start.ts";
import { endAllSessions } from "./session_end.ts";

/** How long an account can still be kept after its owner has asked to close it later, ms: 7 days. */
export const GRACE_MS = 7 * 86_400_000;

/**
 * Closes an account in a week, unless its owner keeps it. Until then it is as it was. Twice is once.
 *
 * @returns when it will be closed, ms.
 * @throws {AppError} `conflict` for the last admin.
 */
export async function planClosing(
  app: App,
  { accountId }: { accountId: string },
): Promise<number> {
  return await transact(app, async (tx) => {
    const account = await openAccount(tx, accountId);
    if (account.closesAt !== undefined) return account.closesAt;
    await leavesAnAdmin(app, tx, account);
    const closesAt = app.clock.now() + GRACE_MS;
    tx.set(keys.account(accountId), { ...account, closesAt });
    await enqueue(app, tx, "close_account", { accountId, closesAt }, { dueAt: closesAt });
    await enqueue(app, tx, "email_account", { accountId, letter: "account_closing" });
    await audit(app, tx, { act: "closing_planned", by: accountId, about: accountId });
    return closesAt;
  });
}

/** Takes back that an account will be closed. One that will not is fine. */
export async function keepAccount(app: App, { accountId }: { accountId: string }): Promise<void> {
  await transact(app, async (tx) => {
    const { closesAt, ...kept } = await openAccount(tx, accountId);
    if (closesAt === undefined) return;
    tx.set(keys.account(accountId), kept);
    await audit(app, tx, { act: "account_kept", by: accountId, about: accountId });
  });
}

/**
 * Closes an account at once: nobody signs in to it, its address is free, its chat is linked no more,
 * nothing of it leaves, and a job removes what it holds. With `closesAt` only if it is still to be
 * closed then.
 *
 * @returns whether it was closed.
 * @throws {AppError} `not_found`; `conflict` for the last admin.
 */
export async function closeAccount(
  app: App,
  { accountId, closesAt }: { accountId: string; closesAt?: number },
): Promise<boolean> {
  return await transact(app, async (tx) => {
    const { closesAt: planned, ...account } = await openAccount(tx, accountId);
    if (closesAt !== undefined && closesAt !== planned) return false;
    await leavesAnAdmin(app, tx, account);
    const closedAt = app.clock.now();
    await endAllSessions(app, tx, { ...account, closedAt });
    const letter = { accountId, letter: "account_closed" } as const;
    const { id: letterId } = await enqueue(app, tx, "email_account", letter);
    await startPurge(app, tx, { account, closedAt, letterId });
    await audit(app, tx, { act: "account_closed", by: accountId, about: accountId });
    return true;
  });
}

async function openAccount(tx: Tx, accountId: string): Promise<Account> {
  const account = await tx.get(keys.account(accountId));
  if (account === null || account.closedAt !== undefined) throw notFound("account");
  return account;
}

/** Sees to it that somebody can still run this; read again in the commit, so that two at once are not none. */
async function leavesAnAdmin(app: App, tx: Tx, { id, role }: Account): Promise<void> {
  if (role !== "admin") return;
  const canRun = (one: Account | null) =>
    one !== null && one.role === "admin" && one.verified !== null && isOpen(one);
  for await (const { value } of app.store.list<Account>(ranges.accounts)) {
    if (value.id === id || !canRun(value)) continue;
    if (canRun(await tx.get(keys.account(value.id)))) return;
  }
  throw new AppError(
    "conflict",
    "Cannot close the last admin’s account: make somebody else an admin first",
  );
}
