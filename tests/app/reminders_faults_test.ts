import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listNotifications } from "../../domain/notifications.ts";
import { markDone, snooze, undo } from "../../domain/reminders/occurrences.ts";
import { getReminder } from "../../domain/reminders/reminder_list.ts";
import { cancelReminder } from "../../domain/reminders/reminders.ts";
import { fireJobId } from "../../domain/reminders/reminder_moves.ts";
import { end } from "../../jobs/lease.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { atRandom, lyingKv } from "../support/lying_kv.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import { runsUntil } from "../support/mortal.ts";
import { seeded } from "../support/random.ts";
import { assertSound, daily, linkChat, occurrences, remind, states } from "../support/reminders.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
const everywhere = { page: true, telegram: true, mail: ["ada@example.org", "bob@example.org"] };

/** A daily reminder of Ada's on every channel, due now. */
async function due(t: TestApp) {
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const { id, nextAt } = await remind(t.app, ada, { rule: daily, channels: everywhere });
  t.clock.advance(hours(22));
  return { ada, id, ref: { reminderId: id, dueAt: nextAt!, ownerId: ada.id } };
}

/** Time and doorbells, until leases and settling are over. */
async function passes(t: TestApp) {
  for (let i = 0; i < 10; i++) {
    t.clock.advance(minutes(1));
    await t.drain();
  }
}

Deno.test("killed at any commit, before or after it: rung once, nothing lost, the next one waits", async () => {
  let deaths = 0;
  for (const applied of [false, true]) {
    for (let at = 1;; at++) {
      const mailer = new TestMailer({ lookup: true });
      const messenger = new TestMessenger();
      await using t = await testApp({ env, mailer, messenger });
      const { ada } = await due(t);
      if (!await runsUntil(t.app, { at, applied })) break;
      deaths++;
      await assertSound(t);
      await passes(t);
      await assertSound(t);
      assertEquals(await states(t.kv), ["ringing", "waiting"], `${at} ${applied}`);
      const { items } = await listNotifications(t.app, { accountId: ada.id });
      assertEquals(items.length, 1, `in the inbox once, ${at} ${applied}`);
      const people = ["ada@example.org", "bob@example.org"];
      assertEquals(mailer.recipients().sort(), people, `mailed once, ${at} ${applied}`);
      assert(messenger.sent.length >= 1, "told in the chat");
    }
  }
  assert(deaths >= 12, `only ${deaths} deaths`);
});

Deno.test("two processes that see it due at once ring it once", async () => {
  const kv = await Deno.openKv(":memory:");
  {
    const mailer = new TestMailer({ lookup: true });
    const messenger = new TestMessenger();
    await using one = await testApp({ env, mailer, messenger, kv });
    await using two = await testApp({ env, mailer, messenger, kv, clock: one.clock });
    const { ada } = await due(one);
    await Promise.all([one.drain(), two.drain()]);
    assertEquals(await states(kv), ["ringing", "waiting"]);
    assertEquals((await listNotifications(one.app, { accountId: ada.id })).items.length, 1);
    assertEquals([mailer.accepted.length, messenger.sent.length], [2, 1]);
    await assertSound(one);
  }
  kv.close();
});

Deno.test("a store that lies about its commits makes nothing ring twice or never", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const real = await Deno.openKv(":memory:");
    {
      const lies = atRandom(seeded(seed), { commit: { lie: 0.15, repeat: 0.15 } });
      const { kv } = lyingKv(real, lies);
      const mailer = new TestMailer({ lookup: true });
      const messenger = new TestMessenger();
      await using t = await testApp({ env, mailer, messenger, kv });
      const { ada, ref } = await due(t);
      await passes(t);
      await markDone(t.app, ref, "page");
      await passes(t);
      const seen = { ...t, kv: real };
      await assertSound(seen);
      assertEquals(await states(real), ["done", "waiting"], `seed ${seed}`);
      assertEquals((await listNotifications(t.app, { accountId: ada.id })).items.length, 1);
      assertEquals([mailer.accepted.length, messenger.sent.length], [2, 1], `seed ${seed}`);
      assertStringIncludes(messenger.shown.get(1)!.html, "Done on the page");
    }
    real.close();
  }
});

