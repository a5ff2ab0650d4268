import type { OccurrenceView, ReminderShelves } from "../domain/reminders/reminder_view.ts";
import type { Chrome } from "../views/chrome.ts";
import type { TodayItem } from "../views/today.tsx";

/** What rings or rang today, for the day's dial: also what was put off to a later hour of today. */
export function remindersToday(
  { overdue, today, snoozed }: ReminderShelves,
  { now, reader: { zone } }: Pick<Chrome, "now" | "reader">,
): TodayItem[] {
  const dayIn = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
  return [...overdue, ...today, ...snoozed]
    .filter(({ ringAt }) => dayIn(Date.parse(ringAt)) === dayIn(now))
    .map(itemOf)
    .sort((a, b) => a.at - b.at);
}

function itemOf({ ringAt, state, title, rule, reminderId }: OccurrenceView): TodayItem {
  return {
    at: Date.parse(ringAt),
    kind: state === "ringing" ? "failed" : "due",
    title,
    detail: state === "ringing" ? "overdue" : state === "snoozed" ? "snoozed" : rule ?? "once",
    href: `/reminders/${reminderId}`,
  };
}
