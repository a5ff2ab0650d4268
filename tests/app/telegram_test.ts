import { assert, assertEquals, assertNotMatch, assertRejects, assertThrows } from "@std/assert";
import { createTelegram, type TelegramOptions } from "../../adapters/telegram.ts";
import type { Answer } from "../../core/answer.ts";
import type { Messenger } from "../../core/chat.ts";
import { AppError } from "../../core/errors.ts";
import { createLog, describe } from "../../core/log.ts";
import { escapeHtml, splitText } from "../../core/telegram_html.ts";
import { type BotApi, botApi, type BotApiOptions, type BotFault } from "../support/bot_api.ts";
import { makeCertificate } from "../support/certificate.ts";
import { seconds, TestClock } from "../support/clock.ts";
import { settle } from "../support/settle.ts";

const ANA = 1_001;
const BOB = 1_002;

interface Scene {
  api: BotApi;
  telegram: Messenger;
  clock: TestClock;
}

/** Runs `act` beside a stand-in and looks for the token in all that was logged, which it returns. */
async function withBot(
  act: (scene: Scene) => Promise<void>,
  { adapter, ...options }: BotApiOptions & { adapter?: Partial<TelegramOptions> } = {},
): Promise<string> {
  const clock = new TestClock();
  await using api = botApi({ clock, ...options });
  api.chat(ANA);
  api.chat(BOB, { name: "Bob" });
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line));
  const { token, url: apiUrl } = api;
  const telegram = createTelegram({ token, apiUrl, clock, log, ...adapter });
  try {
    await act({ api, telegram, clock });
  } finally {
    await telegram.close();
  }
  const logged = lines.join("\n");
  assertNotMatch(logged, /AAplanted/);
  return logged;
}

/** The facts that a case names, as the answer has them. */
function assertAnswer(answer: Answer, wanted: Partial<Record<string, unknown>>, about: unknown) {
  const facts = new Map<string, unknown>(Object.entries(answer));
  const words = JSON.stringify([about, answer]).slice(0, 500);
  for (const [name, value] of Object.entries(wanted)) assertEquals(facts.get(name), value, words);
  assertNotMatch(words, /AAplanted/);
}

const isAccepted = ({ is }: Answer) => is === "accepted";

Deno.test("a message arrives as it was written, without preview, and is changed in place", async () => {
  await withBot(async ({ api, telegram }) => {
    const buttons = [[{ text: "Done", data: "d:1" }], [{
      text: "Open",
      url: "https://notes.example.org/",
    }]];
    const sent = await telegram.send({ chatId: ANA, html: "<b>Milk</b> &amp; tea", buttons });
    const [message] = api.messagesIn(ANA);
    assertEquals(sent, { is: "accepted", providerId: String(message!.id) });
    assertEquals([message!.text, message!.silent], ["Milk & tea", false]);
    assertEquals(message!.buttons, [[{ text: "Done", callback_data: "d:1" }], [
      { text: "Open", url: "https://notes.example.org/" },
    ]]);
    assertEquals(api.calls[0]!.params.link_preview_options, { is_disabled: true });

    const change = { chatId: ANA, html: "Done <i>09:02</i>" };
    assertEquals(await telegram.edit(message!.id, change), sent);
    const again = await telegram.edit(message!.id, change);
    assertEquals(again, sent, "one that is so already counts as changed");
    const [changed] = api.messagesIn(ANA);
    assertEquals([changed!.text, changed!.buttons, changed!.edits], ["Done 09:02", [], [
      "Milk & tea",
    ]]);

    await telegram.send({ chatId: BOB, html: "x", silent: true });
    assertEquals(api.messagesIn(BOB)[0]!.silent, true);
  });
});

