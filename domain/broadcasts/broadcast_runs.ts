import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Broadcast, BroadcastRun, BroadcastTally, Notification } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { publish } from "../../realtime/events.ts";
import { broadcastPath, runId } from "./announcements.ts";
import { broadcastChanged, type BroadcastNews } from "./broadcast_view.ts";
import { authorOf, withLine } from "./broadcasts.ts";
import { nextCron } from "../when/cron_rule.ts";
import { putIntoInbox } from "../notifications.ts";

/** Most missed times of a cron rule that are counted; a rule comes at most once an hour. */
const MAX_MISSED = 1_000;
const NONE: BroadcastTally = { total: 0, sent: 0, failed: 0, skipped: 0 };

/** Names a run; the version tells a job from one that was made before an edit. */
export interface RunRef {
  broadcastId: string;
  dueAt: number;
  version: number;
}

/** Has the next run of a broadcast begun at its time. Twice is once. */
export async function scheduleRun(
  app: App,
  tx: Tx,
  { id, nextAt, version }: Broadcast,
): Promise<void> {
  if (nextAt === null) return;
  const jobId = await idOf(`send_broadcast ${id} ${nextAt} ${version}`);
  const ref: RunRef = { broadcastId: id, dueAt: nextAt, version };
  await enqueue(app, tx, "send_broadcast", ref, { id: jobId, dueAt: nextAt });
}

/**
 * Begins a run: all open pages are told and the next time of a cron rule gets its job in the same
 * commit. A late run stands for all times of its rule that have passed.
 *
 * @returns null when there is nothing to begin: it was changed, cancelled, or never confirmed.
 */
export async function beginRun(app: App, tx: Tx, ref: RunRef): Promise<BroadcastRun | null> {
  const { broadcastId, dueAt, version } = ref;
  const there = await tx.get(keys.broadcastRun(broadcastId, dueAt));
  if (there) return there;
  const before = await tx.get(keys.broadcast(broadcastId));
  if (before === null || before.nextAt !== dueAt || before.version !== version) return null;
  const now = app.clock.now();
  const { missed, nextAt } = timesAfter(before, { dueAt, now });
  const { title, text, channels } = before;
  const from = await authorOf(app, before);
  const run: BroadcastRun = {
    ...{ id: await runId(ref), broadcastId, dueAt, missed },
    ...{ from, title, text, channels },
    ...{ cursor: null, expanded: false, parts: 0, partsOver: 0 },
    ...{ members: 0, mail: NONE, telegram: NONE },
    ...{ reason: null, startedAt: now, finishedAt: null },
  };
  const late = missed === 0 ? "" : `; it stands for ${missed} later times that were missed`;
  const broadcast = withLine({
    ...before,
    state: "running",
    nextAt,
    openRuns: [...before.openRuns, dueAt],
  }, { at: now, text: `Began to go out${late}` });
  tx.set(keys.broadcastRun(broadcastId, dueAt), run);
  tx.set(keys.broadcast(broadcastId), broadcast);
  await scheduleRun(app, tx, broadcast);
  const news: BroadcastNews = { id: run.id, notification: notificationOf(run) };
  await publish(app, tx, "everyone", { type: "broadcast", data: news });
  await broadcastChanged(app, tx, broadcast, run);
  return run;
}

/**
 * What becomes of a broadcast whose run was given up before it began: nobody was told. A rule goes on
 * with its next time, what has none is cancelled.
 */
export async function neverBegan(app: App, tx: Tx, ref: RunRef, reason: string): Promise<void> {
  const { broadcastId, dueAt, version } = ref;
  const before = await tx.get(keys.broadcast(broadcastId));
  if (before === null || before.nextAt !== dueAt || before.version !== version) return;
  const now = app.clock.now();
  const { nextAt } = timesAfter(before, { dueAt, now });
  const state = nextAt !== null || before.openRuns.length > 0 ? before.state : "cancelled";
  const text = `Could not begin: ${reason}`;
  const after = withLine({ ...before, state, nextAt }, { at: now, text });
  tx.set(keys.broadcast(broadcastId), after);
  await scheduleRun(app, tx, after);
  await broadcastChanged(app, tx, after);
}

/** When it comes next, and how many of its times passed between the due one and now. */
function timesAfter({ when }: Broadcast, { dueAt, now }: { dueAt: number; now: number }) {
  if (when.is !== "cron") return { missed: 0, nextAt: null };
  let missed = 0;
  let next = nextCron(when.pattern, when.zone, dueAt);
  while (next !== null && next.at <= now && missed < MAX_MISSED) {
    missed++;
    next = nextCron(when.pattern, when.zone, next.at);
  }
  if (next !== null && next.at <= now) next = nextCron(when.pattern, when.zone, now);
  return { missed, nextAt: next?.at ?? null };
}

/** What a run puts into each inbox; the same for all, so that a page can tell it by its id. */
export function notificationOf(
  { id, broadcastId, dueAt, title, text, startedAt }: BroadcastRun,
): Notification {
  const href = broadcastPath({ broadcastId, dueAt });
  return { id, kind: "broadcast", title, text, href, at: startedAt, readAt: null };
}

/** Puts a run's notification into one inbox, once however often it is asked for. */
export async function announceTo(app: App, run: BroadcastRun, accountId: string): Promise<void> {
  await transact(app, (tx) => putIntoInbox(app, tx, accountId, notificationOf(run)));
}

/** Whether an admin has ended it. */
export async function isCancelled(app: App, broadcastId: string): Promise<boolean> {
  return (await read(app, keys.broadcast(broadcastId)))?.state === "cancelled";
}

/** Changes a run and tells its admins; ends it, and the broadcast, when all of it is over. */
export async function changeRun(
  app: App,
  tx: Tx,
  { broadcastId, dueAt }: Pick<BroadcastRun, "broadcastId" | "dueAt">,
  change: (run: BroadcastRun, broadcast: Broadcast) => BroadcastRun,
): Promise<BroadcastRun> {
  const [before, broadcast] = await Promise.all([
    tx.get(keys.broadcastRun(broadcastId, dueAt)),
    tx.get(keys.broadcast(broadcastId)),
  ]);
  if (before === null || broadcast === null) {
    throw new Error("Cannot change a broadcast's run: it is not there");
  }
  const changed = change(before, broadcast);
  const over = changed.expanded && changed.partsOver === changed.parts;
  const ends = over && changed.finishedAt === null;
  const run = ends ? { ...changed, finishedAt: app.clock.now() } : changed;
  tx.set(keys.broadcastRun(broadcastId, dueAt), run);
  if (ends) tx.set(keys.broadcast(broadcastId), withoutRun(broadcast, run));
  await broadcastChanged(app, tx, ends ? withoutRun(broadcast, run) : broadcast, run);
  return run;
}

/** The broadcast when one of its runs is over. */
function withoutRun(broadcast: Broadcast, run: BroadcastRun): Broadcast {
  const openRuns = broadcast.openRuns.filter((dueAt) => dueAt !== run.dueAt);
  const state = broadcast.state !== "running" || openRuns.length > 0
    ? broadcast.state
    : broadcast.nextAt === null
    ? "finished"
    : "scheduled";
  const why = run.reason === null ? "" : `: ${run.reason}`;
  const reached = `Reached ${run.members === 1 ? "1 person" : `${run.members} people`}${why}`;
  return withLine({ ...broadcast, openRuns, state }, {
    at: run.finishedAt ?? run.startedAt,
    text: reached,
  });
}
