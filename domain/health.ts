import type { App } from "../core/app.ts";
import { ranges } from "../kv/keys.ts";

/** Something due for longer than this means that nobody works, ms. */
const OLDEST_DUE_MS = 120_000;

export interface Health {
  ready: boolean;
  /** How long the oldest due job has been waiting, ms; 0 when nothing is due. */
  oldestDueMs: number;
}

/** Whether the store answers and what is due is being done. @throws {AppError} `unavailable`. */
export async function health(app: App): Promise<Health> {
  const now = app.clock.now();
  for await (const { key } of app.store.list(ranges.jobsDueBy(now), { limit: 1 })) {
    const oldestDueMs = now - Number(key[1]);
    return { ready: oldestDueMs < OLDEST_DUE_MS, oldestDueMs };
  }
  return { ready: true, oldestDueMs: 0 };
}
