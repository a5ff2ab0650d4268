import type { App } from "../core/app.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { type Range, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { OutboxMail } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { pruneLinks } from "./chats/chat_link.ts";
import { pruneUpdates } from "./chats/chat_updates.ts";
import { pruneFiles } from "./data/files.ts";
import { removeJob } from "./job_removal.ts";
import { mendReminders } from "./reminders/mend_reminders.ts";
import { pruneAudit } from "./prune_audit.ts";
import { removeOutboxMail } from "./mail/outbox_removal.ts";
import { pruneBroadcasts, pruneRuns } from "./prune_broadcasts.ts";
import { pruneOccurrences, pruneReminders } from "./prune_reminders.ts";
import { pruneUnproven } from "./accounts/sign_up.ts";
import { mendPurges } from "./accounts/purge.ts";
import { pruneTries } from "./prune_tries.ts";
import { pruneTexts } from "./mail/same_text.ts";

const DAY_MS = 86_400_000;
/** How long finished jobs and their ledger are kept, ms: 90 days. */
export const KEPT_MS = 90 * DAY_MS;
/** Entries looked at before the caller may rest. */
const BATCH = 100;

/** Sees to it that one broom a day is due; its job is named after the day, so twice is once. */
export async function schedulePrune(app: App, tx: Tx, { tomorrow = false } = {}): Promise<void> {
  const today = Math.floor(app.clock.now() / DAY_MS);
  const day = tomorrow ? today + 1 : today;
  await enqueue(app, tx, "prune", {}, { id: `prune:${day}`, dueAt: day * DAY_MS });
}

/**
 * Removes some of what has been over for long: finished jobs with all that belongs to them, ended
 * sessions, links and buttons that no longer work, mail in the outbox, sign-ups that nobody confirmed,
 * reminders that are over and the past times of all, broadcasts likewise, what Telegram no longer
 * repeats, lines of the audit log, files that were not fetched. Mends what others have broken.
 *
 * @returns whether there may be more to remove at once.
 */
export async function pruneSome(app: App): Promise<boolean> {
  const now = app.clock.now();
  await mendPurges(app);
  const removed = [
    await pruneJobs(app, now - KEPT_MS),
    await pruneEnded(app, ranges.sessions, now),
    await pruneEnded(app, ranges.tokens, now),
    await pruneEnded(app, ranges.newestTokens, now),
    await pruneEnded(app, ranges.auditedLately, now),
    await pruneEnded(app, ranges.reported, now),
    await pruneEnded(app, ranges.chatCards, now),
    await pruneEnded(app, ranges.chatAsked, now),
    await pruneOutbox(app, now - KEPT_MS),
    await mendReminders(app, BATCH),
    await pruneOccurrences(app, now - KEPT_MS, BATCH),
    await pruneReminders(app, now - KEPT_MS, BATCH),
    await pruneRuns(app, now - KEPT_MS, BATCH),
    await pruneBroadcasts(app, now - KEPT_MS, BATCH),
    await pruneUnproven(app, BATCH),
    await pruneTries(app, BATCH),
    await pruneLinks(app, BATCH),
    await pruneUpdates(app, BATCH),
    await pruneAudit(app, BATCH),
    await pruneFiles(app, BATCH),
    await pruneTexts(app, BATCH),
  ];
  return removed.some((count) => count >= BATCH);
}

async function pruneJobs(app: App, before: number): Promise<number> {
  const ended = await list(app, ranges.jobsEndedBy(before), { limit: BATCH });
  for (const id of ended) await removeJob(app, id, "it is long over");
  return ended.length;
}

async function pruneEnded(
  app: App,
  range: Range<{ expiresAt: number }>,
  now: number,
): Promise<number> {
  const ended: Deno.KvKey[] = [];
  for await (const { key, value } of app.store.list<{ expiresAt: number }>(range)) {
    if (value.expiresAt <= now) ended.push(key);
    if (ended.length === BATCH) break;
  }
  await transact(app, (tx) => {
    for (const key of ended) tx.delete(key);
  });
  return ended.length;
}

async function pruneOutbox(app: App, before: number): Promise<number> {
  let removed = 0;
  for await (const { value: mail } of app.store.list<OutboxMail>(ranges.outbox)) {
    if (mail.at > before) continue;
    await removeOutboxMail(app, mail);
    if (++removed === BATCH) break;
  }
  return removed;
}