Deno.test("each answer of Telegram means what it means for the message", async () => {
  const error = (code: number, words: string, retryAfter?: number): BotFault => ({
    error: { code, words, ...(retryAfter === undefined ? {} : { retryAfter }) },
  });
  const gone = { is: "refused", badAddress: true };
  const wrong = { is: "refused", badAddress: false };
  const cases: [BotFault, Partial<Record<string, unknown>>][] = [
    [error(403, "Forbidden: bot was blocked by the user"), gone],
    [error(403, "Forbidden: user is deactivated"), {
      ...gone,
      reason: "Cannot send: Forbidden: user is deactivated",
    }],
    [error(400, "Bad Request: chat not found"), gone],
    [error(400, "Bad Request: user is deactivated"), gone],
    [error(400, "Bad Request: group chat was upgraded to a supergroup chat"), gone],
    [error(400, "Bad Request: message is too long"), wrong],
    [error(400, "Bad Request: BUTTON_DATA_INVALID"), wrong],
    [error(413, "Request Entity Too Large"), wrong],
    [error(429, "Too Many Requests: retry after 7", 7), { is: "postponed", retryAfterMs: 7_000 }],
    [error(429, "Too Many Requests"), { is: "postponed", retryAfterMs: 5_000 }],
    [error(401, "Unauthorized"), { is: "down", retryAfterMs: 300_000 }],
    [error(404, "Not Found"), { is: "down", retryAfterMs: 300_000 }],
    [error(500, "Internal Server Error"), { is: "unclear" }],
    [error(502, "Bad Gateway"), { is: "unclear" }],
    [{ ...error(500, "Internal Server Error"), handle: true }, { is: "unclear" }],
    [{ status: 502, body: "<html>busy</html>" }, { is: "unclear" }],
    [{ status: 302, body: "" }, { is: "unclear" }],
    [{ body: "" }, { is: "unclear" }],
    [{ body: "null" }, { is: "unclear" }],
    [{ body: `{"ok":false}` }, { is: "unclear" }],
    [{ body: `{"ok":true,"result":{"message_` }, { is: "unclear" }],
    [{ body: `{"ok":true,"result":{}}` }, { is: "unclear" }],
    [{ body: "x".repeat(11_000_000) }, { is: "unclear" }],
    [{ drop: true }, { is: "unclear" }],
    [{ drop: true, handle: true }, { is: "unclear" }],
    [{}, { is: "accepted" }],
  ];
  await settle(cases.map(async ([fault, wanted]) => {
    await withBot(async ({ api, telegram }) => {
      api.answerWith(fault);
      assertAnswer(await telegram.send({ chatId: ANA, html: "Milk" }), wanted, fault);
    });
  }));
});

Deno.test("what the real words refuse is refused", async () => {
  const long = "🙂".repeat(2_049);
  const cases: [string, Partial<Record<string, unknown>>][] = [
    ["<p>x</p>", { reason: /Unsupported start tag "p" at byte offset 0/ }],
    ["é<b>x", { reason: /Can't find end tag corresponding to start tag "b"/ }],
    ["<b>x</i>", { reason: /Unmatched end tag at byte offset 4, expected "<\/b>", found "<\/i>"/ }],
    ["", { reason: /message text is empty/ }],
    ["&#8203;", { reason: /message text is empty/ }],
    [long, { reason: /message is too long/ }],
  ];
  for (const [html, { reason }] of cases) {
    await withBot(async ({ telegram }) => {
      const answer = await telegram.send({ chatId: ANA, html });
      assertAnswer(answer, { is: "refused", badAddress: false }, html);
      assert(answer.is === "refused" && (reason as RegExp).test(answer.reason), answer.is);
    });
  }
  await withBot(async ({ api, telegram, clock }) => {
    for (const piece of splitText(`${long} a<b & c`)) {
      assert(isAccepted(await telegram.send({ chatId: ANA, html: escapeHtml(piece) })));
    }
    const arrived = api.messagesIn(ANA).map(({ text }) => text).join("");
    assert(arrived === `${long} a<b & c`, `${arrived.length}`);
    clock.advance(seconds(10));
    const data = "ж".repeat(33);
    const buttons = [[{ text: "Done", data }]];
    const tooMuch = await telegram.send({ chatId: ANA, html: "x", buttons });
    assertAnswer(tooMuch, { is: "refused", badAddress: false }, data);
    const here = [[{ text: "Open", url: "http://localhost:8000/" }]];
    const local = await telegram.send({ chatId: ANA, html: "x", buttons: here });
    assertAnswer(local, { is: "refused", badAddress: false }, here);

    assertAnswer(await telegram.send({ chatId: 7, html: "x" }), { badAddress: true }, "unknown");
    api.block(BOB);
    assertAnswer(await telegram.send({ chatId: BOB, html: "x" }), { badAddress: true }, "blocked");
  });
});

Deno.test("a message that is not there or not the bot's cannot be changed", async () => {
  await withBot(async ({ api, telegram }) => {
    const said = api.say(ANA, "hello").message as { message_id: number };
    const change = { chatId: ANA, html: "x" };
    for (const id of [9_999, said.message_id]) {
      assertAnswer(await telegram.edit(id, change), { is: "refused", badAddress: false }, id);
    }
    api.drop(1, "after", "editMessageText");
    assertAnswer(await telegram.edit(9_999, change), { is: "unclear" }, "dropped");
  });
});

Deno.test("a call that was taken without an answer is not made again by the platform", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    for (const i of [1, 2, 3]) {
      assert(isAccepted(await telegram.send({ chatId: ANA, html: `heard ${i}` })));
      api.drop(1, "after");
      assertAnswer(await telegram.send({ chatId: ANA, html: `lost ${i}` }), { is: "unclear" }, i);
      clock.advance(seconds(5));
    }
    const texts = api.messagesIn(ANA).map(({ text }) => text);
    assertEquals(texts, ["heard 1", "lost 1", "heard 2", "lost 2", "heard 3", "lost 3"]);
    assertEquals(api.calls.length, 6);
  });
});

