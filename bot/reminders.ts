import { Composer } from "grammy";
import { AppError } from "../core/errors.ts";
import {
  markDone,
  type OccurrenceRef,
  occurrenceRef,
  skip,
  snooze,
  undo,
} from "../domain/reminders/occurrences.ts";
import { parseReminderData, type ReminderAct } from "../domain/reminders/reminder_chat.ts";
import { shownReminder } from "../domain/reminders/reminder_shown.ts";
import { moment } from "../domain/reminders/reminder_words.ts";
import { parseSnoozeChoice, snoozeUntil } from "../domain/reminders/snoozes.ts";
import { button, onPress } from "./buttons.ts";
import type { BotContext } from "./context.ts";

/** The buttons under a reminder. */
export function remindersFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  onPress(feature, "reminder", async (ctx, name = "") => {
    const found = occurrenceRef(name);
    if (found === null) return await ctx.done("This button is too old.");
    const ref = { ...found, ownerId: ctx.owner.id };
    const { occurrence, message } = await shownReminder(ctx.app, { ...ref, chatId: ctx.place });
    await ctx.done();
    const cancel = occurrence.state === "waiting" || occurrence.state === "snoozed"
      ? [[button("Cancel it", "remind_cancel", ref.reminderId)]]
      : [];
    await ctx.say(message.html, [...message.buttons ?? [], ...cancel]);
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const pressed = parseReminderData(ctx.callbackQuery.data);
    if (pressed === null) return await next();
    const { act, arg, reminderId, dueAt } = pressed;
    const ref = { reminderId, dueAt, ownerId: ctx.owner.id };
    const acted = act !== "more" && await tryTo(ctx, act, arg, ref);
    const more = act === "more" && arg !== "back";
    const { message, rangIn } = await shownReminder(ctx.app, { ...ref, chatId: ctx.place, more });
    await ctx.done();
    // After an act a job puts those messages right that rang; this one may have come of a list.
    const seen = acted && rangIn.includes(ctx.pressed.messageId);
    if (!seen) await ctx.change(message.html, message.buttons);
  });

  return feature;
}

/** Acts and says so; says why where that cannot be any more. @returns whether it acted. */
async function tryTo(
  ctx: BotContext,
  act: Exclude<ReminderAct, "more">,
  arg: string | null,
  ref: OccurrenceRef,
): Promise<boolean> {
  try {
    await ctx.done(await doIt(ctx, act, arg, ref));
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    await ctx.done(error.message, { alert: true });
    return false;
  }
}

/** @returns what was done, in a few words. */
async function doIt(
  { app, place: chatId }: Pick<BotContext, "app" | "place">,
  act: Exclude<ReminderAct, "more">,
  arg: string | null,
  ref: OccurrenceRef,
): Promise<string> {
  switch (act) {
    case "done":
      await markDone(app, ref, "telegram");
      return "Done";
    case "skip":
      await skip(app, ref, "telegram");
      return "Skipped";
    case "undo":
      await undo(app, ref, "telegram");
      return "Taken back";
    case "snooze": {
      const { occurrence: { state, ringAt }, zone } = await shownReminder(app, { ...ref, chatId });
      const now = app.clock.now();
      // Only what rings has such a button; a press that comes twice must not snooze on.
      const until = state === "ringing"
        ? snoozeUntil(parseSnoozeChoice(arg ?? ""), { now, zone })
        : ringAt;
      if (state === "ringing") await snooze(app, { ...ref, until, rangAt: ringAt }, "telegram");
      else if (state !== "snoozed") {
        throw new AppError("conflict", "Cannot snooze it: it does not ring any more");
      }
      return `Snoozed until ${moment(until, zone, now)}`;
    }
  }
}
