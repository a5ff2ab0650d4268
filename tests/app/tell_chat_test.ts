import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import type { Answer } from "../../core/answer.ts";
import { createLog } from "../../core/log.ts";
import { tellInChat } from "../../domain/chats/chat_news.ts";
import { unlink } from "../../domain/chats/chat_owner.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { listOutbox } from "../../domain/mail/outbox.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Delivery, JobRecord } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { type BotApi, botApi, type BotApiOptions } from "../support/bot_api.ts";
import { crowd } from "../support/broadcasts.ts";
import { minutes, seconds, TestClock } from "../support/clock.ts";
import { TestMessenger } from "../support/messenger.ts";

const CHAT = 1_000;

/** Has somebody told of something in their chat. */
function tell({ app }: TestApp, { id }: Account, title = "News"): Promise<void> {
  const news = { kind: "mailings", title, text: "All is well.", href: "/mailings/x" } as const;
  return transact(app, (tx) => tellInChat(app, tx, id, news));
}

const deliveries = async ({ kv }: TestApp) =>
  (await Array.fromAsync(kv.list<Delivery>({ prefix: ["delivery"] }))).map(({ value }) => value);

/** Jobs of chats that are not over. */
async function openJobs({ kv }: TestApp): Promise<JobRecord[]> {
  const jobs = await Array.fromAsync(kv.list<JobRecord>({ prefix: ["job"] }));
  return jobs.map(({ value }) => value)
    .filter(({ kind, finishedAt }) => kind === "tell_chat" && finishedAt === null);
}

/** Whether any job is still to come. */
async function isDueLater({ kv }: TestApp): Promise<boolean> {
  return (await Array.fromAsync(kv.list({ prefix: ["job_by_due"] }, { limit: 1 }))).length > 0;
}

/** An app with one member whose chat is 1,000, and Telegram on loopback on the same moved clock. */
async function withTelegram(
  act: (t: TestApp, api: BotApi, member: Account) => Promise<void>,
  options: BotApiOptions = {},
): Promise<void> {
  const clock = new TestClock();
  await using api = botApi({ clock, ...options });
  const { token, url: apiUrl } = api;
  // Waiting for one's turn takes no time of the machine's.
  const hasty = {
    now: () => clock.now(),
    sleep(ms: number) {
      clock.advance(ms);
      return Promise.resolve();
    },
  };
  const log = createLog("error", () => {});
  const messenger = createTelegram({ token, apiUrl, clock: hasty, log });
  try {
    await using t = await testApp({ clock, messenger });
    const { people: [member] } = await crowd(t, 1, { chats: 1 });
    api.chat(CHAT, { name: "Member" });
    await act(t, api, member!);
  } finally {
    await messenger.close();
  }
}

Deno.test("news reach the chat once, with their ledger", async () => {
  await withTelegram(async (t, api, member) => {
    await tell(t, member, "<b>Plan</b> & co");
    await t.drain();
    await t.drain();
    assertEquals(api.messagesIn(CHAT).map(({ text }) => text), ["<b>Plan</b> & co\nAll is well."]);
    const [delivery] = await deliveries(t);
    assertEquals([delivery!.channel, delivery!.state, delivery!.maybeTwice], [
      "telegram",
      "sent",
      false,
    ]);
    assertEquals(delivery!.providerId, String(api.messagesIn(CHAT)[0]!.id));
  });
});

Deno.test("who does not want such news, and who has no chat, is not told", async () => {
  await withTelegram(async (t, api, member) => {
    const none = { mail: false, telegram: false };
    await setPreferences(t.app, member.id, { ...DEFAULT_PREFERENCES, mailings: none });
    await tell(t, member);
    await tell(t, await t.person("Eva"));
    await t.drain();
    assertEquals(api.calls, []);
  });
});

Deno.test("a pause that Telegram asks for is kept for that chat alone, on the clock", async () => {
  await withTelegram(async (t, api, member) => {
    const other = await t.person("Eva");
    api.chat(2_000, { name: "Eva" });
    await transact(t.app, (tx) => {
      const facts = {
        name: "Eva",
        username: null,
        state: "on",
        reason: null,
        linkedAt: 0,
      } as const;
      tx.set(keys.chat(2_000), { chatId: 2_000, accountId: other.id, ...facts });
      tx.set(keys.chatOf(other.id), 2_000);
    });
    api.hold(CHAT, 40);
    await tell(t, member);
    await tell(t, other);
    await t.drain();
    assertEquals([api.messagesIn(CHAT).length, api.messagesIn(2_000).length], [0, 1]);
    for (let s = 0; s < 39; s++) {
      t.clock.advance(seconds(1));
      await t.drain();
    }
    assertEquals(api.messagesIn(CHAT).length, 0);
    t.clock.advance(seconds(2));
    await t.drain();
    assertEquals([api.messagesIn(CHAT).length, api.early], [1, 0]);
  });
});

