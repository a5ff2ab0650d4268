import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { type PollOptions, pollTelegram } from "../../adapters/telegram_poll.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { AppError } from "../../core/errors.ts";
import { createLog } from "../../core/log.ts";
import { type BotApi, botApi } from "../support/bot_api.ts";
import { minutes, seconds, TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";

const ANA = 1_001;

interface Scene {
  api: BotApi;
  clock: TestClock;
  /** What the poller slept for, ms, so far. */
  pauses: number[];
  /** Begins to poll; ends with the scene at the latest. */
  poll(options?: Partial<PollOptions>): { handled: ChatUpdate[]; stop(): Promise<void> };
  /** How often Telegram was asked for updates. */
  asked(): number;
}

async function withPoller(act: (scene: Scene) => Promise<void>): Promise<string> {
  const clock = new TestClock();
  await using api = botApi({ clock });
  api.chat(ANA);
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line));
  const messenger = createTelegram({ token: api.token, apiUrl: api.url, clock, log });
  const pauses: number[] = [];
  const noted = {
    now: () => clock.now(),
    sleep(ms: number, signal?: AbortSignal) {
      pauses.push(ms);
      return clock.sleep(ms, signal);
    },
  };
  const stops: (() => Promise<void>)[] = [];
  const poll: Scene["poll"] = (options = {}) => {
    const handled: ChatUpdate[] = [];
    const end = new AbortController();
    const running = pollTelegram({
      messenger,
      clock: noted,
      log,
      handle: (update) => Promise.resolve(void handled.push(update)),
      lease: { hold: () => Promise.resolve(true) },
      signal: end.signal,
      ...options,
    });
    const stop = () => {
      end.abort();
      return running;
    };
    stops.push(stop);
    return { handled, stop };
  };
  const asked = () => api.calls.filter(({ method }) => method === "getUpdates").length;
  try {
    await act({ api, clock, pauses, poll, asked });
  } finally {
    for (const stop of stops) await stop();
    await messenger.close();
  }
  const logged = lines.join("\n");
  assertNotMatch(logged, /AAplanted/);
  return logged;
}

const textOf = ({ message }: ChatUpdate) => (message as { text: string }).text;

Deno.test("updates are handled in their order, those that waited and those that come", async () => {
  await withPoller(async ({ api, poll, asked }) => {
    api.say(ANA, "one");
    api.say(ANA, "two");
    const { handled, stop } = poll();
    await until("the first two are confirmed", () => asked() === 2 && api.updates.length === 0);
    api.say(ANA, "three");
    await until("the third is confirmed", () => api.updates.length === 0);
    assertEquals(handled.map(textOf), ["one", "two", "three"]);
    assertEquals(api.calls[0]!.method, "deleteWebhook");
    assertEquals(api.calls[1]!.params.allowed_updates, [
      "message",
      "callback_query",
      "my_chat_member",
    ]);
    await stop();
  });
});

Deno.test("an update is confirmed only once it is handled", async () => {
  await withPoller(async ({ api, poll, asked }) => {
    const [first, second] = [api.say(ANA, "one"), api.say(ANA, "two")];
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const begun: ChatUpdate[] = [];
    const { stop } = poll({
      handle(update) {
        begun.push(update);
        return update.update_id === first.update_id ? Promise.resolve() : done;
      },
    });
    await until("the second has begun", () => begun.length === 2);
    assertEquals([asked(), api.updates.length], [1, 2]);
    finish();
    await until("both are confirmed", () => api.updates.length === 0);
    assertEquals(api.calls.at(-1)!.params.offset, second.update_id + 1);
    await stop();
  });
});

Deno.test("a handler that fails gets the same update again, later and later", async () => {
  const logged = await withPoller(async ({ api, clock, pauses, poll }) => {
    api.say(ANA, "one");
    api.say(ANA, "two");
    const tries: string[] = [];
    const { stop } = poll({
      handle(update) {
        tries.push(textOf(update));
        return tries.length > 9 || tries.length === 1
          ? Promise.resolve()
          : Promise.reject(new Error("the store is away"));
      },
    });
    for (let i = 1; i <= 8; i++) {
      await until(`failure ${i}`, () => pauses.length === i);
      assertEquals(tries.length, i + 1);
      clock.advance(pauses[i - 1]!);
    }
    await until("both are confirmed", () => api.updates.length === 0);
    assertEquals(tries, ["one", ...Array(9).fill("two")]);
    assertEquals(pauses, [1, 2, 4, 8, 16, 32, 60, 60].map(seconds));
    await stop();
  });
  assertEquals(logged.match(/the store is away/g)?.length, 8);
});

