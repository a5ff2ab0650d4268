import { Bot, BotError, Composer } from "grammy";
import type { Update } from "grammy/types";
import type { App } from "../core/app.ts";
import type { ChatUpdate } from "../core/chat.ts";
import { AppError } from "../core/errors.ts";
import { forgetAsked } from "../domain/chats/chat_cards.ts";
import { broadcastsFeature } from "./broadcasts.ts";
import { type BotContext, contextOf } from "./context.ts";
import { boundary } from "./boundary.ts";
import { linkingFeature, sayHowToLink, unlinkingFeature } from "./linking.ts";
import { mailingFeature } from "./mailing.ts";
import { notePagesFeature } from "./note_pages.ts";
import { editsFeature, notesFeature, plainNotesFeature } from "./notes.ts";
import { peopleOnly, whose } from "./people.ts";
import { remindFeature } from "./remind.ts";
import { reminderListFeature } from "./reminder_list.ts";
import { remindersFeature } from "./reminders.ts";
import { settingsFeature } from "./settings.ts";
import { startsWithCommand, unknownButtonFeature, unknownCommandFeature } from "./unknown.ts";

/** What is said to the bot by those whose chat is linked, in the order in which it is looked for. */
function features(): Composer<BotContext> {
  const all = new Composer<BotContext>();
  all.filter((ctx) => ctx.account === null, sayHowToLink);
  all.use(editsFeature()); // before the commands: a command that is put right is not given again
  all.on("message:entities:bot_command").filter(startsWithCommand, async (ctx, next) => {
    await forgetAsked(ctx.app, ctx.place);
    await next();
  });
  all.use(
    unlinkingFeature(),
    settingsFeature(),
    notesFeature(),
    notePagesFeature(),
    remindersFeature(),
    reminderListFeature(),
    remindFeature(),
    broadcastsFeature(),
    mailingFeature(),
    unknownCommandFeature(),
    plainNotesFeature(),
    unknownButtonFeature(),
  );
  return all;
}

/**
 * The chat front door: does what an update asks for and answers it. What it makes is named after the
 * update, so that one which comes again makes nothing twice; its answers may then come twice.
 *
 * Throws only `AppError` `unavailable`, when the store or Telegram does not answer: then the update is
 * not done and should come again. Everything else that goes wrong is said in the chat and logged.
 */
export function createBot(app: App): (update: ChatUpdate) => Promise<void> {
  let bot: Promise<Bot<BotContext>> | undefined;

  async function make(): Promise<Bot<BotContext>> {
    if (app.messenger === null) throw new AppError("unavailable", "Cannot answer: there is no bot");
    const { id, username, name } = await app.messenger.me();
    const made = new Bot<BotContext>("unused", {
      botInfo: { ...FACTS, id, username, first_name: name },
      ContextConstructor: contextOf(app),
    });
    // All calls go through the messenger, which knows the pace and keeps the token.
    made.api.config.use((_, method) => {
      throw new Error(`Cannot call ${method}: features answer through their context`);
    });
    made.use(boundary, peopleOnly, whose, linkingFeature(), features());
    return made;
  }

  return async (update) => {
    bot ??= make().catch((error) => {
      bot = undefined;
      throw error;
    });
    try {
      await (await bot).handleUpdate(update as unknown as Update);
    } catch (thrown) {
      const error = thrown instanceof BotError ? thrown.error : thrown;
      if (error instanceof AppError && error.code === "unavailable") throw error;
      app.log.error("bot_failed", { updateId: update.update_id }, error);
    }
  };
}

/** What the bot says of itself beside its name; grammY wants it all, and nothing here asks for it. */
const FACTS = {
  is_bot: true,
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
} as const;
