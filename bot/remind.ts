import { Composer } from "grammy";
import { AppError } from "../core/errors.ts";
import { escapeHtml } from "../core/telegram_html.ts";
import { answerAsked, ask, askedIn, cardOf, keepCard } from "../domain/chats/chat_cards.ts";
import { getNote } from "../domain/notes/notes.ts";
import { defaultChannels } from "../domain/reminders/reminder_channels.ts";
import { cancelReminder, createReminder, restoreReminder } from "../domain/reminders/reminders.ts";
import { preview } from "../domain/when/repeat.ts";
import { parseWhen, presets, type When } from "../domain/when/when.ts";
import type { ChatTime, ReminderWords, Schedule } from "../kv/schema.ts";
import { button, onPress } from "./buttons.ts";
import type { BotContext, Buttons } from "./context.ts";
import { sayReminders } from "./reminder_list.ts";
import { guesses, labelOf, saved } from "./reminder_said.ts";
import { boldTitle } from "./words.ts";

/** As many as `createReminder` takes; what is longer goes into the text. */
const MAX_TITLE_CHARS = 120;
/** Words around a time that was asked for, as in "friday 15:00 please"; they are kept nowhere. */
const MOST_WORDS_BESIDE = 1;

/** Making reminders: at once where the words leave no doubt, else after one press. */
export function remindFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("remind", async (ctx) => {
    const text = ctx.match.trim();
    if (text === "") return await sayReminders(ctx);
    const when = read(ctx, text);
    await propose(ctx, when, wordsOf(when.rest));
  });

  onPress(feature, "remind", async (ctx, noteId = "") => {
    const note = await getNote(ctx.app, { id: noteId, ownerId: ctx.owner.id });
    await ctx.done();
    await askWhen(ctx, { ...wordsOf(note.title), noteId });
  });

  onPress(feature, "remind_at", async (ctx, cardId = "", choice = "") => {
    const card = await cardOf(ctx.app, { chatId: ctx.place, id: cardId, is: "reminder" });
    const time = card.times[Number(choice)];
    if (time === undefined) return await ctx.done("This button is too old.");
    const { html, buttons } = await save(ctx, card, scheduleOf(ctx, time), ctx.pressKey);
    await answerAsked(ctx.app, ctx.asking);
    await ctx.done("Saved");
    await ctx.change(html, buttons);
  });

  onPress(feature, "remind_cancel", async (ctx, id = "") => {
    const reminder = await cancelReminder(ctx.app, { id, ownerId: ctx.owner.id }, "telegram");
    await ctx.done("Cancelled");
    await ctx.change(`Cancelled: ${boldTitle(reminder)}`, [
      [button("Bring it back", "remind_restore", id)],
    ]);
  });

  onPress(feature, "remind_restore", async (ctx, id = "") => {
    const reminder = await restoreReminder(ctx.app, { id, ownerId: ctx.owner.id }, "telegram");
    await ctx.done("It is back");
    const { html, buttons } = saved(ctx, reminder);
    await ctx.change(html, buttons);
  });

  feature.on("message:text", async (ctx, next) => {
    const asked = await askedIn(ctx.app, ctx.asking);
    const { text } = ctx.msg;
    if (asked?.is === "when") {
      const when = read(ctx, text);
      // Without any time, or with more than that, it is no answer: somebody has something else in mind.
      const more = when.rest.split(/\s+/u).length > MOST_WORDS_BESIDE;
      if (more || when.spans.length === 0 && when.problem === null) return await next();
      return await propose(ctx, when, asked);
    }
    if (asked?.is !== "title") return await next();
    const { html, buttons } = await save(ctx, wordsOf(text), asked.schedule, ctx.key);
    await answerAsked(ctx.app, ctx.asking);
    await ctx.say(html, buttons);
  });

  return feature;
}

function read({ app, owner }: Pick<BotContext, "app" | "owner">, text: string): When {
  return parseWhen(text, { now: app.clock.now(), zone: owner.zone });
}