Deno.test("silence ends in time, and nobody knows then", async () => {
  await withBot(async ({ api, telegram }) => {
    api.answerWith({ slowMs: Infinity, handle: true });
    assertAnswer(await telegram.send({ chatId: ANA, html: "x" }), { is: "unclear" }, "silence");
  }, { adapter: { fetchTimeoutMs: 60 } });
});

Deno.test("where no connection comes to be nothing was sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const taken: string[] = [];
  const untrusted = Deno.serve({
    ...await makeCertificate(Date.now()),
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
  }, (request) => {
    taken.push(request.url);
    return new Response("{}");
  });
  const urls = [
    `http://127.0.0.1:${port}`,
    "https://nowhere.invalid",
    `https://localhost:${untrusted.addr.port}`,
  ];
  await settle(urls.map(async (apiUrl) => {
    const logged = await withBot(async ({ telegram }) => {
      const answer = await telegram.send({ chatId: ANA, html: "x" });
      assertAnswer(answer, { is: "down", retryAfterMs: undefined }, apiUrl);
      const error = await assertRejects(() => telegram.me(), AppError, "Cannot reach Telegram");
      assertEquals(error.code, "unavailable");
      assertNotMatch(describe(error) + Deno.inspect(error), /AAplanted/);
    }, { adapter: { apiUrl } });
    assert(logged.includes(`"event":"telegram_not_accepted","method":"sendMessage","is":"down"`));
  }));
  assertEquals(taken, []);
  await untrusted.shutdown();
});

Deno.test("a wrong token is down for long, is logged once and stands nowhere", async () => {
  for (
    const token of ["123456:AAplanted-another-token-of-no-bot", "1:AAplanted-2-token-of-no-bot"]
  ) {
    const logged = await withBot(async ({ api, telegram }) => {
      for (const chatId of [ANA, BOB]) {
        const answer = await telegram.send({ chatId, html: "x" });
        assertAnswer(answer, { is: "down", retryAfterMs: 300_000 }, chatId);
      }
      const error = await assertRejects(() => telegram.me(), AppError);
      assertEquals([error.code, error.retryAfterMs], ["unavailable", 300_000]);
      assertNotMatch(describe(error) + Deno.inspect(error), /AAplanted/);
      assertEquals(api.messagesIn(ANA), []);
    }, { adapter: { token } });
    assertEquals(logged.match(/telegram_token_refused/g)?.length, 1, logged);
  }
  await withBot(async ({ api, telegram }) => {
    api.answerWith({ error: { code: 400, words: `Bad Request: ${api.token} \u0000 is no name` } });
    const answer = await telegram.send({ chatId: ANA, html: "x" });
    assertAnswer(answer, { reason: "Cannot send: Bad Request: … is no name" }, "echo");
  });
});

