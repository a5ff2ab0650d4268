import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import type { ChatUpdateTaken } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";

/** How long one that takes an update is believed to be still at it, ms. */
export const TAKING_MS = 60_000;
/** How soon Telegram may come again with one that is being taken, ms. */
const AGAIN_MS = 2_000;
/** Who fails or dies so often over one update does so because of it. */
const MOST_TRIES = 3;
/** How long it is known that an update was taken, ms: Telegram repeats them for 24 h. */
const KEPT_MS = 48 * 3_600_000;

/**
 * Takes each update once: runs `handle` for the first that comes with it, and never again once that
 * has gone well. A `handle` that fails, or whose process dies, is run again when the update comes
 * again, three times at most; so what it does must be the same when it is repeated.
 *
 * @throws {AppError} `unavailable` while another takes it.
 * @throws {unknown} what `handle` throws; then the update counts as not taken.
 */
export async function takeUpdate(
  app: App,
  updateId: number,
  handle: () => Promise<void>,
): Promise<void> {
  const taken = await claim(app, updateId);
  if (taken === null) return;
  try {
    await handle();
  } catch (error) {
    await giveBack(app, updateId, { taken, error });
    throw error;
  }
  await transact(app, (tx) => tx.set(keys.chatUpdate(updateId), { ...taken, done: true }));
}

/** @returns null when there is nothing to do any more. */
async function claim(app: App, updateId: number): Promise<ChatUpdateTaken | null> {
  const key = keys.chatUpdate(updateId);
  const { taken, givenUp } = await transact(app, async (tx) => {
    const now = app.clock.now();
    const before = await tx.get(key);
    if (before?.done) return { taken: null };
    if (before !== null && now - before.at < TAKING_MS) {
      throw new AppError("unavailable", "Cannot take this update: it is being taken", {
        retryAfterMs: AGAIN_MS,
      });
    }
    const tries = (before?.tries ?? 0) + 1;
    const givenUp = tries > MOST_TRIES;
    tx.set(key, { at: now, tries, done: givenUp });
    return givenUp ? { taken: null, givenUp } : { taken: { at: now, tries, done: false } };
  });
  // Else one update that always fails would keep all those behind it waiting for a day.
  if (givenUp) app.log.error("update_given_up", { updateId });
  return taken;
}

/** Lets the next one have it at once, unless somebody has it already. */
async function giveBack(
  app: App,
  updateId: number,
  { taken, error }: { taken: ChatUpdateTaken; error: unknown },
): Promise<void> {
  const key = keys.chatUpdate(updateId);
  const itsFault = !(error instanceof AppError && error.code === "unavailable");
  const tries = taken.tries - (itsFault ? 0 : 1);
  try {
    await transact(app, async (tx) => {
      const now = await tx.get(key);
      if (now?.at === taken.at && !now.done) tx.set(key, { at: 0, tries, done: false });
    });
  } catch (error) { // then only in a minute; what went wrong before is what matters
    app.log.error("update_not_given_back", { updateId }, error);
  }
}

/** Forgets some of the updates that Telegram no longer repeats. @returns how many. */
export async function pruneUpdates(app: App, limit: number): Promise<number> {
  const before = app.clock.now() - KEPT_MS;
  const old: Deno.KvKey[] = [];
  for await (const { key, value } of app.store.list<ChatUpdateTaken>(ranges.chatUpdates)) {
    if (value.at <= before) old.push(key);
    if (old.length === limit) break;
  }
  await transact(app, (tx) => {
    for (const key of old) tx.delete(key);
  });
  return old.length;
}
