import { assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { createLog } from "../../core/log.ts";
import { confirmBroadcast } from "../../domain/broadcast_acts.ts";
import { getBroadcast } from "../../domain/broadcasts.ts";
import { testApp } from "../support/app.ts";
import { botApi } from "../support/bot_api.ts";
import { crowd, written } from "../support/broadcasts.ts";
import { TestClock } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const env = {
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  RECIPIENT_CHECK: "off",
  ORIGIN: "https://clock.example",
};

Deno.test("the longest announcement, full of signs that have to be escaped, is one message that Telegram takes", async () => {
  const clock = new TestClock();
  await using api = botApi({ clock });
  const log = createLog("error", () => {});
  const messenger = createTelegram({ token: api.token, apiUrl: api.url, clock, log });
  await using t = await testApp({ env, mailer: new TestMailer(), messenger, clock });
  const { root } = await crowd(t, 3, { chats: 3 });
  for (const id of [1_000, 1_001, 1_002]) api.chat(id);
  const title = '<&>"'.repeat(30);
  const text = "🫖<b>&amp;".repeat(200).slice(0, 1_000);
  const channels = { mail: false, telegram: true };
  const { id, version } = await written(t, root, { title, text, channels });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 4 });
  await t.drain();
  const { runs: [run] } = await getBroadcast(t.app, { id, adminId: root.id });
  assertEquals(run?.telegram, { total: 3, sent: 3, failed: 0, skipped: 0 });
  assertEquals(api.calls.map(({ status }) => status), [200, 200, 200]);
  await messenger.close();
});