Deno.test("a token is not sent in plain text to another machine, nor is anything else one", () => {
  const options = { clock: new TestClock(), log: createLog("error", () => {}) };
  const token = "123456:AAplanted-another-token-of-no-bot";
  const urls = ["http://api.telegram.org", "ftp://localhost", "api.telegram.org", "https://a/?b"];
  for (const apiUrl of urls) {
    const error = assertThrows(
      () => createTelegram({ token, apiUrl, ...options }),
      Error,
      "_API_URL",
    );
    assertNotMatch(error.message, /AAplanted/);
  }
  for (const wrong of ["", "AAplanted", `${token}/../x`, `${token} `]) {
    const error = assertThrows(() => createTelegram({ token: wrong, ...options }), Error, "_TOKEN");
    assertNotMatch(error.message, /AAplanted/);
  }
});

Deno.test("a chat that was told to wait is not called before, the others are", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    const send = (chatId: number) => telegram.send({ chatId, html: "x" });
    api.hold(ANA, 30);
    assertAnswer(await send(ANA), { is: "postponed", retryAfterMs: 30_000 }, "told");
    assertEquals(api.calls.length, 1);
    clock.advance(29_999);
    assertAnswer(await send(ANA), { is: "postponed", retryAfterMs: 1 }, "held");
    assertAnswer(await telegram.edit(1, { chatId: ANA, html: "x" }), { is: "postponed" }, "held");
    assertEquals(api.calls.length, 1, "no call before its time");
    assert(isAccepted(await send(BOB)));
    clock.advance(1);
    assert(isAccepted(await send(ANA)));
    assertEquals(api.early, 0);
  });
});

Deno.test("a second refusal within ten seconds stops the bot, a later one only its chat", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    const send = (chatId: number) => telegram.send({ chatId, html: "x" });
    for (const id of [1, 2, 3, 4]) api.chat(id);
    api.hold(1, 20);
    assertAnswer(await send(1), { is: "postponed" }, 1);
    clock.advance(seconds(10));
    api.hold(2, 3);
    assertAnswer(await send(2), { is: "postponed", retryAfterMs: 3_000 }, 2);
    assert(isAccepted(await send(3)));
    clock.advance(seconds(2));
    api.hold(3, 40);
    assertAnswer(await send(3), { is: "down", retryAfterMs: 40_000 }, 3);
    const calls = api.calls.length;
    clock.advance(seconds(39));
    assertAnswer(await send(4), { is: "down", retryAfterMs: 1_000 }, 4);
    assertAnswer(await telegram.answerCallback("1"), { is: "down", retryAfterMs: 1_000 }, "press");
    assertEquals(api.calls.length, calls);
    clock.advance(seconds(1));
    assert(isAccepted(await send(4)));
    assertEquals(api.early, 0);
  });
});

Deno.test("three messages go to a chat at once, one waits for its second, more come back later", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    const send = (text: string) => telegram.send({ chatId: ANA, html: text });
    const first = await Promise.all(["1", "2", "3"].map(send));
    assert(first.every(isAccepted));
    const waiting = send("4");
    assertAnswer(await send("5"), { is: "postponed", retryAfterMs: 2_000 }, "too many");
    assertEquals(api.calls.length, 3);
    clock.advance(999);
    assertAnswer(await telegram.send({ chatId: BOB, html: "x" }), { is: "accepted" }, "another");
    assertEquals(api.messagesIn(ANA).length, 3);
    clock.advance(1);
    assert(isAccepted(await waiting));
    assertEquals(api.messagesIn(ANA).length, 4);
  });
});

Deno.test("a message that waits for its turn does not go when the chat is told to wait", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    const send = () => telegram.send({ chatId: ANA, html: "x" });
    await Promise.all([send(), send()]);
    api.hold(ANA, 9);
    const [told, waiting] = [send(), send()];
    assertAnswer(await told, { is: "postponed", retryAfterMs: 9_000 }, "told");
    clock.advance(seconds(1));
    assertAnswer(await waiting, { is: "postponed", retryAfterMs: 8_000 }, "waiting");
    assertEquals([api.calls.length, api.early], [3, 0]);
  });
});

