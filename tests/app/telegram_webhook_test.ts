import { assert, assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { AppError } from "../../core/errors.ts";
import { createLog } from "../../core/log.ts";
import { webhookSecret } from "../../domain/chats/chat_secret.ts";
import { takeUpdate, TAKING_MS } from "../../domain/chats/chat_updates.ts";
import { pruneSome } from "../../domain/prune.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { botApi } from "../support/bot_api.ts";
import { hours, minutes, seconds, TestClock } from "../support/clock.ts";
import { errorOf } from "../support/http.ts";
import { visitor } from "../support/site.ts";

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";
const ORIGIN = "https://work.example.org";
const WEBHOOK = { ORIGIN, TELEGRAM_BOT_TOKEN: TOKEN };

/** An app to which updates are sent, with a bot that only counts them. */
async function hooked(
  { env = {}, bot }: {
    env?: Record<string, string>;
    bot?: (update: ChatUpdate) => Promise<void>;
  } = {},
) {
  const seen: number[] = [];
  const clock = new TestClock();
  const messenger = createTelegram({ token: TOKEN, clock, log: createLog("error", () => {}) });
  const t = await testApp({
    env: { ...WEBHOOK, ...env },
    clock,
    messenger,
    bot: async (update) => {
      seen.push(update.update_id);
      await bot?.(update);
    },
  });
  const secret = await webhookSecret(t.app);
  return { t, seen, secret, send: sender(t, secret) };
}

/** Posts as Telegram does, which is no browser. */
function sender(t: TestApp, own: string) {
  return async (raw: BodyInit, secret: string | null = own): Promise<Response> =>
    await (await visitor(t)).send("/telegram", {
      method: "POST",
      raw,
      headers: {
        "content-type": "application/json",
        "x-telegram-bot-api-secret-token": secret,
        "sec-fetch-site": null,
        "origin": null,
      },
    });
}

const text = (update_id: number) => JSON.stringify({ update_id, message: { text: "hello" } });

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

Deno.test("an update has one effect, sent a hundred times at once and one after the other", async () => {
  const { t, seen, send } = await hooked();
  await using _ = t;
  const atOnce = await Promise.all(Array.from({ length: 100 }, () => statusOf(send(text(7)))));
  assertEquals(seen, [7]);
  assert(atOnce.includes(200));
  assert(atOnce.every((status) => status === 200 || status === 503), String(atOnce));
  t.clock.advance(seconds(1));
  for (let i = 0; i < 100; i++) assertEquals(await statusOf(send(text(7))), 200);
  assertEquals(seen, [7]);
});

Deno.test("updates may come out of order", async () => {
  const { t, seen, send } = await hooked();
  await using _ = t;
  for (const id of [9, 3, 12, 3, 9, 4]) assertEquals(await statusOf(send(text(id))), 200);
  assertEquals(seen, [9, 3, 12, 4]);
});

Deno.test("200 comes only after what was asked for is done", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const bot = () => {
    begun.resolve();
    return promise;
  };
  const { t, send } = await hooked({ bot });
  await using _ = t;
  let status = 0;
  const first = statusOf(send(text(1))).then((said) => status = said);
  await begun.promise;
  assertEquals(await statusOf(send(text(1))), 503, "meanwhile it is being taken");
  assertEquals(status, 0);
  resolve();
  assertEquals(await first, 200);
});

Deno.test("without the secret nothing is read, counted or done", async () => {
  const { t, seen, secret, send } = await hooked();
  await using _ = t;
  const before = (await Array.fromAsync(t.kv.list({ prefix: [] }))).length;
  const wrong = [null, "", "A".repeat(43), secret.slice(0, -1), `${secret}A`, "x".repeat(9_000)];
  for (const given of wrong) {
    let asked = 0;
    const body = new ReadableStream<Uint8Array>({
      pull() { // would wait for ever
        asked++;
        return new Promise(() => {});
      },
    }, { highWaterMark: 0 });
    const response = await send(body, given);
    assertEquals([response.status, (await errorOf(response)).code], [401, "unauthorized"]);
    assertEquals(asked, 0, "nobody has asked for the body");
  }
  for (let i = 0; i < 200; i++) assertEquals(await statusOf(send(text(1), "wrong")), 401);
  assertEquals(await statusOf(send("no JSON", "wrong")), 401, "not a word about the body");
  assertEquals(seen, []);
  assertEquals((await Array.fromAsync(t.kv.list({ prefix: [] }))).length, before);
});

Deno.test("Telegram is not slowed down as visitors are", async () => {
  const { t, seen, send } = await hooked();
  await using _ = t;
  for (let id = 1; id <= 400; id++) {
    assertEquals(await statusOf(send(text(id))), 200);
    t.clock.advance(10); // a hundred in a second
  }
  assertEquals(seen.length, 400);
});

Deno.test("what is no update is refused and has no effect", async () => {
  const { t, seen, send } = await hooked();
  await using _ = t;
  const bad = [
    "",
    "{",
    "[]",
    "null",
    "7",
    '{"update_id":"7"}',
    '{"update_id":1.5}',
    '{"message":{}}',
  ];
  for (const raw of bad) assertEquals(await statusOf(send(raw)), 400, raw);
  assertEquals(await statusOf(send(new Uint8Array([0x7b, 0xff, 0xfe]))), 400);
  assertEquals(await statusOf(send(`{"update_id":1,"x":"${"x".repeat(1_048_576)}"}`)), 413);
  assertEquals(seen, []);
  assertEquals(await statusOf(send(`{"update_id":1,"x":"${"x".repeat(1_000_000)}"}`)), 200);
});

