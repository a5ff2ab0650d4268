import type { Answer } from "./answer.ts";

/** One button under a message: it sends `data` back (at most 64 bytes), or opens `url`. */
export type ChatButton = { text: string; data: string } | { text: string; url: string };

/** A message to one chat. */
export interface ChatMessage {
  chatId: number;
  /** Telegram's HTML: escaped text and its few tags; at most 4,096 characters after entities. */
  html: string;
  /** Rows of buttons. */
  buttons?: ChatButton[][];
  /** Arrives without a sound. */
  silent?: boolean;
  /** Somebody waits for it: it may wait longer for its turn than what is sent in bulk. */
  reply?: boolean;
}

/** One change that Telegram tells of, as the Bot API writes it (`Update`). */
export interface ChatUpdate {
  update_id: number;
  [kind: string]: unknown;
}

/** Who the bot is. */
export interface ChatBot {
  id: number;
  username: string;
  name: string;
}

/** Hands messages to Telegram. Answers are values; never throws for what Telegram does. */
export interface Messenger {
  /** Sends one message; its provider id is the message's number in the chat. */
  send(message: ChatMessage): Promise<Answer>;
  /** Changes a message that was sent; one that is so already counts as accepted. */
  edit(messageId: number, message: ChatMessage): Promise<Answer>;
  /** Ends the waiting of a pressed button; `alert` shows a window. */
  answerCallback(id: string, options?: { text?: string; alert?: boolean }): Promise<Answer>;
  /**
   * Who the bot is, asked once.
   *
   * @throws {AppError} `unavailable` when Telegram cannot be reached or does not know the token.
   */
  me(): Promise<ChatBot>;
  /** Sets the bot's commands as people see them. */
  setCommands(commands: readonly { command: string; description: string }[]): Promise<Answer>;
  /** Has updates sent to `url` with the secret in a header. */
  setWebhook(options: { url: string; secret: string }): Promise<Answer>;
  deleteWebhook(): Promise<Answer>;
  /**
   * Waits up to `timeoutS` for updates from `offset` on.
   *
   * @throws {AppError} `unavailable` (with `retryAfterMs` if told); `conflict` when another poller or
   *   a webhook is there.
   */
  updates(
    options: { offset: number; timeoutS: number; signal: AbortSignal },
  ): Promise<ChatUpdate[]>;
  close(): Promise<void>;
}
