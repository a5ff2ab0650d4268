import type { NextFunction } from "grammy";
import { chatIsGone, heardFrom } from "../domain/chats/chat_owner.ts";
import type { BotContext } from "./context.ts";

/**
 * Lets only people through who write to the bot alone. Groups are told so when they speak to it;
 * channels and other bots get no answer, lest two bots go on talking.
 */
export async function peopleOnly(ctx: BotContext, next: NextFunction): Promise<void> {
  const { chat, from } = ctx;
  if (chat?.type === "private" && from?.id === chat.id && !from.is_bot) return await next();
  if (ctx.callbackQuery) return await ctx.done("This button is not for you.");
  const isGroup = chat?.type === "group" || chat?.type === "supergroup";
  if (isGroup && ctx.message?.text !== undefined && from?.is_bot === false) {
    await ctx.say("I keep the notes of one person at a time: write to me in a chat of our own.");
  }
}

/** Finds whose chat it is. One that blocks the bot is turned off, one that comes back on again. */
export async function whose(ctx: BotContext, next: NextFunction): Promise<void> {
  const { myChatMember: change, app, place: chatId } = ctx;
  if (change?.new_chat_member.status === "kicked") {
    return await chatIsGone(app, { chatId, reason: "the bot was blocked there" });
  }
  ctx.account = (await heardFrom(app, chatId))?.account ?? null;
  if (!change) await next();
}
