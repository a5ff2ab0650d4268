import { Composer } from "grammy";
import { escapeHtml } from "../core/telegram_html.ts";
import { parseAddresses } from "../domain/recipients/addresses.ts";
import { answerAsked, ask, askedIn, cardOf, keepCard } from "../domain/chats/chat_cards.ts";
import { MAX_RECIPIENTS, requestMailing, retryMailing } from "../domain/mail/mailings.ts";
import { getNote } from "../domain/notes/notes.ts";
import { type RecipientStanding, refusedOf, standingsOf } from "../domain/recipients/recipients.ts";
import { button, onPress } from "./buttons.ts";
import type { BotContext } from "./context.ts";
import { boldTitle, people, quoted } from "./words.ts";

/** Addresses that are shown before they are only counted. */
const SHOWN = 10;

/** "Mail it": to oneself at once, to others after a question and a look. */
export function mailingFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  onPress(feature, "mail", async (ctx, noteId = "") => {
    const note = await getNote(ctx.app, { id: noteId, ownerId: ctx.owner.id });
    await ask(ctx.app, ctx.place, { is: "addresses", noteId });
    await ctx.done();
    await ctx.say(`Mail ${boldTitle(note)} to whom? Send me the addresses, or press:`, [
      [button("Myself", "mail_me", noteId), button("Cancel", "close")],
    ]);
  });

  // What is sent is shown in the message whose button asked for it, by a job: see show_progress.
  onPress(feature, "mail_me", (ctx, noteId = "") => mail(ctx, noteId, [ctx.owner.email]));

  onPress(feature, "mail_go", async (ctx, cardId = "") => {
    const { noteId, to } = await cardOf(ctx.app, { chatId: ctx.place, id: cardId, is: "mailing" });
    await mail(ctx, noteId, to);
  });

  onPress(feature, "mail_retry", async (ctx, jobId = "") => {
    await retryMailing(ctx.app, { jobId, ownerId: ctx.owner.id, shownIn: ctx.pressed });
    await ctx.done("Trying once more");
  });

  feature.on("message:text", async (ctx, next) => {
    const asked = await askedIn(ctx.app, { chatId: ctx.place, key: ctx.key });
    // Without any address it is no answer: somebody has something else in mind.
    if (asked?.is !== "addresses" || !ctx.msg.text.includes("@")) return await next();
    await confirm(ctx, asked.noteId, ctx.msg.text);
  });

  return feature;
}

async function mail(ctx: BotContext, noteId: string, to: readonly string[]): Promise<void> {
  await requestMailing(ctx.app, {
    noteId,
    ownerId: ctx.owner.id,
    to,
    key: ctx.pressKey,
    shownIn: ctx.pressed,
  });
  await answerAsked(ctx.app, ctx.asking);
  await ctx.done("On its way");
}

/** Reads addresses and asks before anything leaves. */
async function confirm(ctx: BotContext, noteId: string, text: string): Promise<void> {
  const { app, place: chatId, owner: { id: ownerId }, key } = ctx;
  const { ok: to, wrong } = parseAddresses(text);
  const standings = await standingsOf(app, { ownerId, to });
  const problems = [
    ...[...wrong, ...refusedOf(standings)].slice(0, SHOWN).map(({ text, why }) =>
      `${quoted(text)}: ${escapeHtml(why)}`
    ),
    ...to.length > MAX_RECIPIENTS ? [`these are more than ${MAX_RECIPIENTS} people`] : [],
  ];
  if (problems.length > 0) {
    const again = "Send the addresses again, or press Cancel.";
    return await ctx.say(`Cannot mail it yet.\n${problems.join("\n")}\n\n${again}`, [
      [button("Cancel", "close")],
    ]);
  }
  const note = await getNote(app, { id: noteId, ownerId });
  const card = { is: "mailing", noteId, to } as const;
  const id = await keepCard(app, { chatId, key, card });
  await answerAsked(app, ctx.asking);
  const more = to.length > SHOWN ? `\nand ${to.length - SHOWN} more` : "";
  const list = to.slice(0, SHOWN).map(escapeHtml).join("\n");
  const asked = askedWords(standings);
  await ctx.say(`Mail ${boldTitle(note)} to ${people(to.length)}?\n${list}${more}${asked}`, [
    [button("Mail", "mail_go", id), button("Cancel", "close")],
  ]);
}

/** Who has not agreed yet, and what becomes of their note. */
function askedWords(standings: readonly RecipientStanding[]): string {
  const fresh = standings.filter(({ standing }) => standing === "new");
  const waiting = fresh.length + standings.filter(({ standing }) => standing === "pending").length;
  const [one] = fresh;
  if (waiting === 0) return "";
  const who = fresh.length === 0
    ? `${people(waiting)} did not answer yet`
    : fresh.length === 1 && one
    ? `${escapeHtml(one.address)} is asked first whether mail from you is wanted`
    : `${people(fresh.length)} are asked first whether mail from you is wanted`;
  return `\n\n${who}. The note waits for the answer, up to 7 days.`;
}
