import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { idOf, isId, newId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, type Page, page, read, readMany } from "../../kv/read.ts";
import type { Broadcast, BroadcastRun, LedgerLine } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { requireAdmin } from "../admin/admins.ts";
import { uncountBroadcast } from "./broadcast_rate.ts";
import { broadcastChanged } from "./broadcast_view.ts";
import { type BroadcastWords, firstTime, parseBroadcast } from "./broadcast_words.ts";

const PAGE = 30;
/** Runs shown of one that comes again and again. */
const RUNS = 20;
/** Who it is from when nobody knows any more who wrote it. */
export const SOMEBODY = "An admin";
/** Lines of one ledger; the oldest but the first go when there are more. */
const MAX_LINES = 60;

export interface NewBroadcast extends BroadcastWords {
  authorId: string;
  via: Broadcast["via"];
  /** The caller's own name for this request: asking again with the same gives the same broadcast. */
  key?: string;
}

/**
 * Keeps what an admin wants to announce as a draft; nobody is told before it is confirmed.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` naming the field, as for a time that
 *   is past.
 */
export async function createBroadcast(
  app: App,
  { authorId, via, key, ...words }: NewBroadcast,
): Promise<Broadcast> {
  await requireAdmin(app, authorId, "page");
  const parsed = parseBroadcast(words);
  const now = app.clock.now();
  firstTime(parsed.when, now);
  const id = key === undefined ? newId() : await idOf(`broadcast ${authorId} ${key}`);
  return await transact(app, async (tx) => {
    const { name } = await requireAdmin(tx, authorId, "page");
    const there = key === undefined ? null : await tx.get(keys.broadcast(id));
    if (there) return there;
    const broadcast: Broadcast = {
      ...parsed,
      id,
      authorId,
      confirmedBy: null,
      via,
      state: "draft",
      nextAt: null,
      openRuns: [],
      version: 1,
      ledger: [{ at: now, text: `Written by ${name}` }],
      createdAt: now,
      updatedAt: now,
    };
    tx.set(keys.broadcast(id), broadcast);
    tx.set(keys.broadcastByTime(now, id), id);
    return broadcast;
  });
}

/**
 * Changes what will be announced. It is a draft from then on, also if it was confirmed before: what
 * was confirmed is not what is there any more.
 *
 * @throws {AppError} `not_found`; `invalid` naming the field; `conflict` when `version` is old or it
 *   has begun to go out.
 */
export async function updateBroadcast(
  app: App,
  { id, adminId, version, ...words }: BroadcastWords & {
    id: string;
    adminId: string;
    version: number;
  },
): Promise<Broadcast> {
  await requireAdmin(app, adminId, "broadcast");
  const parsed = parseBroadcast(words);
  return await transact(app, async (tx) => {
    const { name } = await requireAdmin(tx, adminId, "broadcast");
    const before = await broadcastIn(tx, id);
    if (before.version !== version) throw changedMeanwhile();
    if (before.state !== "draft" && before.state !== "scheduled") {
      throw new AppError("conflict", `Cannot change this broadcast: it is ${before.state}`);
    }
    const now = app.clock.now();
    firstTime(parsed.when, now);
    await uncountBroadcast(tx, before);
    const text = before.state === "draft"
      ? `Changed by ${name}`
      : `Changed by ${name}, to be confirmed again`;
    const broadcast: Broadcast = withLine({
      ...before,
      ...parsed,
      state: "draft",
      nextAt: null,
      confirmedBy: null,
      version: version + 1,
      updatedAt: now,
    }, { at: now, text });
    tx.set(keys.broadcast(id), broadcast);
    await broadcastChanged(app, tx, broadcast);
    return broadcast;
  });
}

/** A broadcast with its latest runs, newest first. */
export interface BroadcastWithRuns {
  broadcast: Broadcast;
  runs: BroadcastRun[];
}

/** The name of who wrote it, as members read it. */
export async function authorOf(
  app: Pick<App, "store">,
  { authorId }: Pick<Broadcast, "authorId">,
): Promise<string> {
  const author = authorId === null ? null : await read(app, keys.account(authorId));
  return author?.name ?? SOMEBODY;
}

/** One broadcast with its latest runs. @throws {AppError} `not_found`, also for who is no admin. */
export async function getBroadcast(
  app: App,
  { id, adminId }: { id: string; adminId: string },
): Promise<BroadcastWithRuns> {
  await requireAdmin(app, adminId, "broadcast");
  const broadcast = isId(id) ? await read(app, keys.broadcast(id)) : null;
  if (broadcast === null) throw notFound("broadcast");
  return { broadcast, runs: await list(app, ranges.runsOf(id), { reverse: true, limit: RUNS }) };
}

/** All broadcasts, newest first, each with its latest run. @throws {AppError} `not_found`. */
export async function listBroadcasts(
  app: App,
  { adminId, cursor }: { adminId: string; cursor?: string },
): Promise<Page<BroadcastWithRuns>> {
  await requireAdmin(app, adminId, "page");
  const { items, next } = await page(app, ranges.broadcasts, { limit: PAGE, cursor });
  const broadcasts = await readMany(app, items.map(({ value }) => keys.broadcast(value)));
  const withRuns = broadcasts.map(async (broadcast) => ({
    broadcast,
    runs: await list(app, ranges.runsOf(broadcast.id), { reverse: true, limit: 1 }),
  }));
  return { items: await Promise.all(withRuns), next };
}

/** @throws {AppError} `not_found`. */
export async function broadcastIn(tx: Tx, id: string): Promise<Broadcast> {
  const broadcast = isId(id) ? await tx.get(keys.broadcast(id)) : null;
  if (broadcast === null) throw notFound("broadcast");
  return broadcast;
}

export function changedMeanwhile(): AppError {
  return new AppError("conflict", "Cannot do this: the broadcast was changed meanwhile", {
    field: "version",
  });
}

/** The broadcast with one more line in its ledger. */
export function withLine(broadcast: Broadcast, line: LedgerLine): Broadcast {
  const ledger = [...broadcast.ledger, line];
  if (ledger.length > MAX_LINES) ledger.splice(1, 1);
  return { ...broadcast, ledger };
}