Deno.test("refusals at random: all is sent once, and no chat is called before its time", async () => {
  const ids = Array.from({ length: 30 }, (_, i) => 2_000 + i);
  await withBot(async ({ api, telegram, clock }) => {
    for (const id of ids) api.chat(id);
    const due = ids.map((id) => ({ id, at: 0 }));
    let postponed = 0;
    while (due.length > 0) {
      const next = due.sort((a, b) => a.at - b.at)[0]!;
      clock.advance(Math.max(100, next.at - clock.now()));
      const answer = await telegram.send({ chatId: next.id, html: "x" });
      if (isAccepted(answer)) due.shift();
      else {
        assert(answer.is === "postponed" || answer.is === "down", answer.is);
        next.at = clock.now() + answer.retryAfterMs!;
        postponed++;
      }
    }
    assert(postponed > 10, `${postponed}`);
    assertEquals(api.early, 0);
    assertEquals(ids.map((id) => api.messagesIn(id).length), ids.map(() => 1));
  }, { flood: { seed: 7, share: 0.4, maxS: 60 } });
});

Deno.test("the bot says who it is, asks for that once, and again when it got no answer", async () => {
  await withBot(async ({ api, telegram }) => {
    api.answerWith({ on: "getMe", error: { code: 429, words: "Too Many", retryAfter: 3 } });
    const error = await assertRejects(() => telegram.me(), AppError);
    assertEquals([error.code, error.retryAfterMs], ["unavailable", 3_000]);
    const [bot, same] = await Promise.all([telegram.me(), telegram.me()]);
    assertEquals(bot, { id: 7180001234, username: "clock_work_test_bot", name: "Clock Work" });
    assertEquals(same, bot);
    assertEquals(api.calls.map(({ method }) => method), ["getMe", "getMe"]);
  });
});

Deno.test("a pressed button is answered, one of long ago or of nowhere is refused", async () => {
  await withBot(async ({ api, telegram, clock }) => {
    await telegram.send({ chatId: ANA, html: "x", buttons: [[{ text: "Done", data: "d:1" }]] });
    const press = () => {
      const { callback_query: query } = api.press(ANA, api.messagesIn(ANA)[0]!.id, "Done");
      return query as { id: string; data: string };
    };
    const { id, data } = press();
    assertEquals(data, "d:1");
    assert(isAccepted(await telegram.answerCallback(id, { text: "Done", alert: true })));
    assertEquals(api.callbackAnswers, [{ id, text: "Done", alert: true }]);
    const old = press();
    clock.advance(seconds(16));
    for (const late of [old.id, "7"]) {
      assertAnswer(await telegram.answerCallback(late), { is: "refused", badAddress: false }, late);
    }
  });
});

Deno.test("commands and the webhook are set as the bot needs them", async () => {
  await withBot(async ({ api, telegram }) => {
    const commands = [{ command: "notes", description: "Your notes" }];
    assert(isAccepted(await telegram.setCommands(commands)));
    assertEquals(api.commands, commands);
    const wrong = await telegram.setCommands([{ command: "No", description: "x" }]);
    assertAnswer(wrong, { is: "refused" }, "capital letter");

    const url = "https://notes.example.org/telegram";
    assert(isAccepted(await telegram.setWebhook({ url, secret: "s3cret" })));
    assertEquals(api.webhook, { url, secret: "s3cret" });
    const { params } = api.calls.at(-1)!;
    assertEquals(params.allowed_updates, ["message", "callback_query", "my_chat_member"]);
    assertEquals([params.max_connections, params.drop_pending_updates], [20, undefined]);
    const plain = await telegram.setWebhook({ url: "http://notes.example.org", secret: "s" });
    assertAnswer(plain, { is: "refused" }, "http");
    assert(isAccepted(await telegram.deleteWebhook()));
    assertEquals(api.webhook, undefined);
  });
});

Deno.test("once it is closed nothing is called, and what waits ends", async () => {
  await withBot(async ({ api, telegram }) => {
    const send = () => telegram.send({ chatId: ANA, html: "x" });
    await Promise.all([send(), send(), send()]);
    const { signal } = new AbortController();
    const [waiting, asking] = [send(), telegram.updates({ offset: 0, timeoutS: 50, signal })];
    await telegram.close();
    assertAnswer(await waiting, { is: "down" }, "waiting");
    assertEquals(await asking, []);
    assertAnswer(await telegram.send({ chatId: BOB, html: "x" }), { is: "down" }, "closed");
    assertEquals(api.messagesIn(BOB), []);
  });
});
