import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { idOf, newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { askFirst } from "../recipients/invitations.ts";
import { getNote, type NoteRef, ownNote } from "../notes/notes.ts";
import {
  changedTo,
  countReminders,
  markChat,
  openOf,
  putOccurrence,
  putReminder,
  wait,
} from "./reminder_moves.ts";
import { ownReminder, type ReminderRef } from "../recipients/own_reminder.ts";
import {
  MAX_REMINDER_TITLE,
  type ReminderDraft,
  sameSchedule,
  type SoundDraft,
  soundDraft,
} from "./reminder_draft.ts";
import { takeRoom } from "./reminder_room.ts";
import { countReminderText } from "./reminder_text.ts";
import { BY, type Via } from "./reminder_words.ts";

export type { ReminderRef } from "../recipients/own_reminder.ts";
export { cancelReminder, restoreReminder } from "./reminder_end.ts";
export { MAX_REMINDER_MAIL, MAX_REMINDER_TEXT, MAX_REMINDER_TITLE } from "./reminder_draft.ts";
export { MAX_REMINDERS } from "./reminder_moves.ts";

export interface NewReminder extends ReminderDraft {
  ownerId: string;
  /** The note it is about. */
  noteId?: string | null;
  /** The caller's own name for it: the same key gives the same reminder. */
  key?: string;
}

/**
 * Keeps a reminder; its first time waits from now on. One that is made from a note has the note's
 * title if it is given none, and outlives it.
 *
 * @throws {AppError} `invalid`, naming the field; `not_found` for the note; `conflict` over 100
 *   active ones, or over what may wait to be mailed.
 */
export async function createReminder(
  app: App,
  { ownerId, noteId = null, key, ...draft }: NewReminder,
): Promise<Reminder> {
  const named = draft.title.trim() === "" && noteId !== null
    ? { ...draft, title: await titleOf(app, { id: noteId, ownerId }) }
    : draft;
  const sound = await soundDraft(app, ownerId, named);
  const id = key === undefined ? newId() : await idOf(`reminder ${ownerId} ${key}`);
  if (await read(app, keys.reminder(id)) === null) {
    await askNew(app, ownerId, sound);
    await countReminderText(app, ownerId, sound);
  }
  return await transact(app, async (tx) => {
    const there = key === undefined ? null : await tx.get(keys.reminder(id));
    if (there) return there;
    if (noteId !== null) await ownNote(tx, { id: noteId, ownerId });
    await countReminders(tx, ownerId, 1);
    await takeRoom(app, tx, { id, ownerId, channels: sound.channels });
    const now = app.clock.now();
    const blank: Reminder = {
      id,
      ownerId,
      noteId,
      ...sound,
      state: "active",
      nextAt: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    tx.set(keys.reminderByOwner(ownerId, now, id), id);
    if (noteId !== null) tx.set(keys.reminderByNote(noteId, now, id), id);
    return putReminder(app, tx, await wait(app, tx, blank, { dueAt: sound.schedule.startAt }));
  });
}

/** What a reminder is called that is made from a note and not named. */
async function titleOf(app: App, note: NoteRef): Promise<string> {
  return [...(await getNote(app, note)).title].slice(0, MAX_REMINDER_TITLE).join("");
}

/**
 * Changes what a reminder says. Another schedule begins anew: what waits, rings or is snoozed by the
 * old one is cancelled, and a reminder that was over or cancelled is active again.
 *
 * @throws {AppError} as `createReminder`; `conflict` when `version` is not the one it has now.
 */
export async function updateReminder(
  app: App,
  { id, ownerId, version, ...draft }: ReminderRef & ReminderDraft & { version: number },
  via: Via = "page",
): Promise<Reminder> {
  const ref = { id, ownerId, version };
  const before = await transact(app, (tx) => unchanged(tx, ref));
  const { sound } = await soundEdit(app, before, draft);
  await askNew(app, ownerId, sound);
  await countReminderText(app, ownerId, sound, before);
  return await transact(app, async (tx) => {
    const reminder = await unchanged(tx, ref);
    const { state } = reminder;
    const { kept, sound } = await soundEdit(app, reminder, draft);
    const edited: Reminder = { ...reminder, ...sound, version: version + 1 };
    if (edited.channels.mail.length > reminder.channels.mail.length || state !== "active") {
      await takeRoom(app, tx, edited);
    }
    if (kept) {
      for (const one of await openOf(app, reminder)) {
        await putOccurrence(app, tx, { reminder: edited, before: one, after: one });
        await markChat(app, tx, one);
      }
      return putReminder(app, tx, edited);
    }
    if (state !== "active") await countReminders(tx, ownerId, 1);
    const now = app.clock.now();
    for (const before of await openOf(app, reminder)) {
      const text = `Cancelled: the times were changed ${BY[via]}`;
      const after = changedTo(before, now, text, { state: "cancelled", before: null });
      await putOccurrence(app, tx, { reminder: edited, before, after });
      await markChat(app, tx, after);
    }
    return putReminder(app, tx, await wait(app, tx, edited, { dueAt: sound.schedule.startAt }));
  });
}

/** @throws {AppError} `not_found`; `conflict` when it was changed since it was looked at. */
async function unchanged(
  tx: Tx,
  { version, ...ref }: ReminderRef & { version: number },
): Promise<Reminder> {
  const reminder = await ownReminder(tx, ref);
  if (reminder.version === version) return reminder;
  throw new AppError("conflict", "Cannot save: the reminder was changed elsewhere meanwhile", {
    field: "version",
  });
}

/** What an edit makes of it, and whether its times stay as they are. */
async function soundEdit(
  app: App,
  { ownerId, state, schedule }: Reminder,
  draft: ReminderDraft,
): Promise<{ kept: boolean; sound: SoundDraft }> {
  const kept = state === "active" && sameSchedule(schedule, draft.schedule);
  return { kept, sound: await soundDraft(app, ownerId, draft, kept ? schedule : undefined) };
}

/** Asks those who are new whether they want it; what rings before they agree passes them over. */
async function askNew(app: App, ownerId: string, { channels }: SoundDraft): Promise<void> {
  const { mail: to } = channels;
  if (to.length > 0) await askFirst(app, { ownerId, to, kind: "reminder", field: "mail" });
}
