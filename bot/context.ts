import { Context } from "grammy";
import type { Answer } from "../core/answer.ts";
import type { App } from "../core/app.ts";
import type { ChatButton, Messenger } from "../core/chat.ts";
import { AppError } from "../core/errors.ts";
import { chatIsGone } from "../domain/chats/chat_owner.ts";
import type { Account } from "../kv/schema.ts";

/** Rows of buttons under a message. */
export type Buttons = ChatButton[][];

/** A chat that is written to too fast is waited for this long, ms, and then not answered. */
const PATIENCE_MS = 3_000;
/** Bot API `answerCallbackQuery`: 0–200 characters. */
const MAX_TOAST_CHARS = 200;

/** One update, and what a feature may do about it. Nothing else here speaks to Telegram. */
export class BotContext extends Context {
  /** Whose chat it is; null while it is not linked. */
  account: Account | null = null;
  /** Whether the pressed button was told to wait no longer. grammY's types would lose a private name. */
  answered = false;

  constructor(readonly app: App, ...facts: ConstructorParameters<typeof Context>) {
    super(...facts);
  }

  /** Names what this update makes, so that it makes nothing twice when it comes again. */
  get key(): string {
    return `tg ${this.update.update_id}`;
  }

  /** The same for what a message's button does once, however often it is pressed. */
  get pressKey(): string {
    return `tg ${this.place} ${this.callbackQuery?.message?.message_id}`;
  }

  /** The chat that is answered. */
  get place(): number {
    const id = this.chat?.id;
    if (id === undefined) throw new Error("Cannot answer: the update is from no chat");
    return id;
  }

  /** The chat and the update, as a question in it is answered. */
  get asking(): { chatId: number; key: string } {
    return { chatId: this.place, key: this.key };
  }

  /** The account behind the chat, for what comes after the question whether there is one. */
  get owner(): Account {
    if (this.account === null) throw new Error("Cannot act: the chat is not linked");
    return this.account;
  }

  /** Where the pressed button stands. */
  get pressed(): { chatId: number; messageId: number } {
    const messageId = this.callbackQuery?.message?.message_id;
    if (messageId === undefined) throw new Error("Cannot find the button: nothing was pressed");
    return { chatId: this.place, messageId };
  }

  /** Sends a message to the chat. @throws {AppError} `unavailable` when Telegram takes none now. */
  async say(html: string, buttons: Buttons = []): Promise<void> {
    await hand(
      this,
      (messenger) => messenger.send({ chatId: this.place, html, buttons, reply: true }),
    );
  }

  /** Changes the message whose button was pressed; says it anew where that cannot be changed. */
  async change(html: string, buttons: Buttons = []): Promise<void> {
    const messageId = this.callbackQuery?.message?.message_id;
    if (messageId === undefined) return await this.say(html, buttons);
    const message = { chatId: this.place, html, buttons, reply: true };
    const answer = await hand(this, (messenger) => messenger.edit(messageId, message));
    if (answer.is === "refused" && !answer.badAddress) await this.say(html, buttons);
  }

  /** Ends the waiting of a pressed button, with a few words or without; only the first time counts. */
  async done(text?: string, { alert = false } = {}): Promise<void> {
    const id = this.callbackQuery?.id;
    if (id === undefined || this.answered) return;
    this.answered = true;
    const short = text && [...text].slice(0, MAX_TOAST_CHARS / 2).join("");
    const words = text && text.length > MAX_TOAST_CHARS ? `${short}…` : text;
    await hand(this, (messenger) => messenger.answerCallback(id, { text: words, alert }));
  }
}

/** Hands one call over, once more if the chat may be called again soon. */
async function hand(
  { app, chat }: Pick<BotContext, "app" | "chat">,
  call: (messenger: Messenger) => Promise<Answer>,
): Promise<Answer> {
  if (app.messenger === null) throw new AppError("unavailable", "Cannot answer: there is no bot");
  let answer = await call(app.messenger);
  if (answer.is === "postponed") {
    const waitMs = answer.retryAfterMs ?? PATIENCE_MS;
    if (waitMs <= PATIENCE_MS) {
      await app.clock.sleep(waitMs);
      answer = await call(app.messenger);
    }
  }
  if (answer.is === "down") {
    throw new AppError("unavailable", answer.reason, { retryAfterMs: answer.retryAfterMs });
  }
  // Waiting on would hold up everybody else. What was asked for is done; only its answer is lost.
  if (answer.is !== "accepted") app.log.warn("chat_not_answered", { is: answer.is });
  if (answer.is === "refused" && answer.badAddress && chat) {
    await chatIsGone(app, { chatId: chat.id, reason: answer.reason });
  }
  return answer;
}

/** The class of contexts of one app, as grammY wants it. */
export function contextOf(app: App) {
  return class extends BotContext {
    constructor(...facts: ConstructorParameters<typeof Context>) {
      super(app, ...facts);
    }
  };
}
