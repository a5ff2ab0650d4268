import type { App } from "../../core/app.ts";
import { type Key, keys, ranges } from "../../kv/keys.ts";
import type { Account, Suppression, Token, TokenPurpose } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "./audit.ts";
import { startPurge } from "../accounts/purge_start.ts";

/** Links that open an account: one that was used after the backup would open it again. */
const OPENS: TokenPurpose[] = ["reset", "sign_in", "email_change"];

/** Nothing runs on the store yet. */
const noWaker: App["waker"] = { wake() {} };

export interface Restored {
  accounts: number;
  /** Closed since the backup, and closed again. */
  closedAgain: number;
  /** Addresses' wishes since the backup, kept. */
  stopsKept: number;
}

/** What a store that is replaced still told. */
export interface Left {
  /** Accounts that their owners have closed, and when. */
  closed: ReadonlyMap<string, number>;
  /** What must not reach which address. */
  stops: readonly Pick<Deno.KvEntry<Suppression>, "key" | "value">[];
}

/**
 * Makes a store that was brought back from a backup safe to start: what was asked for before now is
 * held until an admin says what becomes of it, since it may have left already; all sessions have
 * ended, as have links that open an account; accounts that were closed since are closed again, and
 * what is in them goes; who has stopped mail since does not get it again. Nothing else may use the
 * store meanwhile.
 */
export async function markRestored(
  app: Pick<App, "store" | "clock">,
  { backup, closed, stops }: Left & { backup: string },
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
  const restored: Restored = { accounts: 0, closedAgain: 0, stopsKept: 0 };
  for await (const { value: { id } } of app.store.list<Account>(ranges.accounts)) {
    const again = await endOrClose(app, id, closed.get(id) ?? null);
    restored.accounts++;
    if (again) restored.closedAgain++;
  }
  for await (const { key, value: { purpose } } of app.store.list<Token>(ranges.tokens)) {
    if (OPENS.includes(purpose)) await transact(app, (tx) => tx.delete(key));
  }
  for (const { key, value } of stops) {
    if (await keepStop(app, key as Key<Suppression>, value)) restored.stopsKept++;
  }
  return restored;
}

/** @returns whether it was not known. */
function keepStop(
  app: Pick<App, "store">,
  key: Key<Suppression>,
  stop: Suppression,
): Promise<boolean> {
  return transact(app, async (tx) => {
    const known = await tx.get(key);
    if (known !== null && known.at >= stop.at) return false;
    tx.set(key, stop);
    return true;
  });
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
