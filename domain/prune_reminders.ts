import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { Occurrence, Reminder } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { isOpen } from "./reminders/reminder_views.ts";

/** Removes up to so many occurrences with which nothing has happened since `before`. @returns how many. */
export async function pruneOccurrences(app: App, before: number, most: number): Promise<number> {
  let removed = 0;
  for await (const { value } of app.store.list<Occurrence>(ranges.occurrences)) {
    if (!isOld(value, before)) continue;
    await transact(app, async (tx) => {
      const key = keys.occurrence(value.reminderId, value.dueAt);
      const now = await tx.get(key);
      if (now && isOld(now, before)) tx.delete(key);
    });
    if (++removed === most) break;
  }
  return removed;
}

/** A closed one has no entry in the index of open ones, so its record is all there is of it. */
function isOld(occurrence: Occurrence, before: number): boolean {
  return !isOpen(occurrence) && (occurrence.ledger.at(-1)?.at ?? occurrence.dueAt) <= before;
}

/** Removes up to so many reminders that have been over since `before`. @returns how many. */
export async function pruneReminders(app: App, before: number, most: number): Promise<number> {
  let removed = 0;
  for await (const { value } of app.store.list<Reminder>(ranges.reminders)) {
    if (!isOver(value, before)) continue;
    const left = await list(app, ranges.occurrencesOf(value.id), { limit: 1 });
    if (left.length > 0) continue;
    await transact(app, async (tx) => {
      const { id, ownerId, noteId, createdAt } = value;
      const now = await tx.get(keys.reminder(id));
      if (now === null || !isOver(now, before)) return;
      tx.delete(keys.reminder(id));
      tx.delete(keys.reminderByOwner(ownerId, createdAt, id));
      if (noteId !== null) tx.delete(keys.reminderByNote(noteId, createdAt, id));
    });
    if (++removed === most) break;
  }
  return removed;
}

function isOver({ state, updatedAt }: Reminder, before: number): boolean {
  return state !== "active" && updatedAt <= before;
}
