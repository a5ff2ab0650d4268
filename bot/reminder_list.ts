import { Composer } from "grammy";
import { escapeHtml } from "../core/telegram_html.ts";
import { openButton } from "../domain/open_button.ts";
import { listShelves } from "../domain/reminders/reminder_list.ts";
import type { OccurrenceView, Shelf } from "../domain/reminders/reminder_view.ts";
import { moment } from "../domain/reminders/reminder_words.ts";
import { button } from "./buttons.ts";
import type { BotContext } from "./context.ts";
import { titleOf } from "./words.ts";

/** Reminders of one list; the rest is on the page. */
const SHOWN = 12;

const SHELVES: [Shelf, string][] = [
  ["overdue", "Overdue"],
  ["today", "Today"],
  ["tomorrow", "Tomorrow"],
  ["week", "This week"],
  ["later", "Later"],
  ["snoozed", "Snoozed"],
];

/** `/reminders`: what waits and what comes. */
export function reminderListFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command("reminders", (ctx) => sayReminders(ctx));
  return feature;
}

/** Lists what is open by shelf, with a button for each that shows it with what can be done. */
export async function sayReminders(ctx: BotContext): Promise<void> {
  const { app, owner: { id: ownerId, zone } } = ctx;
  const shelves = await listShelves(app, { ownerId, zone });
  const lines: string[] = [];
  const shown: OccurrenceView[] = [];
  for (const [shelf, name] of SHELVES) {
    const views = shelves[shelf].slice(0, SHOWN - shown.length);
    if (views.length === 0) continue;
    lines.push(`<b>${name}</b>`);
    for (const view of views) {
      shown.push(view);
      const at = moment(Date.parse(view.ringAt), view.zone, app.clock.now());
      const often = view.rule ? " ↻" : "";
      lines.push(`${shown.length}. ${at}${often} – ${escapeHtml(titleOf(view, 60))}`);
    }
  }
  if (shown.length === 0) {
    const how = "<code>/remind tomorrow 9 call the bank</code>";
    return await ctx.say(`Nothing waits for you. To be reminded: ${how}`);
  }
  const all = SHELVES.reduce((sum, [shelf]) => sum + shelves[shelf].length, 0);
  if (all > shown.length) lines.push(`and ${all - shown.length} more`);
  await ctx.say(lines.join("\n"), [
    ...shown.map((view, i) => [button(`${i + 1}. ${titleOf(view, 40)}`, "reminder", view.id)]),
    openButton(app, "/reminders", "On the page"),
  ]);
}
