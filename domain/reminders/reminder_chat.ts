import type { App } from "../../core/app.ts";
import type { ChatButton, ChatMessage } from "../../core/chat.ts";
import { escapeHtml, splitText } from "../../core/telegram_html.ts";
import type { Occurrence, OccurrenceState, Reminder } from "../../kv/schema.ts";
import { occurrenceId, type OccurrenceName, occurrenceRef } from "./occurrence_id.ts";
import { openButton } from "../open_button.ts";
import { isOpen, undoUntil } from "./reminder_views.ts";
import { dueLine, moment, rangAt } from "./reminder_words.ts";
import { snoozeChoices } from "./snoozes.ts";

/** What a button under a reminder does: `more` shows the other buttons, with "back" the first ones again. */
export type ReminderAct = "done" | "snooze" | "more" | "skip" | "undo";

const ACTS: readonly string[] = ["done", "snooze", "more", "skip", "undo"];
/** Of a text, in UTF-16 units; with the title and the lines below it stays far under Telegram's 4,096. */
const TEXT_UNITS = 3_000;

export interface ReminderMessage {
  reminder: Reminder;
  occurrence: Occurrence;
  chatId: number;
  now: number;
  /** When the message first went, ms; else when it rang. */
  sentAt?: number;
  /** Show the second set of buttons. */
  more?: boolean;
}

/** A reminder as a chat shows it: what it says, how it is, and what can be done with it now. */
export function reminderMessage(
  app: Pick<App, "config">,
  { reminder, occurrence, chatId, now, sentAt, more = false }: ReminderMessage,
): ChatMessage {
  const { title, text, id } = reminder;
  const open = isOpen(occurrence);
  const heading = open ? `⏰ <b>${escapeHtml(title)}</b>` : `<s>${escapeHtml(title)}</s>`;
  const [cut = "", ...rest] = splitText(text, TEXT_UNITS);
  const body = rest.length > 0 ? `${cut}…` : cut;
  const lines = [
    heading,
    ...open && body !== "" ? [escapeHtml(body)] : [],
    escapeHtml(statusOf(reminder, occurrence, { now, sentAt })),
  ];
  return {
    chatId,
    html: lines.join("\n"),
    buttons: more && occurrence.state === "ringing"
      ? moreButtons(reminder, occurrence, now)
      : buttonsOf(reminder, occurrence, {
        now,
        page: openButton(app, `/reminders/${id}`, "🔗 Open"),
      }),
  };
}

/** "due Mon 23 Nov 09:00 · every weekday", or what has become of it. */
function statusOf(
  reminder: Reminder,
  occurrence: Occurrence,
  { now, sentAt }: { now: number; sentAt: number | undefined },
): string {
  const { state, ringAt, ledger } = occurrence;
  if (state === "ringing") {
    return dueLine(reminder, occurrence, sentAt ?? rangAt(occurrence) ?? now);
  }
  if (state === "waiting") return dueLine(reminder, occurrence, Math.min(now, ringAt));
  if (state === "snoozed") {
    return `💤 Snoozed until ${moment(ringAt, reminder.schedule.zone, now)}`;
  }
  return `${MARKS[state] ?? ""} ${ledger.at(-1)?.text ?? ""}`.trim();
}

const MARKS: Partial<Record<OccurrenceState, string>> = { done: "✅", skipped: "⏭" };

function buttonsOf(
  reminder: Reminder,
  occurrence: Occurrence,
  { now, page }: { now: number; page: ChatButton[] },
): ChatButton[][] {
  const button = buttonFor(occurrence);
  const { state } = occurrence;
  if (state === "ringing") {
    return [
      [
        button("✅ Done", "done"),
        button("💤 1 h", "snooze", "1h"),
        button("💤 Tomorrow 9", "snooze", "tomorrow"),
      ],
      [button("… more", "more"), ...page],
    ];
  }
  const undo = undoUntil(reminder, occurrence, now) === null ? [] : [button("Undo", "undo")];
  if (state === "snoozed" || state === "waiting") {
    return [[button("✅ Done", "done"), ...undo, ...page]];
  }
  return [[...undo, ...page]];
}

function moreButtons(reminder: Reminder, occurrence: Occurrence, now: number): ChatButton[][] {
  const button = buttonFor(occurrence);
  const offers = snoozeChoices({ now, zone: reminder.schedule.zone })
    .filter(({ choice }) => choice !== "1h" && choice !== "tomorrow")
    .map(({ choice, label }) => button(`💤 ${label}`, "snooze", choice));
  const skip = reminder.schedule.rule ? [button("⏭ Skip this one", "skip")] : [];
  return [offers.slice(0, 2), offers.slice(2), [...skip, button("‹ Back", "more", "back")]]
    .filter((row) => row.length > 0);
}

const buttonFor =
  (occurrence: Occurrence) => (text: string, act: ReminderAct, arg?: string): ChatButton => ({
    text,
    data: ["r", act, occurrenceId(occurrence), ...arg === undefined ? [] : [arg]].join(":"),
  });

/** What a pressed button says; null for what is none of ours. */
export function parseReminderData(
  data: string,
): OccurrenceName & { act: ReminderAct; arg: string | null } | null {
  const [kind, act = "", name = "", arg = null, ...rest] = data.slice(0, 64).split(":");
  const ref = occurrenceRef(name);
  if (kind !== "r" || rest.length > 0 || !ACTS.includes(act) || ref === null) return null;
  return { ...ref, act: act as ReminderAct, arg };
}
