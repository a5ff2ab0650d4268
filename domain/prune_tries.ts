import type { App } from "../core/app.ts";
import { type Key, ranges } from "../kv/keys.ts";
import type { Tries } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";

/** No limit looks back further. */
const KEPT_MS = 86_400_000;

/** Removes some of what was counted so long ago that it no longer matters. @returns how many. */
export async function pruneTries(app: App, limit: number): Promise<number> {
  const before = app.clock.now() - KEPT_MS;
  const old: Deno.KvEntry<Tries>[] = [];
  for await (const entry of app.store.list<Tries>(ranges.tries)) {
    if ((entry.value.at.at(-1) ?? 0) <= before) old.push(entry);
    if (old.length === limit) break;
  }
  for (const { key } of old) {
    await transact(app, async (tx) => {
      const tries = await tx.get(key as Key<Tries>);
      if ((tries?.at.at(-1) ?? 0) <= before) tx.delete(key);
    });
  }
  return old.length;
}