Deno.test("what Telegram asked for is waited, and less again once all is well", async () => {
  await withPoller(async ({ api, clock, pauses, poll, asked }) => {
    const failed = (code: number, retryAfter?: number) =>
      api.answerWith({
        on: "getUpdates",
        error: { code, words: "x", ...(retryAfter === undefined ? {} : { retryAfter }) },
      });
    failed(429, 17);
    failed(502);
    const { stop } = poll();
    await until("the first pause", () => pauses.length === 1);
    clock.advance(16_999);
    assertEquals(asked(), 1);
    clock.advance(1);
    await until("the second pause", () => pauses.length === 2);
    clock.advance(seconds(2));
    await until("it asks again", () => asked() === 3);
    failed(502);
    api.say(ANA, "one");
    await until("the third pause", () => pauses.length === 3);
    assertEquals(pauses, [17, 2, 1].map(seconds));
    await stop();
  });
});

Deno.test("beside a webhook or another poller it waits, and does not fight", async () => {
  await withPoller(async ({ api, clock, pauses, poll, asked }) => {
    const { handled, stop } = poll();
    await until("it asks", () => asked() === 1);
    const other = await fetch(`${api.url}/bot${api.token}/getUpdates?timeout=0`);
    assertEquals(other.status, 200);
    await other.body?.cancel();
    await until("it was ended by the other", () => pauses.length === 1);

    const secured = "url=https://notes.example.org/telegram";
    await (await fetch(`${api.url}/bot${api.token}/setWebhook?${secured}`)).body?.cancel();
    clock.advance(seconds(30));
    await until("the webhook is in its way", () => pauses.length === 2);
    assertEquals(pauses, [seconds(30), seconds(30)]);
    assert(api.webhook, "the webhook stays");
    await (await fetch(`${api.url}/bot${api.token}/deleteWebhook`)).body?.cancel();
    api.say(ANA, "one");
    clock.advance(seconds(30));
    await until("all is well again", () => handled.length === 1);
    await stop();
  });
});

Deno.test("a webhook that was left behind is taken away before the first question", async () => {
  await withPoller(async ({ api, clock, pauses, poll }) => {
    const url = "url=https://notes.example.org/telegram";
    await (await fetch(`${api.url}/bot${api.token}/setWebhook?${url}`)).body?.cancel();
    api.say(ANA, "one");
    api.answerWith({ on: "deleteWebhook", error: { code: 429, words: "x", retryAfter: 4 } });
    const { handled, stop } = poll();
    await until("the pause", () => pauses.length === 1);
    assertEquals([pauses, handled.length], [[seconds(4)], 0]);
    clock.advance(seconds(4));
    await until("the update", () => handled.length === 1);
    assertEquals(api.webhook, undefined);
    await stop();
  });
});

Deno.test("only the one that holds the lease asks, and each round asks for the lease", async () => {
  await withPoller(async ({ api, clock, pauses, poll, asked }) => {
    let answer: () => Promise<boolean> = () => Promise.resolve(false);
    let looks = 0;
    const hold = () => {
      looks++;
      return answer();
    };
    api.say(ANA, "one");
    const { handled, stop } = poll({ lease: { hold } });
    await until("it was told no", () => pauses.length === 1);
    answer = () => Promise.reject(new AppError("unavailable", "Cannot read: no answer"));
    clock.advance(pauses[0]!);
    await until("it was told nothing", () => pauses.length === 2);
    assertEquals([api.calls.length, looks], [0, 2]);
    answer = () => Promise.resolve(true);
    clock.advance(pauses[1]!);
    await until("it was told yes, and asks again", () => handled.length === 1 && asked() === 2);
    answer = () => Promise.resolve(false);
    api.say(ANA, "two");
    await until("it has lost it", () => pauses.length === 3);
    assertEquals([asked(), looks], [2, 5]);
    await stop();
  });
});

Deno.test("it ends at once while it waits, and after the update that it is about", async () => {
  await withPoller(async ({ api, poll, asked, pauses, clock }) => {
    const first = poll();
    await until("it asks", () => asked() === 1);
    await first.stop();

    api.answerWith({ on: "getUpdates", error: { code: 502, words: "x" } });
    const second = poll();
    await until("it pauses", () => pauses.length === 1);
    await second.stop();
    clock.advance(minutes(5));

    api.say(ANA, "one");
    api.say(ANA, "two");
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const third = poll({
      handle(update) {
        begun.push(textOf(update));
        return done;
      },
    });
    await until("one has begun", () => begun.length === 1);
    const stopped = third.stop();
    finish();
    await stopped;
    assertEquals([begun, api.updates.length], [["one"], 2]);
  });
});
