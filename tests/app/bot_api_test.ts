import { assertEquals, assertThrows } from "@std/assert";
import { Bot, type Context } from "grammy";
import type { Update } from "grammy/types";
import type { ChatUpdate } from "../../core/chat.ts";
import { botApi } from "../support/bot_api.ts";
import { TestClock } from "../support/clock.ts";

const ANA = 1_001;
const GROUP = -2_002;
const CHANNEL = -1_003_003;

/** What grammY makes of updates: the first listener that takes one says so. */
async function readByGrammy(token: string, updates: readonly ChatUpdate[]): Promise<string[]> {
  const bot = new Bot(token, {
    botInfo: {
      ...{ id: 1, is_bot: true, first_name: "Bot", username: "clock_work_test_bot" },
      ...{ can_join_groups: false, can_read_all_group_messages: false },
    } as Context["me"] as never,
  });
  const seen: string[] = [];
  const note = (what: (ctx: Context) => unknown) => (ctx: Context) => {
    seen.push(JSON.stringify(what(ctx)));
  };
  bot.command("remind", note((ctx) => ["remind", ctx.match, ctx.chatId]));
  bot.on("message:text", note((ctx) => [ctx.chat?.type, ctx.from?.is_bot, ctx.message?.text]));
  bot.on("edited_message:text", note((ctx) => ["edited", ctx.editedMessage?.text]));
  bot.on("channel_post:text", note((ctx) => ["channel", ctx.from ?? null, ctx.senderChat?.id]));
  bot.on(
    "callback_query:data",
    note((ctx) => {
      const { data, message, from } = ctx.callbackQuery!;
      return ["pressed", data, message?.message_id, from.id];
    }),
  );
  bot.on("my_chat_member", note((ctx) => ["member", ctx.myChatMember?.new_chat_member.status]));
  for (const update of updates) await bot.handleUpdate(update as unknown as Update);
  return seen;
}

async function call(url: string, params: unknown): Promise<unknown[]> {
  const body = JSON.stringify(params);
  const response = await fetch(url, { method: "POST", body });
  const { error_code: code, description: words, result } = await response.json();
  return [response.status, code ?? null, words ?? result];
}

Deno.test("people's updates are such as grammY reads", async () => {
  await using api = botApi({ clock: new TestClock() });
  api.chat(ANA, { name: "Ana", username: "ana" });
  api.chat(GROUP, { type: "group", name: "Kitchen" });
  api.chat(CHANNEL, { type: "channel", name: "News" });
  const buttons = [[{ text: "Done", callback_data: "d:1" }]];
  const markup = { inline_keyboard: buttons };
  const message = { chat_id: ANA, text: "Milk", reply_markup: markup };
  await call(`${api.url}/bot${api.token}/sendMessage`, message);
  const [sent] = api.messagesIn(ANA);
  const said = api.say(ANA, "hello");
  const updates = [
    said,
    api.say(ANA, "/remind tomorrow 9"),
    api.say(ANA, "/remind@clock_work_test_bot x"),
    api.reword(said, "hello you"),
    api.press(ANA, sent!.id, "Done"),
    api.press(ANA, sent!.id, "d:1", 7),
    api.say(GROUP, "hi all"),
    api.say(GROUP, "beep", { from: { id: 9, is_bot: true } }),
    api.say(CHANNEL, "news"),
    api.block(ANA),
    api.unblock(ANA),
  ];
  assertEquals(await readByGrammy(api.token, updates), [
    `["private",false,"hello"]`,
    `["remind","tomorrow 9",1001]`,
    `["remind","x",1001]`,
    `["edited","hello you"]`,
    `["pressed","d:1",${sent!.id},1001]`,
    `["pressed","d:1",${sent!.id},7]`,
    `["group",false,"hi all"]`,
    `["group",true,"beep"]`,
    `["channel",null,${CHANNEL}]`,
    `["member","kicked"]`,
    `["member","member"]`,
  ]);
  assertThrows(() => api.press(ANA, sent!.id, "Nothing"), Error, "only: Done");
});

Deno.test("an update is delivered with the secret, and stays until it is taken", async () => {
  await using api = botApi();
  api.chat(ANA);
  const [first, second] = [api.say(ANA, "one"), api.say(ANA, "two")];
  const got: [string | null, ChatUpdate][] = [];
  const answers = [500, 200, 200];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const secret = request.headers.get("x-telegram-bot-api-secret-token");
      got.push([secret, await request.json()]);
      return new Response(null, { status: answers.shift() });
    },
  );
  const hook = `http://127.0.0.1:${server.addr.port}/telegram`;
  assertEquals(await api.deliverTo(hook, "s3cret"), 500);
  assertEquals(api.updates, [first, second]);
  assertEquals(await api.deliverTo(hook), 200);
  assertEquals(api.updates, [second]);
  assertEquals(await api.deliverTo(hook, "x", { update: first }), 200, "once more, as it may come");
  assertEquals(got, [["s3cret", first], [null, first], ["x", first]]);
  assertEquals(api.updates, [second]);
});

Deno.test("what it does not know it says in Telegram's words", async () => {
  await using api = botApi();
  api.chat(ANA);
  const root = `${api.url}/bot${api.token}`;
  const cases: [string, unknown, unknown[]][] = [
    [`${api.url}/bot1:x/getMe`, {}, [401, 401, "Unauthorized"]],
    [`${api.url}/botx/getMe`, {}, [404, 404, "Not Found"]],
    [`${root}/sendMesage`, {}, [404, 404, "Not Found"]],
    [`${root}/sendMessage`, { text: "x" }, [400, 400, "Bad Request: chat_id is empty"]],
    [`${root}/deleteMessage`, { chat_id: ANA, message_id: 7 }, [
      400,
      400,
      "Bad Request: message to delete not found",
    ]],
    [`${root}/setWebhook`, { url: "https://a.example:8000/" }, [
      400,
      400,
      "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ]],
    [`${root}/setMyCommands`, { commands: [{ command: "a", description: "" }] }, [
      400,
      400,
      "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ]],
    [`${root}/setWebhook`, { url: "https://a.example/", allowed_updates: ["message"] }, [
      200,
      null,
      true,
    ]],
    [`${root}/getUpdates`, {}, [
      409,
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to " +
      "delete the webhook first",
    ]],
  ];
  for (const [url, params, wanted] of cases) {
    assertEquals(await call(url, params), wanted, url.split("/").at(-1));
  }
  api.block(ANA);
  assertEquals(api.updates, [], "only what was asked for is kept");
});
