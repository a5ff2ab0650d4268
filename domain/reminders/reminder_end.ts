import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { ownReminder, type ReminderRef } from "../recipients/own_reminder.ts";
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
import { takeRoom } from "./reminder_room.ts";
import { BY, type Via } from "./reminder_words.ts";

/** How many of the latest occurrences are looked at for what was cancelled with a reminder. */
const LOOKED_BACK = 200;

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
  await takeRoom(app, tx, reminder);
  return dueAt > now
    ? await wait(app, tx, reminder, { dueAt })
    : await advance(app, tx, { ...reminder, state: "active" }, now);
}
