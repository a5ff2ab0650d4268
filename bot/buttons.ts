import type { Composer } from "grammy";
import type { App } from "../core/app.ts";
import type { ChatButton } from "../core/chat.ts";
import { type ChatAct, chatData, readChatData } from "../core/chat_data.ts";
import { openButton } from "../domain/open_button.ts";
import type { BotContext, Buttons } from "./context.ts";

/** Runs `press` when a button of this act was pressed, with what the button is about. */
export function onPress(
  feature: Composer<BotContext>,
  act: ChatAct,
  press: (ctx: BotContext, ...about: string[]) => Promise<void>,
): void {
  feature.on("callback_query:data", async (ctx, next) => {
    const about = readChatData(act, ctx.callbackQuery.data);
    if (about === null) return await next();
    await press(ctx, ...about);
  });
}

/** A button that does something. */
export function button(text: string, act: ChatAct, ...about: string[]): ChatButton {
  return { text, data: chatData(act, ...about) };
}

/** What can be done with a note. */
export function noteButtons(app: App, noteId: string): Buttons {
  return [
    [button("Mail it", "mail", noteId), button("Remind me", "remind", noteId)],
    [...openButton(app, `/notes/${noteId}`), button("Delete", "note_delete", noteId)],
  ];
}
