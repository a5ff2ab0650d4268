import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { isDiskShort } from "../free_space.ts";

/** Something due for longer than this means that nobody works, ms. */
const OLDEST_DUE_MS = 120_000;
/** A cron of each minute that did not come for so long does not come any more, ms. */
const TICK_MS = 180_000;
/** A store that takes longer than this for an answer holds everything up, ms. */
const STORE_MS = 1_000;

export interface Health {
  ready: boolean;
  /** How long the oldest due job has been waiting, ms; 0 when nothing is due. */
  oldestDueMs: number;
  /** When the minute's cron came by last; null when it never did. */
  tickAt: number | null;
  /** How long the store took to say so, ms. */
  storeMs: number;
  /** Nothing new is kept, for the disk is nearly full; all else goes on. */
  diskShort: boolean;
}

export interface HealthOptions {
  /** When this process began; it owes nobody a tick of the cron before three minutes. */
  startedAt: number;
}

/**
 * Whether the store answers, what is due is being done, and the minute's cron comes by. Asks nothing
 * that writes, for anybody may ask; the cron's own mark is the proof that the store takes writes.
 *
 * @throws {AppError} `unavailable` when the store does not answer.
 */
export async function health(app: App, { startedAt }: HealthOptions): Promise<Health> {
  const now = app.clock.now();
  const begun = performance.now();
  const tickAt = (await read(app, keys.tick))?.at ?? null;
  const storeMs = performance.now() - begun;
  let oldestDueMs = 0;
  for await (const { key } of app.store.list(ranges.jobsDueBy(now), { limit: 1 })) {
    oldestDueMs = now - Number(key[1]);
  }
  const ticks = now - Math.max(startedAt, tickAt ?? 0) < TICK_MS;
  const ready = ticks && oldestDueMs < OLDEST_DUE_MS && storeMs < STORE_MS;
  return { ready, oldestDueMs, tickAt, storeMs, diskShort: await isDiskShort(app) };
}
