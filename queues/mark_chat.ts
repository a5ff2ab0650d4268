import { chatOf, turnOff } from "../domain/chats/chats.ts";
import { deliveriesOf } from "../domain/reminders/reminder_list.ts";
import { reminderMessage } from "../domain/reminders/reminder_chat.ts";
import { cancel, completed, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";

/** How long Telegram is left alone when it does not say for how long, ms. */
const DOWN_MS = 30_000;

/**
 * Edits the messages of an occurrence in Telegram to how it is. Editing twice does no harm, so what
 * gave no answer is done again.
 */
export const markChat: Handler<"mark_chat"> = async (app, job) => {
  const { messenger } = app;
  if (messenger === null) return cancel("Telegram is not set up here");
  const { reminderId, dueAt } = job.payload;
  for (;;) {
    const [reminder, occurrence] = await Promise.all([
      read(app, keys.reminder(reminderId)),
      read(app, keys.occurrence(reminderId, dueAt)),
    ]);
    if (reminder === null || occurrence === null) return cancel("the reminder is gone");
    const chat = await chatOf(app, reminder.ownerId);
    if (chat?.state !== "on") return cancel("no chat takes messages");
    for (const { chatId, providerId, firstAt } of await deliveriesOf(app, occurrence)) {
      if (chatId !== chat.chatId || providerId === null) continue;
      const sentAt = firstAt ?? undefined;
      const message = { reminder, occurrence, chatId, now: app.clock.now(), sentAt };
      const answer = await messenger.edit(Number(providerId), reminderMessage(app, message));
      if (answer.is === "postponed" || answer.is === "down") {
        return snooze(answer.retryAfterMs ?? DOWN_MS);
      }
      if (answer.is === "refused" && answer.badAddress) {
        const { reason } = answer;
        return cancel(reason, (tx) => turnOff(app, tx, { chatId, reason }));
      }
      if (answer.is === "unclear") {
        throw new Error(`Cannot tell what became of it: ${answer.reason}`);
      }
    }
    // Two of these may run at once: the one whose edit was last must have seen what is true.
    const now = await read(app, keys.occurrence(reminderId, dueAt));
    if (now?.ledger.length === occurrence.ledger.length && now.state === occurrence.state) {
      return completed();
    }
    if (job.sliceOver()) return snooze(0);
  }
};