Deno.test("a chat that is blocked turns off: nothing more is tried, a letter and the inbox say so", async () => {
  await withTelegram(async (t, api, member) => {
    api.block(CHAT);
    await tell(t, member);
    await t.drain();
    const chat = await read(t.app, keys.chat(CHAT));
    assertEquals(chat?.state, "off");
    assertMatch(chat?.reason ?? "", /blocked by the user/);
    const letters = await listOutbox(t.app, member);
    assertEquals(letters.length, 1);
    assertMatch(letters[0]!.subject, /Telegram/);
    const { items } = await listNotifications(t.app, { accountId: member.id });
    assertEquals(items.map(({ title }) => title), ["Telegram is turned off"]);

    const calls = api.calls.length;
    await tell(t, member);
    t.clock.advance(minutes(60));
    await t.drain();
    assertEquals(api.calls.length, calls);
    assertEquals((await listOutbox(t.app, member)).length, 1, "one letter, however often");
  });
});

Deno.test("who unlinks the chat while a message waits is not written to any more", async () => {
  await withTelegram(async (t, api, member) => {
    api.hold(CHAT, 40);
    await tell(t, member);
    await t.drain();
    await unlink(t.app, { accountId: member.id });
    t.clock.advance(minutes(2));
    await t.drain();
    assertEquals(api.messagesIn(CHAT), []);
    assertEquals((await deliveries(t)).map(({ state }) => state), ["skipped"]);
    assertEquals(await openJobs(t), []);
  });
});

Deno.test("what Telegram may have taken is not sent again, and the ledger says so", async () => {
  await withTelegram(async (t, api, member) => {
    api.drop(1, "after");
    await tell(t, member, "First");
    await t.drain();
    api.drop(1, "before");
    await tell(t, member, "Second");
    t.clock.advance(minutes(120));
    await t.drain();
    assertEquals(api.messagesIn(CHAT).map(({ text }) => text), ["First\nAll is well."]);
    assertEquals(api.calls.length, 2);
    assertEquals((await deliveries(t)).map(({ state }) => state), ["failed", "failed"]);
    assertEquals(await openJobs(t), []);
  });
});

Deno.test("a process that dies between the call and its commit: rather not than twice", async () => {
  for (const taken of [true, false]) {
    const kv = await Deno.openKv(":memory:");
    {
      const { promise: late, resolve: answer } = Promise.withResolvers<void>();
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const messenger = new TestMessenger();
      let calls = 0;
      messenger.answer = async (): Promise<Answer> => {
        calls++;
        begin();
        await late;
        return taken
          ? { is: "accepted", providerId: "7" }
          : { is: "down", reason: "the machine was gone" };
      };
      await using a = await testApp({ kv, messenger });
      const { people: [member] } = await crowd(a, 1, { chats: 1 });
      await tell(a, member!);
      const drained = a.drain();
      await begun;

      await using b = await testApp({ kv, messenger: new TestMessenger(), clock: new TestClock() });
      b.clock.advance(minutes(5)); // the lease of the first is over
      await b.drain();
      answer();
      await drained;
      b.clock.advance(minutes(60));
      await b.drain();
      assertEquals(calls, 1);
      const [delivery] = await deliveries(b);
      assertEquals(delivery!.state, "failed");
      assertMatch(delivery!.reason ?? "", /process ended/);
      assertEquals(await openJobs(b), []);
    }
    kv.close();
  }
});

Deno.test("300 chats under pauses at random: each has it once, none is called before its time", async () => {
  const flood = { seed: 11, share: 0.2, maxS: 60 };
  await withTelegram(async (t, api) => {
    const { people } = await crowd(t, 300, { chats: 300 });
    for (let i = 0; i < 300; i++) api.chat(1_000 + i, { name: `Member ${i}` });
    for (const member of people) await tell(t, member);
    // Those who wait for their turn move the clock, so many calls come at one moment of it: Telegram
    // refuses most of them, far more than the share that is refused at random.
    for (let rounds = 0; rounds < 500 && await isDueLater(t); rounds++) {
      t.clock.advance(seconds(10));
      await t.drain();
    }
    assertEquals((await openJobs(t)).length, 0);
    const counts = people.map((_, i) => api.messagesIn(1_000 + i).length);
    assertEquals(counts.filter((n) => n !== 1), []);
    assertEquals(api.early, 0);
    const refused = api.calls.filter(({ status }) => status === 429).length;
    assert(refused >= 50, `${refused} pauses were asked for`);
    assertEquals((await deliveries(t)).filter(({ state }) => state !== "sent"), []);
  }, { flood });
});
