import { moveReminder, remindersTo } from "../domain/reminders/move_reminders.ts";
import { completed, type Handler, snooze } from "../jobs/handler.ts";

/** Has what a member mails to themselves follow the address of their account. Doing it twice is doing it once. */
export const moveReminders: Handler<"move_reminders"> = async (app, job) => {
  const { accountId, from } = job.payload;
  for (const id of await remindersTo(app, { accountId, from })) {
    await moveReminder(app, { id, from });
    if (job.sliceOver()) return snooze(0);
  }
  return completed();
};
