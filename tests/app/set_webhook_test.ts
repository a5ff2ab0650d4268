import { assert, assertEquals, assertRejects } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { COMMANDS } from "../../bot/commands.ts";
import { readConfig } from "../../core/config.ts";
import { AppError } from "../../core/errors.ts";
import { createLog } from "../../core/log.ts";
import { webhookSecret } from "../../domain/chats/chat_secret.ts";
import { setWebhook } from "../../tasks/set_webhook.ts";
import { type BotApi, botApi } from "../support/bot_api.ts";
import { TestClock } from "../support/clock.ts";

const ORIGIN = "https://work.example.org";
const SECRET = "a secret of an instance, long enough to be one";

function run(api: BotApi, env: Record<string, string>): Promise<string[]> {
  const log = createLog("error", () => {});
  const clock = new TestClock();
  return setWebhook(readConfig({ TRUSTED_PROXIES: "1", ...env }), {
    log,
    messengerOf: ({ token }) => createTelegram({ token, apiUrl: api.url, clock, log }),
  });
}

Deno.test("set-webhook tells Telegram where to, with the secret that the door asks for", async () => {
  await using api = botApi();
  const env = { ORIGIN, TELEGRAM_BOT_TOKEN: api.token, APP_SECRET: SECRET };
  const said = (await run(api, env)).join("\n");
  const config = readConfig({ TRUSTED_PROXIES: "1", ...env });
  // As main.ts makes the app's secret of the setting.
  const secret = await webhookSecret({ config, secret: new TextEncoder().encode(SECRET) });
  assertEquals(api.webhook, { url: `${ORIGIN}/telegram`, secret });
  assertEquals(api.commands.map(({ command }) => command), COMMANDS.map((one) => one.command));
  const { params } = api.calls.find(({ method }) => method === "setWebhook")!;
  assertEquals(params.allowed_updates, ["message", "callback_query", "my_chat_member"]);
  assertEquals(params.max_connections, 20);
  assert(said.includes(`${ORIGIN}/telegram`) && said.includes("@clock_work_test_bot"), said);
  for (const hidden of [secret, SECRET, api.token]) assert(!said.includes(hidden));
});

Deno.test("set-webhook says what is missing, and then asks nothing of Telegram", async () => {
  await using api = botApi();
  const TELEGRAM_BOT_TOKEN = api.token;
  const cases: [env: Record<string, string>, names: string][] = [
    [{ ORIGIN, APP_SECRET: SECRET }, "TELEGRAM_BOT_TOKEN"],
    [{ TELEGRAM_BOT_TOKEN }, "ORIGIN"],
    [
      { ORIGIN, TELEGRAM_BOT_TOKEN, APP_SECRET: SECRET, TELEGRAM_MODE: "polling" },
      "TELEGRAM_MODE",
    ],
  ];
  for (const [env, names] of cases) {
    const { message } = await assertRejects(() => run(api, env), AppError);
    assert(message.startsWith("Cannot set the webhook: ") && message.includes(names), message);
  }
  assertEquals(api.calls.length, 0);
});

Deno.test("set-webhook fails with Telegram's words, and the commands are only a warning", async () => {
  await using api = botApi();
  const TELEGRAM_WEBHOOK_SECRET = "Zk3vQ9xT_planted-for_this-test_8fWm2LrB";
  const TELEGRAM_BOT_TOKEN = api.token;
  const env = { ORIGIN, APP_SECRET: SECRET, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET };
  const error = { code: 400, words: "Bad Request: bad webhook: HTTPS url must be provided" };
  api.answerWith({ on: "setWebhook", error });
  const { message } = await assertRejects(() => run(api, env), AppError);
  assert(message.includes("bad webhook"), message);
  api.answerWith({ on: "setMyCommands", status: 500 });
  assert((await run(api, env)).some((line) => line.includes("could not be set")));
  assertEquals(api.webhook?.secret, TELEGRAM_WEBHOOK_SECRET);
});
