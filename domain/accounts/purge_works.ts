/** Steps of a purge that remove what somebody made. */
import type { App } from "../../core/app.ts";
import { keys, type Range, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { PurgeStep } from "./purge.ts";

/** Notes or reminders of one step. */
const STEP = 20;
/** Occurrences that are removed in one commit. */
const BATCH = 200;

export const purgeReminders: PurgeStep = async (app, { accountId }) => {
  const ids = await list(app, ranges.remindersOf(accountId), { limit: STEP });
  for (const id of ids) {
    const reminder = await read(app, keys.reminder(id));
    if (reminder !== null) await removeReminder(app, reminder);
  }
  await forgetEntries(app, ranges.remindersOf(accountId), ids.length);
  return { next: ids.length < STEP ? null : "" };
};

async function removeReminder(app: App, { id, noteId, createdAt }: Reminder): Promise<void> {
  for (;;) {
    const some = await list(app, ranges.occurrencesOf(id), { limit: BATCH });
    await transact(app, (tx) => {
      for (const { dueAt, ownerId, ringAt } of some) {
        tx.delete(keys.occurrence(id, dueAt));
        tx.delete(keys.occurrenceByOwner(ownerId, ringAt, id, dueAt));
      }
      if (some.length === BATCH) return;
      tx.delete(keys.reminder(id));
      if (noteId !== null) tx.delete(keys.reminderByNote(noteId, createdAt, id));
    });
    if (some.length < BATCH) return;
  }
}

export const purgeNotes: PurgeStep = async (app, { accountId }) => {
  const ids = await list(app, ranges.notesOf(accountId), { limit: STEP });
  for (const id of ids) {
    const note = await read(app, keys.note(id));
    await transact(app, (tx) => {
      for (let part = 0; part < (note?.parts ?? 0); part++) tx.delete(keys.noteText(id, part));
      tx.delete(keys.note(id));
    });
  }
  await forgetEntries(app, ranges.notesOf(accountId), ids.length);
  return { next: ids.length < STEP ? null : "" };
};

/** Removes the first entries of an index; what they led to is gone before. */
async function forgetEntries(app: App, range: Range<string>, limit: number): Promise<void> {
  if (limit === 0) return;
  const entries = await Array.fromAsync(app.store.list<string>(range, { limit }));
  await transact(app, (tx) => {
    for (const { key } of entries) tx.delete(key);
  });
}
