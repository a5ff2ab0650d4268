import { assert, assertEquals } from "@std/assert";
import type { Answer } from "../../core/answer.ts";
import { cancelBroadcast } from "../../domain/broadcasts/broadcast_acts.ts";
import { getBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { unlink } from "../../domain/chats/chat_owner.ts";
import { testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { seconds } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import { seeded } from "../support/random.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
const CHATS = 2_000;
const ROUNDS = 600;

Deno.test("2,000 chats that are told to wait at random get it once each, and none is called early", async () => {
  const random = seeded(20261123);
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const { root } = await crowd(t, CHATS, { chats: CHATS });
  const notBefore = new Map<number, number>();
  let early = 0;
  let waits = 0;
  messenger.answer = ({ chatId }): Answer => {
    const now = t.clock.now();
    if (now < (notBefore.get(chatId) ?? 0)) early++;
    if (random() >= 0.3) return { is: "accepted", providerId: "1" };
    const retryAfterMs = seconds(1 + Math.floor(random() * 40));
    notBefore.set(chatId, now + retryAfterMs);
    waits++;
    return { is: "postponed", reason: "Too Many Requests", retryAfterMs };
  };
  const channels = { mail: false, telegram: true };
  const { id, version } = await written(t, root, { channels });
  const ref = { id, adminId: root.id };
  await confirmBroadcast(t.app, { ...ref, version, members: CHATS + 1 });
  const over = async () => (await getBroadcast(t.app, ref)).broadcast.state === "finished";
  let rounds = 0;
  do {
    await t.drain();
    t.clock.advance(seconds(1));
  } while (!await over() && ++rounds < ROUNDS);

  assertEquals(early, 0);
  assert(waits > 500, `only ${waits} were told to wait`);
  assertEquals(messenger.chats().length, CHATS);
  assertEquals(new Set(messenger.chats()).size, CHATS);
  const { runs: [run] } = await getBroadcast(t.app, ref);
  assertEquals(run?.telegram, { total: CHATS, sent: CHATS, failed: 0, skipped: 0 });
});

Deno.test("a chat that blocked the bot fails alone and is turned off", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const { root } = await crowd(t, 3, { chats: 3 });
  messenger.answer = ({ chatId }) =>
    chatId === 1_001
      ? { is: "refused", reason: "Forbidden: bot was blocked by the user", badAddress: true }
      : { is: "accepted", providerId: "1" };
  const channels = { mail: false, telegram: true };
  const { id, version } = await written(t, root, { channels });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 4 });
  await t.drain();
  assertEquals(messenger.chats(), [1_000, 1_002]);
  const { broadcast: { state }, runs: [run] } = await getBroadcast(t.app, { id, adminId: root.id });
  assertEquals([state, run?.telegram.sent, run?.telegram.failed], ["finished", 2, 1]);
});

Deno.test("who unlinks the chat while the message waits there is not written to any more", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const { root, people: [first] } = await crowd(t, 2, { chats: 2 });
  messenger.answer = () => ({ is: "postponed", reason: "busy", retryAfterMs: seconds(40) });
  const channels = { mail: false, telegram: true };
  const { id, version } = await written(t, root, { channels });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 3 });
  await t.drain();
  await unlink(t.app, { accountId: first!.id });
  messenger.answer = (message) => messenger.accept(message);
  t.clock.advance(seconds(60));
  await t.drain();
  assertEquals(messenger.chats(), [1_001]);
  const { broadcast: { state }, runs: [run] } = await getBroadcast(t.app, { id, adminId: root.id });
  assertEquals([state, run?.telegram.sent, run?.telegram.skipped], ["finished", 1, 1]);
});

Deno.test("a part whose every message was put off for a day can still be ended in one commit", async () => {
  const messenger = new TestMessenger();
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer, messenger });
  const { root } = await crowd(t, 49, { chats: 49 });
  const busy: Answer = {
    is: "postponed",
    reason: "busy ".repeat(20),
    retryAfterMs: seconds(1_200),
  };
  messenger.answer = () => busy;
  mailer.answer = () => busy;
  const { id, version } = await written(t, root);
  const ref = { id, adminId: root.id };
  await confirmBroadcast(t.app, { ...ref, version, members: 50 });
  for (let i = 0; i < 65; i++) {
    await t.drain();
    t.clock.advance(seconds(1_200));
  }
  await cancelBroadcast(t.app, ref);
  await t.drain();
  const { broadcast: { openRuns }, runs: [run] } = await getBroadcast(t.app, ref);
  assertEquals(openRuns, []);
  assertEquals([run?.mail.skipped, run?.telegram.skipped], [50, 49]);
});
