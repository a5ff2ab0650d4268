import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { idOf, isId, newId } from "../core/ids.ts";
import { keys, ranges } from "../kv/keys.ts";
import { list } from "../kv/read.ts";
import type { Reminder } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { ownNote } from "./notes.ts";
import {
  advance,
  changedTo,
  countReminders,
  markChat,
  openOf,
  putOccurrence,
  putReminder,
  wait,
} from "./reminder_moves.ts";
import { type ReminderDraft, sameSchedule, soundDraft } from "./reminder_draft.ts";
import { BY, type Via } from "./reminder_words.ts";

export { MAX_REMINDER_MAIL, MAX_REMINDER_TEXT, MAX_REMINDER_TITLE } from "./reminder_draft.ts";
export { MAX_REMINDERS } from "./reminder_moves.ts";

/** One's own reminder, by its id. */
export interface ReminderRef {
  id: string;
  ownerId: string;
}

export interface NewReminder extends ReminderDraft {
  ownerId: string;
  /** The note it is about. */
  noteId?: string | null;
  /** The caller's own name for it: the same key gives the same reminder. */
  key?: string;
}

/** How many of the latest occurrences are looked at for what was cancelled with a reminder. */
const LOOKED_BACK = 200;

/** The reminder in this transaction. @throws {AppError} `not_found`, also when it is somebody else's. */
export async function ownReminder(tx: Tx, { id, ownerId }: ReminderRef): Promise<Reminder> {
  const reminder = isId(id) ? await tx.get(keys.reminder(id)) : null;
  if (reminder?.ownerId !== ownerId) throw notFound("reminder");
  return reminder;
}

/**
 * Keeps a reminder; its first time waits from now on. It outlives the note it was made from.
 *
 * @throws {AppError} `invalid`, naming the field; `not_found` for the note; `conflict` over 100
 *   active ones.
 */
export async function createReminder(
  app: App,
  { ownerId, noteId = null, key, ...draft }: NewReminder,
): Promise<Reminder> {
  const sound = await soundDraft(app, ownerId, draft);
  const id = key === undefined ? newId() : await idOf(`reminder ${ownerId} ${key}`);
  return await transact(app, async (tx) => {
    const there = key === undefined ? null : await tx.get(keys.reminder(id));
    if (there) return there;
    if (noteId !== null) await ownNote(tx, { id: noteId, ownerId });
    await countReminders(tx, ownerId, 1);
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
  return await transact(app, async (tx) => {
    const reminder = await ownReminder(tx, { id, ownerId });
    if (reminder.version !== version) {
      throw new AppError("conflict", "Cannot save: the reminder was changed elsewhere meanwhile", {
        field: "version",
      });
    }
    const { state, schedule } = reminder;
    const kept = state === "active" && sameSchedule(schedule, draft.schedule);
    const sound = await soundDraft(app, ownerId, draft, kept ? schedule : undefined);
    const edited: Reminder = { ...reminder, ...sound, version: version + 1 };
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

/**
 * Ends a reminder with all that waits, rings or is snoozed of it. Twice is once.
 *
 * @throws {AppError} `not_found`; `conflict` when it is over.
 */
export async function cancelReminder(app: App, ref: ReminderRef, via: Via): Promise<Reminder> {
  return await transact(app, async (tx) => {
    const reminder = await ownReminder(tx, ref);
    if (reminder.state === "cancelled") return reminder;
    const now = app.clock.now();
    const cancelled = putReminder(app, tx, { ...reminder, state: "cancelled", nextAt: null });
    const open = await openOf(app, reminder);
    if (reminder.state === "over" && open.length === 0) {
      throw new AppError("conflict", "Cannot cancel: nothing of it is to come");
    }
    for (const before of open) {
      const { state, ringAt } = before;
      const after = changedTo(before, now, `Cancelled ${BY[via]}`, {
        state: "cancelled",
        before: { state, ringAt, at: cancelled.updatedAt },
      });
      await putOccurrence(app, tx, { reminder: cancelled, before, after });
      await markChat(app, tx, after);
    }
    if (reminder.state === "active") await countReminders(tx, ref.ownerId, -1);
    return cancelled;
  });
}

/**
 * Brings a cancelled reminder back: what rang rings, what was snoozed and is still to come is, and
 * its next time waits. Twice is once.
 *
 * @throws {AppError} `not_found`; `conflict` when nothing of it is still to come, or over 100 active ones.
 */
export async function restoreReminder(app: App, ref: ReminderRef, via: Via): Promise<Reminder> {
  return await transact(app, async (tx) => {
    const reminder = await ownReminder(tx, ref);
    if (reminder.state !== "cancelled") return reminder;
    const now = app.clock.now();
    const latest = await list(app, ranges.occurrencesOf(reminder.id), {
      reverse: true,
      limit: LOOKED_BACK,
    });
    const ended = latest.filter(({ state, before }) =>
      state === "cancelled" && before?.at === reminder.updatedAt
    );
    const waited = ended.find(({ before }) => before?.state === "waiting");
    const back = ended.filter(({ before }) =>
      before?.state === "ringing" || before?.state === "snoozed" && before.ringAt > now
    );
    const begun = waited
      ? await waitAgain(app, tx, reminder, waited.dueAt)
      : { ...reminder, state: "over" as const };
    if (begun.state === "over" && back.length === 0) {
      throw new AppError("conflict", "Cannot bring it back: its time has passed, set a new one");
    }
    for (const before of back) {
      // The job of a snooze that is still to come has not run yet.
      const { state, ringAt } = before.before!;
      const after = changedTo(before, now, `Brought back ${BY[via]}`, {
        state,
        ringAt,
        before: null,
      });
      await putOccurrence(app, tx, { reminder: begun, before, after });
      await markChat(app, tx, after);
    }
    return putReminder(app, tx, begun);
  });
}

/** The reminder with the time that waited waiting again, or the next one where that has passed. */
async function waitAgain(app: App, tx: Tx, reminder: Reminder, dueAt: number): Promise<Reminder> {
  const now = app.clock.now();
  await countReminders(tx, reminder.ownerId, 1);
  return dueAt > now
    ? await wait(app, tx, reminder, { dueAt })
    : await advance(app, tx, { ...reminder, state: "active" }, now);
}
