/** Steps of a purge: broadcasts stay, but neither who wrote them nor to whom they went is known any more. */
import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Broadcast, Delivery, Purge } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { SOMEBODY } from "../broadcasts/broadcasts.ts";
import { isOver } from "../mail/deliveries.ts";
import { skipped } from "../mail/delivery_moves.ts";
import type { PurgeStep } from "./purge.ts";
import { names, scan, WHY } from "./purge_scans.ts";

/** Those to whom parts of them went, by address and by chat. */
export const purgeRecipient: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.deliveries,
    deal: async (delivery) => {
      if (!goesTo(purge, delivery)) return true;
      return await transact(app, async (tx) => {
        const job = await tx.get(keys.job(delivery.jobId));
        if (job?.kind !== "deliver_broadcast") return true; // another member's, who knows the address
        if (job.state === "running") return false;
        const key = keys.delivery(delivery.jobId, delivery.number);
        const now = await tx.get(key);
        if (now !== null) tx.set(key, nameless(purge, now, app.clock.now()));
        return true;
      });
    },
  });

function goesTo({ accountId, addresses, chatId }: Purge, delivery: Delivery): boolean {
  const to = delivery.to.toLowerCase();
  return delivery.memberId === accountId ||
    addresses.some((address) => address.toLowerCase() === to) ||
    chatId !== null && delivery.chatId === chatId;
}

function nameless(purge: Purge, delivery: Delivery, now: number): Delivery {
  const over = isOver(delivery) ? delivery : skipped(delivery, WHY, now);
  const { chatId: _, memberId: __, ...rest } = over;
  const plain = (text: string) => names(purge, text) || text.includes(over.to) ? "…" : text;
  return {
    ...rest,
    to: "a closed account",
    reason: over.reason && plain(over.reason),
    ledger: over.ledger.map(({ at, text }) => ({ at, text: plain(text) })),
  };
}

/** An admin who wrote them, or had a hand in them. */
export const purgeAuthor: PurgeStep = async (app, { accountId }) => {
  const name = (await read(app, keys.account(accountId)))?.name;
  const by = (text: string) =>
    name === undefined ? text : text.replaceAll(`by ${name}`, "by a former admin");
  for (const { id, authorId } of await list(app, ranges.allBroadcasts)) {
    await transact(app, async (tx) => {
      const broadcast = await tx.get(keys.broadcast(id));
      if (broadcast === null) return;
      const after = without(broadcast, accountId, by);
      if (JSON.stringify(after) !== JSON.stringify(broadcast)) tx.set(keys.broadcast(id), after);
    });
    if (authorId === accountId) await unsign(app, id);
  }
  return { next: null };
};

function without(
  broadcast: Broadcast,
  accountId: string,
  by: (text: string) => string,
): Broadcast {
  const { authorId, confirmedBy, ledger } = broadcast;
  return {
    ...broadcast,
    authorId: authorId === accountId ? null : authorId,
    confirmedBy: confirmedBy === accountId ? null : confirmedBy,
    ledger: ledger.map(({ at, text }) => ({ at, text: by(text) })),
  };
}

/** The times at which it went out say from whom it was. */
async function unsign(app: App, broadcastId: string): Promise<void> {
  for (const { dueAt } of await list(app, ranges.runsOf(broadcastId))) {
    await transact(app, async (tx) => {
      const key = keys.broadcastRun(broadcastId, dueAt);
      const run = await tx.get(key);
      if (run !== null) tx.set(key, { ...run, from: SOMEBODY });
    });
  }
}
