import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import { transact } from "../kv/transact.ts";

/** How long lines of the audit log are kept, ms: 400 days. */
export const AUDIT_KEPT_MS = 400 * 86_400_000;

/**
 * Removes up to so many of the oldest lines of the audit log that are older than they are kept, from
 * its beginning on, and keeps by which hash the next one must follow. @returns how many.
 */
export async function pruneAudit(app: App, most: number): Promise<number> {
  const before = app.clock.now() - AUDIT_KEPT_MS;
  const oldest = await list(app, ranges.audit, { limit: most });
  // Up to the first that is younger: a clock that stepped back must not tear a hole.
  const young = oldest.findIndex(({ at }) => at > before);
  const old = young < 0 ? oldest : oldest.slice(0, young);
  const last = old.at(-1);
  if (last === undefined) return 0;
  await transact(app, async (tx) => {
    const floor = await tx.get(keys.auditFloor);
    if (floor !== null && floor.seq >= last.seq) return;
    for (const { seq } of old) tx.delete(keys.audit(seq));
    tx.set(keys.auditFloor, { seq: last.seq, hash: last.hash });
  });
  return old.length;
}
