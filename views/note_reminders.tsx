import type { OccurrenceView } from "../domain/reminders/reminder_view.ts";
import type { Reader } from "../islands/times.ts";
import { Time } from "./time.tsx";

export interface NoteRemindersProps {
  noteId: string;
  /** What is open of them, in the order of time. */
  reminders: OccurrenceView[];
  now: number;
  reader: Reader;
}

/** What was set from a note and is still to come. */
export function NoteReminders({ noteId, reminders, now, reader }: NoteRemindersProps) {
  return (
    <section class="card" aria-labelledby="reminders">
      <h2 id="reminders">Reminders</h2>
      {reminders.length === 0
        ? (
          <p class="none">
            None. <a href={`/notes/${noteId}/remind`}>Be reminded of this note</a>
          </p>
        )
        : (
          <ul class="brief">
            {reminders.map((one) => (
              <li key={one.id} class="mailing-row reminder-brief">
                <a href={`/reminders/${one.reminderId}`} dir="auto">{one.title}</a>
                <Time at={Date.parse(one.ringAt)} now={now} reader={reader} how="full" />
                <p class="reached">
                  {[STATES[one.state], one.rule].filter(Boolean).join(" · ")}
                </p>
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}

const STATES: Partial<Record<OccurrenceView["state"], string>> = {
  ringing: "Overdue",
  snoozed: "Snoozed",
};
