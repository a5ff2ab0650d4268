import type { Answer } from "../../core/answer.ts";
import type { ChatMessage, Messenger } from "../../core/chat.ts";

const accepted: Answer = { is: "accepted", providerId: "1" };

/** A Telegram that keeps what it accepts and answers as it is told. */
export class TestMessenger implements Messenger {
  /** Accepted messages, each time they were. */
  readonly sent: ChatMessage[] = [];
  /** What to say to a message; accepted by default. */
  answer: (message: ChatMessage) => Answer | Promise<Answer> = () => accepted;

  async send(message: ChatMessage): Promise<Answer> {
    const answer = await this.answer(message);
    if (answer.is === "accepted") this.sent.push(message);
    return answer;
  }

  /** Which chats got a message, in order, as often as they did. */
  chats(): number[] {
    return this.sent.map(({ chatId }) => chatId);
  }

  edit = () => Promise.resolve(accepted);
  answerCallback = () => Promise.resolve(accepted);
  me = () => Promise.resolve({ id: 1, username: "clock_bot", name: "Clock" });
  setCommands = () => Promise.resolve(accepted);
  setWebhook = () => Promise.resolve(accepted);
  deleteWebhook = () => Promise.resolve(accepted);
  updates = () => Promise.resolve([]);
  close = () => Promise.resolve();
}
