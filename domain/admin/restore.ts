import type { App, Store } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import type { Account, Token, TokenPurpose } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "./audit.ts";
import { carryOver } from "./carried.ts";
import { carryFactors } from "./carried_factors.ts";
import { isOpen } from "../accounts/accounts.ts";
import { startPurge } from "../accounts/purge_start.ts";

/** Links that open an account: one that was used after the backup would open it again. */
const OPENS: TokenPurpose[] = ["reset", "sign_in", "email_change"];

/** Nothing runs on the store yet. */
const noWaker: App["waker"] = { wake() {} };

export interface Restored {
  accounts: number;
  /** Closed since the backup, and closed again. */
  closedAgain: number;
  /** Entries of the old store that protect people and were not in the backup. */
  carried: number;
  /** Whether anybody is left who can release what is held. */
  hasAdmin: boolean;
}

/** What a store that is replaced still told. */
export interface Left {
  /** Accounts that their owners have closed, and when. */
  closed: ReadonlyMap<string, number>;
  /** The store itself; null where it is gone or cannot be read. */
  old: Store | null;
}

/**
 * Makes a store that was brought back from a backup safe to start: all sending is held until an admin
 * says what becomes of what was asked for before now, since it may have left already; all sessions
 * have ended, as have links that open an account; accounts that were closed since are closed again,
 * and what is in them goes; what was done since to protect people holds. The audit log goes on behind
 * its last line in the backup, with one that says so. Nothing else may use the store meanwhile.
 */
export async function markRestored(
  app: Pick<App, "store" | "clock">,
  { backup, closed, old }: Left & { backup: string },
): Promise<Restored> {
  const at = app.clock.now();
  await transact(app, async (tx) => {
    const sending = await tx.get(keys.sending);
    tx.set(keys.sending, {
      stopped: sending?.stopped ?? null,
      breaker: sending?.breaker ?? null,
      restored: { at, past: "held" },
    });
    await audit(app, tx, { act: "restored", facts: { backup } });
  });
  const carried = old === null ? 0 : await carryOver(app, old) + await carryFactors(app, old);
  const restored: Restored = { accounts: 0, closedAgain: 0, carried, hasAdmin: false };
  for await (const { value: account } of app.store.list<Account>(ranges.accounts)) {
    const { id, role } = account;
    const again = await endOrClose(app, id, closed.get(id) ?? null);
    restored.accounts++;
    if (again) restored.closedAgain++;
    else if (role === "admin" && isOpen(account)) restored.hasAdmin = true;
  }
  for await (const { key, value: { purpose } } of app.store.list<Token>(ranges.tokens)) {
    if (OPENS.includes(purpose)) await transact(app, (tx) => tx.delete(key));
  }
  return restored;
}

/** Ends an account's sessions, or closes it. @returns whether it was closed by this. */
function endOrClose(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  closedAt: number | null,
): Promise<boolean> {
  return transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null) return false;
    const { closesAt: _planned, ...open } = account;
    const ended = { ...account, epoch: account.epoch + 1 };
    if (closedAt === null || account.closedAt !== undefined) {
      tx.set(keys.account(accountId), ended);
      return false;
    }
    tx.set(keys.account(accountId), { ...open, epoch: ended.epoch, closedAt });
    await startPurge({ ...app, waker: noWaker }, tx, { account, closedAt, letterId: null });
    return true;
  });
}
