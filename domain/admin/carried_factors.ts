import type { App, Store } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import type { Account, Factors } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { NO_FACTORS, writeFactors } from "../factors/factors.ts";

/**
 * Gives each account the second factors that it had in the store that is replaced: what was removed
 * since was lost or stolen, used codes stay used, and what was added guards.
 *
 * @returns of how many accounts they changed.
 */
export async function carryFactors(
  app: Pick<App, "store" | "clock">,
  old: Store,
): Promise<number> {
  let count = 0;
  for await (const { value: { id } } of old.list<Account>(ranges.accounts)) {
    const { value: factors } = await old.get<Factors>(keys.factors(id));
    const changed = await transact(app, async (tx) => {
      const account = await tx.get(keys.account(id));
      if (account === null) return false;
      const there = await tx.get(keys.factors(id));
      if (JSON.stringify(there) === JSON.stringify(factors)) return false;
      writeFactors(app, tx, account, factors ?? NO_FACTORS);
      return true;
    });
    if (changed) count++;
  }
  return count;
}