Deno.test("a reminder that kills its process is given up, and its series goes on", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { ada, id } = await due(t);
  for (let i = 0; i < 3; i++) {
    assert(await runsUntil(t.app, { at: 2, applied: false })); // claimed, and never rung
    t.clock.advance(minutes(1));
  }
  await t.drain();
  assertEquals(await states(t.kv), ["missed", "waiting"]);
  await assertSound(t);
  const { items: [told] } = await listNotifications(t.app, { accountId: ada.id });
  assertStringIncludes(told!.text, "Could not ring: 3 tries ended without an answer");
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(await states(t.kv), ["missed", "ringing", "waiting"]);
  const { occurrences: [, rang] } = await getReminder(t.app, { id, ownerId: ada.id });
  assert(rang!.deliveries.every(({ state }) => state === "sent"));
});

Deno.test("a letter that cannot be made fails with its reason; the reminder rang all the same", async () => {
  const mailer = new TestMailer();
  mailer.answer = () => Promise.reject(new Error("a bug"));
  await using t = await testApp({ env, mailer });
  const { ada, id } = await due(t);
  for (let i = 0; i < 12; i++) {
    await t.drain();
    t.clock.advance(hours(1));
  }
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  await assertSound(t);
  const { occurrences: [, rang] } = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals(rang!.deliveries.map(({ state }) => state), ["sent", "failed", "failed"]);
  assertStringIncludes(rang!.deliveries[1]!.reason!, "8 tries failed");
});

Deno.test("a series whose job an operator ended rings again a day later", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const ada = await t.person("Ada");
  await remind(t.app, ada, { rule: daily });
  await t.server.lookAhead();
  await transact(t.app, async (tx) => {
    const [waiting] = await occurrences(t.kv);
    const job = await tx.get(keys.job(await fireJobId(waiting!)));
    await end(t.app, tx, job!, "cancelled", "by an operator");
  });
  t.clock.advance(days(1)); // two hours after its time
  await t.drain();
  assertEquals(await states(t.kv), ["waiting"]);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(await states(t.kv), ["missed", "ringing", "waiting"]);
  await assertSound(t);
});

Deno.test("a snooze survives a death at any commit of its ringing", async () => {
  for (const applied of [false, true]) {
    for (let at = 1;; at++) {
      const mailer = new TestMailer({ lookup: true });
      await using t = await testApp({ env, mailer, messenger: new TestMessenger() });
      const { ref } = await due(t);
      await t.drain();
      await snooze(t.app, { ...ref, until: t.clock.now() + hours(1) }, "page");
      await t.drain();
      t.clock.advance(hours(1));
      if (!await runsUntil(t.app, { at, applied })) break;
      await passes(t);
      await assertSound(t);
      assertEquals(await states(t.kv), ["ringing", "waiting"], `${at} ${applied}`);
      assertEquals(mailer.accepted.length, 4, `${at} ${applied}`);
    }
  }
});

Deno.test("an act while it begins to ring is either before or after it, never half", async () => {
  for (let late = 0; late < 12; late++) {
    const mailer = new TestMailer();
    await using t = await testApp({ env, mailer, messenger: new TestMessenger() });
    const { ada, id, ref } = await due(t);
    const acts = [
      () => markDone(t.app, ref, "page"),
      () => snooze(t.app, { ...ref, until: t.clock.now() + hours(1) }, "page"),
      () => cancelReminder(t.app, { id, ownerId: ada.id }, "page"),
    ];
    const act = async () => {
      for (let i = 0; i < late; i++) await Promise.resolve();
      await acts[late % 3]!();
    };
    await Promise.all([t.drain(), act()]);
    await t.drain();
    await assertSound(t);
    const [first] = await occurrences(t.kv);
    assertEquals(first!.state, ["done", "snoozed", "cancelled"][late % 3]);
    const told = await list(t.app, ranges.notificationsOf(ada.id));
    assertEquals(told.length, first!.jobs.length, "told of it if it rang");
  }
});

Deno.test("done and taken back at the same time end in one of the two", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { ref } = await due(t);
  await t.drain();
  const done = () => markDone(t.app, ref, "page");
  const back = () => undo(t.app, ref, "telegram");
  await Promise.allSettled(Array.from({ length: 20 }, (_, i) => i % 2 ? back() : done()));
  await assertSound(t);
  const [first] = await occurrences(t.kv);
  assert(first!.state === "done" || first!.state === "ringing");
});
