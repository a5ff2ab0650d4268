import type { Understood } from "../domain/when/asked_time.ts";
import type { ReminderShelves, ReminderView } from "../domain/reminders/reminder_view.ts";
import { call } from "./api.ts";

/** What a form's words and fields are understood as. */
export async function getWhen(asked: URLSearchParams, signal: AbortSignal): Promise<Understood> {
  const [understood] = await call<Understood>(`/api/when/form?${asked}`, { signal });
  return understood!;
}

export async function getShelves(): Promise<ReminderShelves> {
  const [shelves] = await call<ReminderShelves>("/api/reminders");
  return shelves!;
}

export async function getReminder(id: string): Promise<ReminderView> {
  const [reminder] = await call<ReminderView>(`/api/reminders/${id}`);
  return reminder!;
}
