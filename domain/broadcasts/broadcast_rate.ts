import type { App } from "../../core/app.ts";
import type { Broadcast } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { countTry, type Limit, uncount } from "../accounts/tries.ts";

/** How often everybody can be told something: who has got an admin's session has no weapon by it. */
const limit: Limit = {
  what: "broadcast",
  cannot: "send another broadcast",
  most: [{ count: 1, perMs: 10 * 60_000 }],
};
const who = "everybody";

/**
 * Counts a broadcast that is let out. Costs the commit one check. @returns when, as it is counted.
 *
 * @throws {AppError} `rate_limited` when another one was, less than ten minutes ago.
 */
export async function countBroadcast(app: Pick<App, "clock">, tx: Tx): Promise<number> {
  return (await countTry(app, tx, { limit, who })).at;
}

/** Takes back what was counted of one that is changed or cancelled before it told anybody anything. */
export async function uncountBroadcast(tx: Tx, broadcast: Broadcast): Promise<void> {
  const { state, when, confirmedAt } = broadcast;
  // One that comes again may have told everybody something already.
  if (state !== "scheduled" || when.is === "cron" || confirmedAt === undefined) return;
  await uncount(tx, { limit, who, at: confirmedAt });
}
