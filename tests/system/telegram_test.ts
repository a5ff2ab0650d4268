import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { COMMANDS } from "../../bot/commands.ts";
import { botApi } from "../support/bot_api.ts";
import { freePort, startProcess } from "../support/process.ts";
import { until } from "../support/until.ts";

Deno.test("a server on a laptop asks Telegram, answers there, and is gone at once when told to", async () => {
  const dir = await Deno.makeTempDir();
  await using api = botApi();
  api.chat(501, { name: "Ana" });
  const env = {
    TELEGRAM_BOT_TOKEN: api.token,
    TELEGRAM_API_URL: api.url,
    APP_SECRET: "a secret of an instance, long enough to be one",
    ADMIN_EMAIL: "admin@example.org",
    ADMIN_PASSWORD: "tired otters juggle nine lamps",
  };
  const answers = () => api.messagesIn(501).length;
  for (const round of [1, 2]) {
    const server = await startProcess({ dir, port: freePort(), env });
    await using _ = server;
    await until("the server asks", () => api.calls.at(-1)?.method === "getUpdates");
    api.say(501, "hello");
    await until("an answer", () => answers() === round);
    assertMatch(api.messagesIn(501).at(-1)!.text, /^This chat is not linked yet\./);
    await until("the update is confirmed", () => api.updates.length === 0);
    const asked = performance.now();
    server.kill("SIGINT");
    const { code } = await server.ended;
    assertEquals(code, 0, server.output());
    assertLess(performance.now() - asked, 2_000, "it does not wait for Telegram");
    assertEquals(
      server.output().includes(api.token.split(":")[1]!),
      false,
      "the token stays secret",
    );
  }
  assertEquals(api.commands.length, COMMANDS.length);
  assertEquals(answers(), 2, "the second start took the lease at once and answered nothing twice");
  await Deno.remove(dir, { recursive: true });
});