Deno.test("a bot that fails makes Telegram send it again, and the next time works", async () => {
  let fails = 2;
  const { t, seen, send } = await hooked({
    bot: () => fails-- > 0 ? Promise.reject(new Error("it broke")) : Promise.resolve(),
  });
  await using _ = t;
  const response = await send(text(5));
  assertEquals(response.status, 503);
  assert(Number(response.headers.get("retry-after")) > 0);
  assertEquals((await errorOf(response)).code, "unavailable");
  assert(t.lines.some((line) => line.includes("update_failed")));
  assertEquals(await statusOf(send(text(5))), 503);
  assertEquals(await statusOf(send(text(5))), 200);
  assertEquals(await statusOf(send(text(5))), 200);
  assertEquals(seen, [5, 5, 5]);
});

Deno.test("an update that always fails is given up, one that only finds no store is not", async () => {
  const { t, seen, send } = await hooked({
    bot: ({ update_id }) =>
      Promise.reject(
        update_id === 1 ? new Error("it broke") : new AppError("unavailable", "Cannot store"),
      ),
  });
  await using _ = t;
  const statuses = async (id: number) => {
    const all = [];
    for (let i = 0; i < 6; i++) all.push(await statusOf(send(text(id))));
    return all;
  };
  assertEquals(await statuses(1), [503, 503, 503, 200, 200, 200]);
  assertEquals(await statuses(2), [503, 503, 503, 503, 503, 503]);
  assertEquals(seen.length, 3 + 6);
  assert(t.lines.some((line) => line.includes("update_given_up")));
});

Deno.test("an update whose process died is taken by the next one after a minute", async () => {
  await using t = await testApp();
  let done = 0;
  await new Promise<void>((begun) => {
    void takeUpdate(t.app, 1, () => (begun(), new Promise(() => {})));
  });
  const again = () =>
    takeUpdate(t.app, 1, () => {
      done++;
      return Promise.resolve();
    });
  const said = async () => await again().then(() => "done", ({ code }: AppError) => code);
  t.clock.advance(TAKING_MS - 1);
  assertEquals([await said(), done], ["unavailable", 0]);
  t.clock.advance(1);
  assertEquals([await said(), await said(), done], ["done", "done", 1]);
});

Deno.test("taken updates are forgotten after two days, when Telegram repeats them no more", async () => {
  const { t, send } = await hooked();
  await using _ = t;
  await statusOf(send(text(1)));
  t.clock.advance(hours(47));
  await statusOf(send(text(2)));
  await pruneSome(t.app);
  assertEquals((await list(t.app, ranges.chatUpdates)).length, 2);
  t.clock.advance(hours(1) + minutes(1));
  await pruneSome(t.app);
  assertEquals((await list(t.app, ranges.chatUpdates)).length, 1);
});

Deno.test("there is no such door where updates are not sent to us", async () => {
  await using off = await testApp({ env: { ORIGIN } });
  const secret = await webhookSecret(off.app);
  assertEquals(await statusOf(sender(off, secret)(text(1))), 404);
  const { t, seen, send } = await hooked({ env: { TELEGRAM_MODE: "polling" } });
  await using _ = t;
  assertEquals(await statusOf(send(text(1))), 404);
  assertEquals(seen, []);
});

Deno.test("nothing else than a POST is for Telegram's door", async () => {
  const { t } = await hooked();
  await using _ = t;
  const response = await (await visitor(t)).get("/telegram");
  await response.body?.cancel();
  assertEquals([response.status, response.headers.get("allow")], [405, "POST"]);
});

Deno.test("the secret is as the settings say, else made from the app's own", async () => {
  const own = "a-secret-of-more-than-32-characters_";
  const { t, secret, send } = await hooked({ env: { TELEGRAM_WEBHOOK_SECRET: own } });
  await using _ = t;
  assertEquals(secret, own);
  assertEquals(await statusOf(send(text(1))), 200);
  const { t: other, secret: made } = await hooked();
  await using __ = other;
  assert(/^[\w-]{43}$/.test(made), "as Telegram takes it: 1 to 256 of A-Za-z0-9_-");
  assertEquals(made, await webhookSecret(other.app));
  assertEquals(await statusOf(sender(other, own)(text(1))), 401);
});

Deno.test("what the stand-in of Telegram delivers is taken over real HTTP", async () => {
  const { t, seen, secret } = await hooked();
  await using _ = t;
  await using api = botApi({ clock: t.clock });
  api.chat(501);
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, t.server.fetch);
  const url = `http://127.0.0.1:${http.addr.port}/telegram`;
  const update = api.say(501, "milk");
  assertEquals(await api.deliverTo(url, "A".repeat(43)), 401);
  assertEquals(await api.deliverTo(url, secret), 200);
  assertEquals([seen, api.updates.length], [[update.update_id], 0]);
  await http.shutdown();
});
