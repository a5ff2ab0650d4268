import type { App } from "../../core/app.ts";
import type { ChatMessage } from "../../core/chat.ts";
import { notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Occurrence } from "../../kv/schema.ts";
import type { OccurrenceRef } from "./occurrences.ts";
import { reminderMessage } from "./reminder_chat.ts";
import { deliveriesOf } from "./reminder_list.ts";

export interface ShownReminder {
  occurrence: Occurrence;
  zone: string;
  message: ChatMessage;
  /** The chat's messages that rang; job `mark_chat` keeps those right. */
  rangIn: number[];
}

/**
 * One's own occurrence as it is now, and how a chat shows that; `more` with the second set of buttons.
 *
 * @throws {AppError} `not_found`, also for somebody else's.
 */
export async function shownReminder(
  app: App,
  { reminderId, dueAt, ownerId, chatId, more }: OccurrenceRef & { chatId: number; more?: boolean },
): Promise<ShownReminder> {
  const reminder = isId(reminderId) ? await read(app, keys.reminder(reminderId)) : null;
  const occurrence = reminder?.ownerId === ownerId && Number.isSafeInteger(dueAt)
    ? await read(app, keys.occurrence(reminderId, dueAt))
    : null;
  if (reminder === null || occurrence === null) throw notFound("reminder");
  const now = app.clock.now();
  const message = reminderMessage(app, { reminder, occurrence, chatId, now, more });
  const deliveries = await deliveriesOf(app, occurrence);
  const rangIn = deliveries.filter((one) => one.chatId === chatId && one.providerId !== null)
    .map(({ providerId }) => Number(providerId));
  return { occurrence, zone: reminder.schedule.zone, message, rangIn };
}
