import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Tx } from "../../kv/transact.ts";
import { NO_COUNTS } from "../mail/counts.ts";

/** Most notes of one account. */
const MAX_NOTES = 5_000;
/**
 * Most bytes that the texts of one account take together. Deleted ones count while they can be brought
 * back: else writing and deleting would fill the disk.
 */
export const MAX_KEPT_BYTES = 100 * 1_048_576;

/** By how much there is more, or less. */
export interface NoteChange {
  notes?: -1 | 0 | 1;
  bytes?: number;
}

/** Keeps count of an account's notes. @throws {AppError} `conflict` over 5,000, or over 100 MB. */
export async function countNotes(
  tx: Tx,
  ownerId: string,
  { notes = 0, bytes = 0 }: NoteChange,
): Promise<void> {
  if (notes === 0 && bytes === 0) return;
  const before = await tx.get(keys.counts(ownerId));
  if (before === null && notes <= 0 && bytes <= 0) return; // the account is gone, with its counts
  const counts = before ?? NO_COUNTS;
  if (notes > 0 && counts.notes >= MAX_NOTES) {
    throw new AppError("conflict", `Cannot keep more than ${MAX_NOTES} notes: delete some first`);
  }
  const kept = Math.max(0, (counts.bytes ?? 0) + bytes);
  if (bytes > 0 && kept > MAX_KEPT_BYTES) {
    throw new AppError(
      "conflict",
      "Cannot keep more than 100 MB of notes: deleted ones count for 30 days",
      { field: "text" },
    );
  }
  tx.set(keys.counts(ownerId), {
    ...counts,
    notes: Math.max(0, counts.notes + notes),
    ...(bytes === 0 ? {} : { bytes: kept }),
  });
}
