import { assert, assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { pollTelegram } from "../../adapters/telegram_poll.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { POLLER_LEASE_MS, pollerLease } from "../../domain/chats/chat_poller.ts";
import { keys } from "../../kv/keys.ts";
import { testApp } from "../support/app.ts";
import { type BotApi, botApi } from "../support/bot_api.ts";
import { hours, seconds, TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";

Deno.test("of two processes one polls; the other takes over when the first has fallen silent", async () => {
  await using t = await testApp();
  const [one, other] = [pollerLease(t.app), pollerLease(t.app)];
  const held = async () => [await one.hold(), await other.hold()];
  assertEquals(await held(), [true, false]);
  t.clock.advance(POLLER_LEASE_MS - 1);
  assertEquals(await held(), [true, false], "who says so keeps it");
  t.clock.advance(POLLER_LEASE_MS - 1);
  assertEquals(await other.hold(), false);
  t.clock.advance(1);
  assertEquals(await other.hold(), true);
  assertEquals(await one.hold(), false, "and the first comes back to find it taken");
});

Deno.test("of ten that want it at once one has it", async () => {
  await using t = await testApp();
  const held = await Promise.all(Array.from({ length: 10 }, () => pollerLease(t.app).hold()));
  assertEquals(held.filter(Boolean).length, 1);
});

Deno.test("who stops lets the next one have it at once, and nobody else's", async () => {
  await using t = await testApp();
  const [one, other] = [pollerLease(t.app), pollerLease(t.app)];
  await one.hold();
  await other.release();
  assertEquals(await other.hold(), false);
  await one.release();
  assertEquals(await other.hold(), true);
});

Deno.test("a lease from before the clock stepped back is nobody's", async () => {
  await using t = await testApp();
  const [one, other] = [pollerLease(t.app), pollerLease(t.app)];
  await one.hold();
  t.clock.advance(-hours(1));
  assertEquals(await other.hold(), true);
});

/** A process that polls, on a store that it shares. */
async function process(api: BotApi, kv: Deno.Kv, clock: TestClock) {
  const seen: ChatUpdate[] = [];
  const t = await testApp({
    kv,
    clock,
    bot: (update) => {
      seen.push(update);
      return Promise.resolve();
    },
  });
  const stopping = new AbortController();
  const { log } = t.app;
  const messenger = createTelegram({ token: api.token, apiUrl: api.url, clock, log });
  const lease = pollerLease(t.app);
  const { signal } = stopping;
  const polling = pollTelegram({ messenger, clock, log, handle: t.server.update, lease, signal });
  return {
    seen,
    async stop({ release }: { release: boolean }) {
      stopping.abort();
      await polling;
      if (release) await lease.release();
      await messenger.close();
      await t[Symbol.asyncDispose]();
    },
  };
}

for (const release of [true, false]) {
  const how = release ? "stops" : "dies";
  Deno.test(`each update is taken once, also when the process that polls ${how}`, async () => {
    const kv = await Deno.openKv(":memory:");
    const clock = new TestClock();
    await using api = botApi({ clock });
    api.chat(501);
    const one = await process(api, kv, clock);
    await until("the first asks", () => api.calls.some(({ method }) => method === "getUpdates"));
    const other = await process(api, kv, clock);
    api.say(501, "first");
    await until("the first update", () => one.seen.length === 1);
    await one.stop({ release });
    api.say(501, "second");
    const silentMs = release ? seconds(5) : POLLER_LEASE_MS;
    assertEquals((await kv.get(keys.chatPoller)).value === null, release);
    await until("the second update", () => {
      // It sleeps until the clock moves, and looks again every five seconds.
      if (other.seen.length === 0) clock.advance(silentMs / 12);
      return other.seen.length > 0;
    });
    assertEquals(other.seen.map(({ message }) => (message as { text: string }).text), ["second"]);
    assert(api.calls.every(({ status }) => status !== 409), "they never asked at the same time");
    await other.stop({ release: true });
    kv.close();
  });
}
