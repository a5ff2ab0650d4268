import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import type { Account, Token, TokenPurpose } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { audit } from "./audit.ts";
import { startPurge } from "./purge_start.ts";

/** Links that open an account: one that was used after the backup would open it again. */
const OPENS: TokenPurpose[] = ["reset", "sign_in", "email_change"];

/** Nothing runs on the store yet. */
const noWaker: App["waker"] = { wake() {} };

export interface Restored {
  accounts: number;
  /** Closed since the backup, and closed again. */
  closedAgain: number;
}

/**
 * Makes a store that was brought back from a backup safe to start: what was asked for before now is
 * held until an admin says what becomes of it, since it may have left already; all sessions have
 * ended, as have links that open an account; accounts that were closed since are closed again.
 * Nothing else may use the store meanwhile.
 */
export async function markRestored(
  app: Pick<App, "store" | "clock">,
  { backup, closed }: { backup: string; closed: ReadonlyMap<string, number> },
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
  const restored: Restored = { accounts: 0, closedAgain: 0 };
  for await (const { value: { id } } of app.store.list<Account>(ranges.accounts)) {
    const again = await endSessions(app, id, closed.get(id) ?? null);
    restored.accounts++;
    if (again) restored.closedAgain++;
  }
  for await (const { key, value: { purpose } } of app.store.list<Token>(ranges.tokens)) {
    if (OPENS.includes(purpose)) await transact(app, (tx) => tx.delete(key));
  }
  return restored;
}

/** @returns whether the account was closed by this. */
function endSessions(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  closedAt: number | null,
): Promise<boolean> {
  return transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null) return false;
    const again = closedAt !== null && account.closedAt === undefined;
    const ended = { ...account, epoch: account.epoch + 1 };
    tx.set(keys.account(accountId), again ? { ...ended, closedAt } : ended);
    if (again) {
      await startPurge({ ...app, waker: noWaker }, tx, { account, closedAt, letterId: null });
    }
    return again;
  });
}
