import { Composer } from "grammy";
import { escapeHtml, splitText } from "../core/telegram_html.ts";
import { cardOf, changeCard, keepCard } from "../domain/chats/chat_cards.ts";
import { listNotes, notesById } from "../domain/notes/note_list.ts";
import { deleteNote, getNote, restoreNote } from "../domain/notes/notes.ts";
import { openButton } from "../domain/open_button.ts";
import { button, noteButtons, onPress } from "./buttons.ts";
import type { BotContext, Buttons } from "./context.ts";
import { boldTitle, quoted, titleOf } from "./words.ts";

const PER_PAGE = 6;
/** Notes of one list in a chat; whoever has more looks for words. */
const MAX_LISTED = 600;
/** Most messages that a note is shown in; of a longer one only its beginning. */
const MAX_PIECES = 3;
/**
 * Below the 4,096 UTF-16 code units of a message is room for the words around and for a title, whose
 * 200 characters may be two units each.
 */
const PIECE_CHARS = 3_600;
const BEGINNING_CHARS = 1_000;

/** Finding, reading, deleting notes. */
export function notePagesFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("notes", async (ctx) => {
    const q = ctx.match.trim();
    const found = await listNotes(ctx.app, { ownerId: ctx.owner.id, q });
    const ids = found.items.map(({ id }) => id);
    const card = { is: "notes", q, ids, next: found.next } as const;
    const id = await keepCard(ctx.app, { chatId: ctx.place, key: ctx.key, card });
    const { html, buttons } = await pageOf(ctx, id, 0);
    await ctx.say(html, buttons);
  });

  onPress(feature, "notes", async (ctx, id = "", page = "") => {
    const { html, buttons } = await pageOf(ctx, id, /^\d{1,3}$/.test(page) ? Number(page) : 0);
    await ctx.change(html, buttons);
  });

  onPress(feature, "note", async (ctx, id = "") => {
    const note = await getNote(ctx.app, { id, ownerId: ctx.owner.id });
    await ctx.done();
    const pieces = splitText(note.text, PIECE_CHARS);
    const whole = pieces.length <= MAX_PIECES;
    const shown = whole ? pieces : splitText(note.text.slice(0, BEGINNING_CHARS));
    const [first = "", ...others] = shown;
    const title = first !== "" && startsWithTitle(note) ? "" : `${boldTitle(note)}\n\n`;
    const htmls = [title + escapeHtml(first), ...others.map(escapeHtml)];
    const more = whole ? "" : "…\n\n<i>This is its beginning; the rest is on the page.</i>";
    for (const [i, html] of htmls.entries()) {
      const last = i === htmls.length - 1;
      await ctx.say(last ? html + more : html, last ? noteButtons(ctx.app, id) : []);
    }
  });

  // Both look at how the note is first: a press that comes twice says the same twice.
  onPress(feature, "note_delete", async (ctx, id = "") => {
    const ref = { id, ownerId: ctx.owner.id };
    const note = await getNote(ctx.app, ref, { orDeleted: true });
    if (note.deletedAt === null) await deleteNote(ctx.app, ref);
    await ctx.done("Deleted");
    await ctx.change(`🗑 Deleted: <s>${escapeHtml(titleOf(note))}</s>`, [
      [button("Undo", "note_restore", id)],
    ]);
  });

  onPress(feature, "note_restore", async (ctx, id = "") => {
    const ref = { id, ownerId: ctx.owner.id };
    const note = await getNote(ctx.app, ref, { orDeleted: true });
    if (note.deletedAt !== null) await restoreNote(ctx.app, ref);
    await ctx.done("It is back");
    await ctx.change(`📝 ${boldTitle(note)}`, noteButtons(ctx.app, id));
  });

  return feature;
}

/** Titles made of a text repeat its beginning. */
function startsWithTitle({ title, text }: { title: string; text: string }): boolean {
  return text.trimStart().startsWith(title);
}

/** One page of a list that was asked for, by its card. */
async function pageOf(
  ctx: BotContext,
  id: string,
  page: number,
): Promise<{ html: string; buttons: Buttons }> {
  const { app, place: chatId, owner: { id: ownerId } } = ctx;
  let card = await cardOf(app, { chatId, id, is: "notes" });
  const { q } = card;
  const end = (page + 1) * PER_PAGE;
  while (card.ids.length <= end && card.next !== null && card.ids.length < MAX_LISTED) {
    const found = await listNotes(app, { ownerId, q, cursor: card.next });
    card = { ...card, ids: [...card.ids, ...found.items.map(({ id }) => id)], next: found.next };
    await changeCard(app, { chatId, id, card });
  }

  const notes = await notesById(app, { ownerId, ids: card.ids.slice(end - PER_PAGE, end) });
  const wanted = q === "" ? "" : ` with ${quoted(q)}`;
  if (notes.length === 0 && page === 0) {
    const none = q === "" ? "You have no notes yet: send me one." : `No notes${wanted}.`;
    return { html: none, buttons: [] };
  }
  const nav = [
    ...page > 0 ? [button("◀", "notes", id, String(page - 1))] : [],
    ...card.ids.length > end ? [button("▶", "notes", id, String(page + 1))] : [],
    ...openButton(app, q === "" ? "/notes" : `/notes?q=${encodeURIComponent(q)}`, "On the page"),
  ];
  return {
    html: notes.length === 0
      ? "The notes of this page are gone."
      : `Your notes${wanted}, page ${page + 1}:`,
    buttons: [...notes.map((note) => [button(titleOf(note, 40), "note", note.id)]), nav],
  };
}
