import type { Answer } from "../../core/answer.ts";
import type { ChatBot, ChatMessage, ChatUpdate, Messenger } from "../../core/chat.ts";

/** One message in a chat, as it looks now. */
export interface Shown extends ChatMessage {
  messageId: number;
}

/** A Telegram that keeps what it accepts and answers as it is told. */
export class TestMessenger implements Messenger {
  /** Messages as they look now, by their number. */
  readonly shown = new Map<number, Shown>();
  readonly sent: Shown[] = [];
  readonly edits: Shown[] = [];
  readonly callbacks: { id: string; text?: string; alert?: boolean }[] = [];
  /** What to say to a message; accepted by default. */
  answer: (message: ChatMessage) => Answer | Promise<Answer> = (message) => this.accept(message);
  /** What to say to an edit; accepted by default. */
  answerEdit: (message: Shown) => Answer | Promise<Answer> = (message) => this.acceptEdit(message);

  accept(message: ChatMessage): Answer {
    const shown = { ...message, messageId: this.shown.size + 1 };
    this.shown.set(shown.messageId, shown);
    this.sent.push(shown);
    return { is: "accepted", providerId: String(shown.messageId) };
  }

  acceptEdit(message: Shown): Answer {
    if (!this.shown.has(message.messageId)) {
      return { is: "refused", reason: "message to edit not found", badAddress: false };
    }
    this.shown.set(message.messageId, message);
    this.edits.push(message);
    return { is: "accepted", providerId: String(message.messageId) };
  }

  async send(message: ChatMessage): Promise<Answer> {
    return await this.answer(message);
  }

  async edit(messageId: number, message: ChatMessage): Promise<Answer> {
    return await this.answerEdit({ ...message, messageId });
  }

  answerCallback(id: string, options: { text?: string; alert?: boolean } = {}): Promise<Answer> {
    this.callbacks.push({ id, ...options });
    return Promise.resolve({ is: "accepted", providerId: "" });
  }

  me(): Promise<ChatBot> {
    return Promise.resolve({ id: 1, username: "clock_work_bot", name: "Clock Work" });
  }

  setCommands(): Promise<Answer> {
    return Promise.resolve({ is: "accepted", providerId: "" });
  }

  setWebhook(): Promise<Answer> {
    return Promise.resolve({ is: "accepted", providerId: "" });
  }

  deleteWebhook(): Promise<Answer> {
    return Promise.resolve({ is: "accepted", providerId: "" });
  }

  updates(): Promise<ChatUpdate[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What the buttons of a message say, row by row. */
  buttons(messageId: number): string[][] {
    return (this.shown.get(messageId)?.buttons ?? []).map((row) => row.map(({ text }) => text));
  }
}
