import type { Clock } from "../../core/app.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { badRequest, type Button, isRecord } from "./bot_api_check.ts";
import type { BotChats, ChatInfo, SentMessage } from "./bot_api_chats.ts";
import type { UpdateQueue } from "./bot_api_updates.ts";

/** Somebody as the Bot API writes a `User`. */
export interface BotUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}

/** How something is said, where that is not as usual. */
export interface Saying {
  /** Who says it; in a private chat the person it is with, if not given. Bots can be told apart. */
  from?: Partial<BotUser>;
  /** The bot's message that it answers. */
  replyTo?: number;
}

interface Place {
  clock: Clock;
  chats: BotChats;
  queue: UpdateQueue;
  me: BotUser;
}

/** As long as a pressed button waits; Telegram does not say how long, people report 15 s. */
const PRESS_MS = 15_000;

/** People who write, press and block, and the updates that come of it. */
export class BotPeople {
  /** When each button was pressed, by the id of the press. */
  readonly #presses = new Map<string, number>();
  #nextPress = 4_000_000_000_001;

  constructor(private readonly place: Place) {}

  say(chatId: number, text: string, how: Saying = {}): ChatUpdate {
    const chat = this.#entered(chatId);
    const { chats, queue } = this.place;
    const reply = chats.messagesIn(chatId).find(({ id }) => id === how.replyTo);
    const author = chat.type === "channel"
      ? { sender_chat: chatOf(chat) }
      : { from: userOf(chat, how.from) };
    return queue.push(chat.type === "channel" ? "channel_post" : "message", {
      message_id: chats.nextForeignId(chatId),
      ...author,
      chat: chatOf(chat),
      date: this.#date(),
      text,
      ...withEntities(text),
      ...(reply && { reply_to_message: this.messageOf(reply) }),
    });
  }

  reword(update: ChatUpdate, text: string): ChatUpdate {
    if (!isRecord(update.message)) throw new Error("the test rewords what is no message");
    const { entities: _, ...message } = update.message;
    const edited = { ...message, edit_date: this.#date(), text, ...withEntities(text) };
    return this.place.queue.push("edited_message", edited);
  }

  press(chatId: number, messageId: number, wanted: string, by?: number): ChatUpdate {
    const { chats, queue, clock } = this.place;
    const chat = this.#entered(chatId);
    const message = chats.messagesIn(chatId).find(({ id }) => id === messageId);
    if (!message) throw new Error(`the test presses a button of message ${messageId}, not there`);
    const buttons = message.buttons.flat();
    const button = buttons.find(({ text, callback_data: data }) =>
      text === wanted || data === wanted
    );
    if (button?.callback_data === undefined) {
      const there = buttons.map(({ text }) => text).join(", ");
      throw new Error(`the test presses "${wanted}", but there are only: ${there}`);
    }
    const id = String(this.#nextPress++);
    this.#presses.set(id, clock.now());
    return queue.push("callback_query", {
      id,
      from: userOf(chat, by === undefined ? undefined : { id: by }),
      message: this.messageOf(message),
      chat_instance: String(-chatId * 7_919),
      data: button.callback_data,
    });
  }

  /** @throws {BotApiError} when nothing waits under this id, or not any more. */
  answerPress(id: string): void {
    const at = this.#presses.get(id);
    if (at !== undefined && this.place.clock.now() - at <= PRESS_MS) return;
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }

  setBlocked(chatId: number, blocked: boolean): ChatUpdate {
    const { chats, queue, me } = this.place;
    const chat = chats.get(chatId);
    chat.blocked = blocked;
    const member = { user: me, status: "member" };
    const kicked = { user: me, status: "kicked", until_date: 0 };
    return queue.push("my_chat_member", {
      chat: chatOf(chat),
      from: userOf(chat),
      date: this.#date(),
      old_chat_member: blocked ? member : kicked,
      new_chat_member: blocked ? kicked : member,
    });
  }

  /** A message of the bot as the Bot API writes it. */
  messageOf({ id, chatId, text, buttons, at, edits }: SentMessage) {
    return {
      message_id: id,
      from: this.place.me,
      chat: chatOf(this.place.chats.get(chatId)),
      date: Math.floor(at / 1_000),
      ...(edits.length > 0 && { edit_date: this.#date() }),
      text,
      ...(buttons.length > 0 &&
        { reply_markup: { inline_keyboard: buttons satisfies Button[][] } }),
    };
  }

  #entered(chatId: number): ChatInfo {
    const chat = this.place.chats.get(chatId);
    if (chat.blocked) {
      throw new Error(`the test writes in chat ${chatId}, where the bot is blocked`);
    }
    return chat;
  }

  #date(): number {
    return Math.floor(this.place.clock.now() / 1_000);
  }
}

function chatOf({ id, type, name, username }: ChatInfo) {
  const own = username === undefined ? {} : { username };
  return type === "private"
    ? { id, type, first_name: name, ...own }
    : { id, type, title: name, ...own };
}

/** In a group it is somebody of whom the test says no more, if it does not. */
function userOf({ id, type, name, username }: ChatInfo, from: Partial<BotUser> = {}): BotUser {
  const person = type === "private"
    ? { id, first_name: name, ...(username !== undefined && { username }) }
    : { id: 555_000_111, first_name: "Somebody" };
  return { is_bot: false, language_code: "en", ...person, ...from };
}

/** Commands are marked where they stand: `/name` or `/name@bot`, in UTF-16 code units. */
function withEntities(text: string) {
  const entities = [...text.matchAll(/(?<=^|\s)\/[a-z0-9_]{1,64}(@\w+)?/gi)]
    .map(({ index, 0: { length } }) => ({ type: "bot_command", offset: index, length }));
  return entities.length > 0 ? { entities } : {};
}
