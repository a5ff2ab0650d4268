import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Purge } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { purgeAuthor, purgeRecipient } from "./purge_broadcasts.ts";
import { purgeConsents, purgeFiles, purgeIndexes } from "./purge_indexes.ts";
import { purgeOutbox } from "./purge_outbox.ts";
import {
  purgeChatLinks,
  purgeJobs,
  purgeSessions,
  purgeTexts,
  purgeTokens,
} from "./purge_scans.ts";
import { purgeNotes, purgeReminders } from "./purge_works.ts";
import { endLetter, purgeEvents } from "./purge_end.ts";

/** What came of a part of a step. */
export interface Purged {
  /** Where the step goes on; null when it is through. */
  next: string | null;
  /** It has to wait for something, ms; then `next` is where it looks again. */
  waitMs?: number;
}

/** Removes one batch of what is left; may be done again, as after a crash. */
export type PurgeStep = (app: App, purge: Purge) => Promise<Purged>;

/** Whatever was under way when the account was closed has ended by then, ms. */
const SETTLED_MS = 60_000;
const DAY_MS = 86_400_000;

const sweep: PurgeStep[] = [
  purgeJobs, // first: what they would do needs the rest
  purgeReminders,
  purgeNotes,
  purgeOutbox,
  purgeFiles,
  purgeConsents,
  purgeIndexes,
  purgeSessions,
  purgeTokens,
  purgeTexts,
  purgeChatLinks,
];

/** All of it twice: a request that was under way may have written behind the first sweep. */
const steps: PurgeStep[] = [
  ...sweep,
  (app, { closedAt }) => {
    const waitMs = closedAt + SETTLED_MS - app.clock.now();
    return Promise.resolve(waitMs > 0 ? { next: "", waitMs } : { next: null });
  },
  ...sweep,
  purgeRecipient,
  purgeAuthor,
  endLetter,
  purgeOutbox,
  purgeEvents,
];

/**
 * Removes some of what a closed account has left.
 *
 * @returns how far that makes it, for the caller to store; null when there is nothing left to do.
 */
export async function purgeSome(
  app: App,
  id: string,
): Promise<{ purge: Purge; waitMs: number; of: number } | null> {
  const purge = await read(app, keys.purge(id));
  const step = purge && steps[purge.step];
  if (!purge || !step) return null;
  const { next, waitMs = 0 } = await step(app, purge);
  const moved = next === null ? { step: purge.step + 1, cursor: null } : { cursor: next || null };
  return { purge: { ...purge, ...moved }, waitMs, of: steps.length };
}

/**
 * Gives purges another job that were not through in a day, as when theirs was given up. Two at once do
 * no harm.
 */
export async function mendPurges(app: App): Promise<void> {
  const now = app.clock.now();
  const late = (await list(app, ranges.purges))
    .filter(({ closedAt }) => now - closedAt > DAY_MS);
  for (const { id: purgeId } of late) {
    const id = await idOf(`purge ${purgeId} ${Math.floor(now / DAY_MS)}`);
    await transact(app, async (tx) => {
      await enqueue(app, tx, "purge_account", { purgeId }, { id });
    });
  }
}

/** Ends a purge: of the account nothing is left but that there was one. */
export async function endPurge(app: Pick<App, "clock">, tx: Tx, id: string): Promise<void> {
  const purge = await tx.get(keys.purge(id));
  if (purge === null) return;
  const { accountId, closedAt } = purge;
  const account = await tx.get(keys.account(accountId));
  if (account !== null) tx.delete(keys.accountUnproven(account.createdAt, accountId));
  tx.delete(keys.account(accountId));
  tx.delete(keys.counts(accountId));
  tx.delete(keys.feed(`account:${accountId}`));
  tx.delete(keys.purge(id));
  tx.set(keys.tombstone(accountId), { closedAt, erasedAt: app.clock.now() });
}
