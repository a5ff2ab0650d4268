import { assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { createBot } from "../../bot/mod.ts";
import type { Clock } from "../../core/app.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { createLog } from "../../core/log.ts";
import { takeUpdate } from "../../domain/chats/chat_updates.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp, type TestAppOptions } from "./app.ts";
import { type BotApi, botApi, type BotCall } from "./bot_api.ts";
import type { SentMessage } from "./bot_api_chats.ts";
import type { Saying } from "./bot_api_people.ts";
import { TestClock } from "./clock.ts";

export const ADA = 1_001;
export const BOB = 1_002;

/** The app, its bot and the people who write to it, with Telegram on loopback between them. */
export interface BotScene extends AsyncDisposable {
  t: TestApp;
  api: BotApi;
  /** Ada's account; her chat is linked. */
  ada: Account;
  /** As the door takes an update. */
  take(update: ChatUpdate): Promise<void>;
  /** Says something and returns the bot's last message then. */
  say(text: string, chatId?: number, how?: Saying): Promise<SentMessage>;
  /** Presses a button of the bot's last message, or of `of`; returns the last message then. */
  press(button: string, of?: SentMessage): Promise<SentMessage>;
  last(chatId?: number): SentMessage;
  /** What the last pressed button was answered. */
  toast(): string;
  link(account: Account, chatId: number): Promise<void>;
}

export interface BotSceneOptions extends TestAppOptions {
  /**
   * How many calls Telegram is meant to refuse; every other refusal is a fault of the bot. Any where a
   * chat is flooded on purpose.
   */
  refusals?: number | "any";
}

export async function botScene(options: BotSceneOptions = {}): Promise<BotScene> {
  const { refusals = 0 } = options;
  const clock = options.clock ?? new TestClock();
  const api = botApi({ clock });
  api.chat(ADA, { name: "Ada" });
  api.chat(BOB, { name: "Bob" });
  // Waiting for one's turn takes no time of the machine's.
  const hasty: Clock = {
    now: () => clock.now(),
    sleep(ms) {
      clock.advance(ms);
      return Promise.resolve();
    },
  };
  const messenger = createTelegram({
    token: api.token,
    apiUrl: api.url,
    clock: hasty,
    log: createLog("error", () => {}),
  });
  const t = await testApp({ messenger, clock, ...options });
  const bot = createBot({ ...t.app, clock: hasty });
  const link = (account: Account, chatId: number) =>
    transact(t.app, (tx) => {
      tx.set(keys.chat(chatId), {
        chatId,
        accountId: account.id,
        name: account.name,
        username: null,
        state: "on",
        reason: null,
        linkedAt: clock.now(),
      });
      tx.set(keys.chatOf(account.id), chatId);
    });
  const ada = await t.person("Ada");
  await link(ada, ADA);

  /** An edit to what a message says already is refused too, and does no harm. */
  const isSoAlready = ({ params }: BotCall) =>
    api.messagesIn(Number(params.chat_id)).some(({ id, html }) =>
      id === params.message_id && html === params.text
    );

  const take = (update: ChatUpdate) => takeUpdate(t.app, update.update_id, () => bot(update));
  const last = (chatId = ADA) => {
    const message = api.messagesIn(chatId).at(-1);
    if (!message) throw new Error(`the bot has said nothing in chat ${chatId}`);
    return message;
  };
  return {
    t,
    api,
    ada,
    take,
    last,
    link,
    async say(text, chatId = ADA, how) {
      await take(api.say(chatId, text, how));
      return last(chatId);
    },
    async press(button, of = last()) {
      await take(api.press(of.chatId, of.id, button));
      return last(of.chatId);
    },
    toast: () => api.callbackAnswers.at(-1)?.text ?? "",
    async [Symbol.asyncDispose]() {
      await t[Symbol.asyncDispose]();
      await messenger.close();
      await api[Symbol.asyncDispose]();
      const refused = api.calls.filter((call) => call.status! >= 400 && !isSoAlready(call));
      const words = refused.map(({ method, params }) => `${method} ${JSON.stringify(params)}`);
      if (refusals !== "any") {
        assertEquals(words.length, refusals, `Telegram refused: ${words.join("\n")}`);
      }
      const errors = t.lines.filter((line) => line.includes(`"event":"bot_failed"`));
      assertEquals(errors, [], "the bot met no bug");
    },
  };
}