/** The words of a reminder: what does not fit into its title is its text. */
function wordsOf(text: string): ReminderWords {
  const line = text.replace(/\s+/gu, " ").trim();
  const chars = [...line];
  if (chars.length <= MAX_TITLE_CHARS) return { title: line, text: "", noteId: null };
  const title = `${chars.slice(0, MAX_TITLE_CHARS - 1).join("").trim()}…`;
  return { title, text: text.trim(), noteId: null };
}

/** Saves what leaves no doubt, and asks for what is missing or may be meant in two ways. */
async function propose(ctx: BotContext, when: When, words: ReminderWords): Promise<void> {
  const { schedule, problem, alternatives } = when;
  if (problem !== null) {
    await ctx.say(`${escapeHtml(problem)}.`);
    return;
  }
  if (schedule === null) return await askWhen(ctx, words);
  if (words.title === "") {
    await ask(ctx.app, ctx.place, { is: "title", schedule });
    const { sentence } = preview(schedule, ctx.app.clock.now());
    return await ctx.say(`${escapeHtml(sentence)}. Remind you of what? Send me the words.`, [
      [button("Cancel", "close")],
    ]);
  }
  const { warnings, sentence } = preview(schedule, ctx.app.clock.now());
  if (alternatives.length === 0 && warnings.length === 0) {
    const { html, buttons } = await save(ctx, words, schedule, ctx.key);
    await answerAsked(ctx.app, ctx.asking);
    return await ctx.say(html + guesses(when), buttons);
  }
  await answerAsked(ctx.app, ctx.asking);
  const first = { label: alternatives.length === 0 ? "Save" : labelOf(schedule), schedule };
  await offer(ctx, words, {
    times: [first, ...alternatives],
    html: [
      `⏰ ${boldTitle(words)}`,
      `${escapeHtml(sentence)}${guesses(when)}`,
      ...warnings.map((warning) => `⚠️ ${escapeHtml(warning)}`),
      ...alternatives.length > 0 ? ["Which one do you mean?"] : [],
    ].join("\n"),
  });
}

/** Asks for the time: buttons for the usual ones, and words for all. */
async function askWhen(ctx: BotContext, words: ReminderWords): Promise<void> {
  const { app, place, owner: { zone } } = ctx;
  if (words.title === "") {
    await ctx.say("Say when and of what: <code>/remind tomorrow 9 call the bank</code>");
    return;
  }
  await ask(app, place, { is: "when", ...words });
  const times = presets(app.clock.now(), zone).map(({ label, words }) => ({ label, words }));
  const html = `⏰ ${
    boldTitle(words)
  }\nWhen? Press, or write it: “friday 15:00”, “every day at 8”.`;
  await offer(ctx, words, { times, html });
}

async function offer(
  ctx: BotContext,
  { title, text, noteId }: ReminderWords,
  { times, html }: { times: ChatTime[]; html: string },
): Promise<void> {
  const { app, place: chatId, key } = ctx;
  const card = { is: "reminder", title, text, noteId, times } as const;
  const id = await keepCard(app, { chatId, key, card });
  await ctx.say(html, [
    ...times.map(({ label }, i) => [button(label.slice(0, 60), "remind_at", id, String(i))]),
    [button("Cancel", "close")],
  ]);
}

/** @throws {AppError} when the words of a button do not name a time any more. */
function scheduleOf(ctx: BotContext, time: ChatTime): Schedule {
  if ("schedule" in time) return time.schedule;
  const { schedule, problem } = read(ctx, time.words);
  if (schedule !== null) return schedule;
  throw new AppError("invalid", problem ?? "This button is too old: please ask again");
}

async function save(
  ctx: BotContext,
  { title, text, noteId }: ReminderWords,
  schedule: Schedule,
  key: string,
): Promise<{ html: string; buttons: Buttons }> {
  const { app, owner } = ctx;
  // Whoever asks for it here hears of it here, whatever they want elsewhere.
  const channels = { ...await defaultChannels(app, owner), telegram: true };
  const draft = { ownerId: owner.id, noteId, title, text, schedule, channels, key };
  return saved(ctx, await createReminder(app, draft));
}
