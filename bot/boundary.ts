import type { NextFunction } from "grammy";
import { AppError } from "../core/errors.ts";
import { escapeHtml } from "../core/telegram_html.ts";
import type { BotContext } from "./context.ts";

/**
 * Says what went wrong to whoever asked, and ends the waiting of a pressed button whatever happens.
 *
 * @throws {AppError} `unavailable`, after which the update comes again.
 */
export async function boundary(ctx: BotContext, next: NextFunction): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (!(error instanceof AppError)) {
      ctx.app.log.error("bot_failed", { updateId: ctx.update.update_id }, error);
    }
    await sayWhy(ctx, error instanceof AppError ? error.message : UNEXPECTED);
  }
  await ctx.done();
}

const UNEXPECTED = "Something went wrong here, and it was written down. Please try again.";

async function sayWhy(ctx: BotContext, words: string): Promise<void> {
  if (ctx.callbackQuery && !ctx.answered) return await ctx.done(words, { alert: true });
  if (ctx.chat?.type === "private") await ctx.say(escapeHtml(words));
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === "unavailable" && !error.lasts;
}
