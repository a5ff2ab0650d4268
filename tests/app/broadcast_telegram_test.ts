import { assert, assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { createLog } from "../../core/log.ts";
import { getBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { testApp } from "../support/app.ts";
import { botApi } from "../support/bot_api.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { TestClock } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const CHATS = 400;
/** How much faster than the machine's clock the test's goes. */
const FASTER = 20;
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

Deno.test("400 chats behind a strict Telegram that says wait at random have it once each, none called early", async () => {
  const clock = new TestClock();
  await using api = botApi({ clock, flood: { seed: 7, share: 0.05, maxS: 20 } });
  const log = createLog("error", () => {});
  const messenger = createTelegram({ token: api.token, apiUrl: api.url, clock, log });
  await using t = await testApp({ env, mailer: new TestMailer(), messenger, clock });
  const { root } = await crowd(t, CHATS, { chats: CHATS });
  const chats = Array.from({ length: CHATS }, (_, i) => 1_000 + i);
  for (const id of chats) api.chat(id);
  const channels = { mail: false, telegram: true };
  const { id, version } = await written(t, root, { channels });
  const ref = { id, adminId: root.id };
  await confirmBroadcast(t.app, { ...ref, version, members: CHATS + 1 });

  let over = false;
  const time = async () => {
    // Faster than the machine's, and never so fast that a lease ends while a call is under way.
    for (let last = performance.now(); !over;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const now = performance.now();
      const ms = Math.min(1_000, Math.floor((now - last) * FASTER));
      if (ms === 0) continue;
      clock.advance(ms);
      last = now;
    }
  };
  const work = async () => {
    while (!over) {
      await t.server.drain({ lookAheadMs: 60_000 });
      over = (await getBroadcast(t.app, ref)).broadcast.state === "finished";
    }
  };
  await Promise.all([time(), work()]);
  const { runs: [run] } = await getBroadcast(t.app, ref);
  assertEquals(run?.telegram, { total: CHATS, sent: CHATS, failed: 0, skipped: 0 });
  assertEquals(chats.filter((chat) => api.messagesIn(chat).length !== 1), []);
  assertEquals(api.early, 0);
  const waits = api.calls.filter(({ status }) => status === 429).length;
  assert(waits >= 10, `only ${waits} were told to wait`);
  await messenger.close();
});
