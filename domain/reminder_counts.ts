import { AppError } from "../core/errors.ts";
import { keys } from "../kv/keys.ts";
import type { Counts } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import { NO_COUNTS } from "./counts.ts";

/** Most active reminders of one account. */
export const MAX_REMINDERS = 100;

/** Keeps count of an account's active reminders. @throws {AppError} `conflict` over the limit. */
export async function countReminders(tx: Tx, ownerId: string, change: 1 | -1): Promise<void> {
  const counts = await tx.get(keys.counts(ownerId)) ?? NO_COUNTS;
  if (change > 0) roomForOne(counts);
  tx.set(keys.counts(ownerId), {
    ...counts,
    reminders: Math.max(0, counts.reminders + change),
  });
}

/** @throws {AppError} `conflict` when an account has as many active reminders as it may. */
export function roomForOne({ reminders }: Counts): void {
  if (reminders < MAX_REMINDERS) return;
  throw new AppError(
    "conflict",
    `Cannot keep more than ${MAX_REMINDERS} active reminders: cancel one first`,
  );
}
