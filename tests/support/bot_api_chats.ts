import type { Clock } from "../../core/app.ts";
import { badRequest, type Button, checkButtons, checkText, type Params } from "./bot_api_check.ts";
import type { FloodControl } from "./bot_api_flood.ts";
import { BotApiError } from "./bot_api_html.ts";

export type ChatType = "private" | "group" | "supergroup" | "channel";

/** A chat that the bot knows: one person, or many. */
export interface ChatInfo {
  id: number;
  type: ChatType;
  name: string;
  username?: string;
  blocked: boolean;
}

/** A message of the bot as it stands in a chat now. */
export interface SentMessage {
  id: number;
  chatId: number;
  /** As it was given, and as it is seen. */
  html: string;
  text: string;
  buttons: Button[][];
  silent: boolean;
  at: number;
  /** What it said before, oldest first. */
  edits: string[];
  deleted: boolean;
}

/** Chats and what the bot wrote into them. */
export class BotChats {
  readonly #chats = new Map<number, ChatInfo>();
  readonly #messages: SentMessage[] = [];
  /** Messages of others: they have ids of the same row, and the bot cannot change them. */
  readonly #foreign = new Set<string>();
  #nextId = 100;

  constructor(private readonly clock: Clock, private readonly flood: FloodControl) {}

  add(chat: Omit<ChatInfo, "blocked">): ChatInfo {
    const added = { ...chat, blocked: false };
    this.#chats.set(chat.id, added);
    return added;
  }

  /** For the test's side. */
  get(id: number): ChatInfo {
    const chat = this.#chats.get(id);
    if (!chat) throw new Error(`the test speaks of chat ${id}, which there is not`);
    return chat;
  }

  messagesIn(chatId: number): SentMessage[] {
    return this.#messages.filter((one) => one.chatId === chatId && !one.deleted);
  }

  nextForeignId(chatId: number): number {
    const id = this.#nextId++;
    this.#foreign.add(`${chatId}/${id}`);
    return id;
  }

  /** The bot's side: a chat that may be written to. @throws {BotApiError} */
  open(chatId: unknown): ChatInfo {
    if (chatId === undefined || chatId === "") throw badRequest("chat_id is empty");
    const chat = this.#chats.get(Number(chatId));
    if (!chat) throw badRequest("chat not found");
    if (!chat.blocked) return chat;
    const words = chat.type === "private"
      ? "bot was blocked by the user"
      : `bot was kicked from the ${chat.type} chat`;
    throw new BotApiError(403, `Forbidden: ${words}`);
  }

  send(params: Params): SentMessage {
    const chat = this.open(params.chat_id);
    this.flood.check(chat.id);
    const message = {
      id: this.#nextId++,
      chatId: chat.id,
      ...content(params),
      silent: params.disable_notification === true,
      at: this.clock.now(),
      edits: [],
      deleted: false,
    };
    this.#messages.push(message);
    return message;
  }

  edit(params: Params, markupOnly: boolean): SentMessage {
    const chat = this.open(params.chat_id);
    this.flood.check(chat.id);
    const message = this.#own(params, "edit");
    const { html, text, buttons } = markupOnly
      ? { ...message, buttons: checkButtons(params.reply_markup) }
      : content(params, "MESSAGE_TOO_LONG");
    if (text === message.text && html === message.html && same(buttons, message.buttons)) {
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the " +
          "same as a current content and reply markup of the message",
      );
    }
    message.edits.push(message.text);
    return Object.assign(message, { html, text, buttons });
  }

  delete(params: Params): true {
    this.open(params.chat_id);
    this.#own(params, "delete").deleted = true;
    return true;
  }

  #own({ chat_id: chatId, message_id: id }: Params, verb: "edit" | "delete"): SentMessage {
    const found = this.messagesIn(Number(chatId)).find((one) => one.id === Number(id));
    if (found) return found;
    const foreign = this.#foreign.has(`${chatId}/${id}`);
    throw badRequest(
      foreign
        ? `message can't be ${verb === "edit" ? "edited" : "deleted"}`
        : `message to ${verb} not found`,
    );
  }
}

function content(params: Params, tooLong?: string) {
  const text = checkText(params, tooLong);
  return { html: String(params.text), text, buttons: checkButtons(params.reply_markup) };
}

function same(a: Button[][], b: Button[][]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
