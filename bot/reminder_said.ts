import { escapeHtml } from "../core/telegram_html.ts";
import { openButton } from "../domain/open_button.ts";
import { preview } from "../domain/when/repeat.ts";
import type { When } from "../domain/when/when.ts";
import type { Reminder, Schedule } from "../kv/schema.ts";
import { button } from "./buttons.ts";
import type { BotContext, Buttons } from "./context.ts";
import { boldTitle, quoted } from "./words.ts";

/** Next times of a series that are told of. */
const NEXT_SHOWN = 3;

/** What was saved and when it comes. */
export function saved(
  { app }: Pick<BotContext, "app">,
  reminder: Reminder,
): { html: string; buttons: Buttons } {
  const { id, schedule } = reminder;
  const { sentence, next } = preview(schedule, app.clock.now());
  const times = next.slice(0, NEXT_SHOWN).map(({ text }) => `• ${escapeHtml(text)}`);
  return {
    html: [
      `⏰ ${boldTitle(reminder)}`,
      escapeHtml(sentence),
      ...schedule.rule ? times : [],
    ].join("\n"),
    buttons: [[button("Undo", "remind_cancel", id), ...openButton(app, `/reminders/${id}`)]],
  };
}

/** What was filled in that nobody said. */
export function guesses({ assumed }: When): string {
  return assumed.length === 0
    ? ""
    : `\n<i>You did not say: I took ${quoted(assumed.join(", "))}.</i>`;
}

/** A schedule on a button. */
export function labelOf(schedule: Schedule): string {
  return preview(schedule, schedule.startAt - 1).sentence;
}
