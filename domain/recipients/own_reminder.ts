import { notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { Occurrence, Reminder } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import type { OccurrenceName } from "../reminders/occurrence_id.ts";

/** One's own reminder, by its id. */
export interface ReminderRef {
  id: string;
  ownerId: string;
}

/** One's own occurrence. */
export interface OccurrenceRef extends OccurrenceName {
  ownerId: string;
}

/** The reminder in this transaction. @throws {AppError} `not_found`, also when it is somebody else's. */
export async function ownReminder(tx: Tx, { id, ownerId }: ReminderRef): Promise<Reminder> {
  const reminder = isId(id) ? await tx.get(keys.reminder(id)) : null;
  if (reminder?.ownerId !== ownerId) throw notFound("reminder");
  return reminder;
}

/** An occurrence with its reminder, in this transaction. @throws as `ownReminder`. */
export async function ownOccurrence(
  tx: Tx,
  { reminderId, dueAt, ownerId }: OccurrenceRef,
): Promise<{ reminder: Reminder; occurrence: Occurrence }> {
  const reminder = await ownReminder(tx, { id: reminderId, ownerId });
  const known = Number.isSafeInteger(dueAt);
  const occurrence = known ? await tx.get(keys.occurrence(reminderId, dueAt)) : null;
  if (occurrence === null) throw notFound("reminder");
  return { reminder, occurrence };
}
