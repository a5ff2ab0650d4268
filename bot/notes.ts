import { Composer } from "grammy";
import { createNote } from "../domain/notes/notes.ts";
import { noteButtons } from "./buttons.ts";
import type { BotContext } from "./context.ts";
import { boldTitle } from "./words.ts";

/** Bot API `sendMessage`: 1–4,096 characters; people's programs part what is longer. */
const FULL_MESSAGE = 4_096;

/** `/note`, for those who like commands. */
export function notesFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command("note", async (ctx) => {
    const text = ctx.match.trim();
    if (text !== "") return await save(ctx, text);
    await ctx.say("Write the note behind the command: <code>/note buy milk #home</code>");
  });
  return feature;
}

/** Whatever is said and nothing else takes is a note. Comes behind all other features. */
export function plainNotesFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.on("message:text", (ctx) => save(ctx, ctx.msg.text));
  feature.on("message:caption", (ctx) => save(ctx, ctx.msg.caption, NO_FILES));
  feature.on(
    "message:location",
    (ctx) =>
      ctx.say("I keep text only. To change your time zone: <code>/zone Europe/Berlin</code>"),
  );
  feature.on(
    "message",
    (ctx) => ctx.say("I keep text only: write it down, and it becomes a note."),
  );
  return feature;
}

/** A message that was changed afterwards. */
export function editsFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on(
    ["edited_message:text", "edited_message:caption"],
    (ctx) =>
      ctx.say("What is saved stays as it was: change the note on its page, or send it once more."),
  );
  // A place that is shared live changes every few seconds, and was answered when it began.
  feature.on("edited_message", () => {});
  return feature;
}

const NO_FILES = "\nThe words are saved; what they came with is not: I keep text only.";
const IN_PARTS =
  "\nTelegram parts what is longer than this: each part becomes a note. Long texts are better " +
  "written on the page.";

async function save(ctx: BotContext, text: string, hint = ""): Promise<void> {
  const note = await createNote(ctx.app, {
    ownerId: ctx.owner.id,
    title: "",
    text: [text, ...hiddenLinks(ctx, text)].join("\n"),
    key: ctx.key,
  });
  const full = text.length >= FULL_MESSAGE ? IN_PARTS : "";
  await ctx.say(`📝 Saved: ${boldTitle(note)}${hint}${full}`, noteButtons(ctx.app, note.id));
}

/** Where words of the message lead to, as far as it does not say so; notes are plain text. */
function hiddenLinks({ msg }: Pick<BotContext, "msg">, text: string): Set<string> {
  const marks = [msg?.entities ?? msg?.caption_entities ?? []].flat();
  const urls = marks.flatMap((mark) => mark.type === "text_link" ? [mark.url] : []);
  return new Set(urls.filter((url) => !text.includes(url)));
}
