import { assert, assertEquals } from "@std/assert";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { getBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { listNotifications, unreadCount } from "../../domain/notifications.ts";
import { ranges } from "../../kv/keys.ts";
import { createServer } from "../../server.ts";
import { testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { minutes } from "../support/clock.ts";
import { type Death, dyingApp } from "../support/dying_app.ts";
import { atRandom, lyingKv } from "../support/lying_kv.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import { seeded } from "../support/random.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
/** Two parts of fifty accounts, with three members in each and the admin behind them. */
const ACCOUNTS = 100;
const isMember = (i: number) => i < 3 || i > 96;

/** A process stops at its `at`th commit, another one takes over. @returns false when there were fewer. */
async function survives(at: number, death: Death): Promise<boolean> {
  using kv = await Deno.openKv(":memory:");
  const mailer = new TestMailer({ name: "mailjet", batch: 50, lookup: true });
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer, messenger, kv });
  const lurking = (i: number) => !isMember(i);
  const { root, people } = await crowd(t, ACCOUNTS, { chats: 2, lurking });
  const everybody = [root, ...people];
  const broadcast = await written(t, root);
  const { members } = await broadcastCounts(t.app, broadcast);
  assertEquals(members, 7);
  const ref = { id: broadcast.id, adminId: root.id };
  await confirmBroadcast(t.app, { ...ref, version: 1, members });

  const victim = dyingApp(t.app, { at, death });
  const drained = createServer(victim.app, { assets: { css: "", js: null, parts: [] } }).drain();
  const stopped = await Promise.race([
    victim.stopped.then(() => true),
    drained.then(() => false),
  ]);
  const over = async () => (await getBroadcast(t.app, ref)).broadcast.state === "finished";
  for (let i = 0; i < 10 && !await over(); i++) {
    t.clock.advance(minutes(1));
    await t.drain();
  }
  if (death === "pause") {
    victim.goOn();
    await drained;
    await t.drain();
  }

  const where = `commit ${at}, ${death}`;
  const { broadcast: { state, openRuns }, runs } = await getBroadcast(t.app, ref);
  assertEquals([state, openRuns, runs.length], ["finished", [], 1], where);
  for (const { id, name } of everybody) {
    const { items } = await listNotifications(t.app, { accountId: id });
    assertEquals(items.map(({ kind }) => kind), ["broadcast"], `${name}, ${where}`);
    assertEquals(await unreadCount(t.app, id), 1, `${name}, ${where}`);
  }
  const mailed = mailer.recipients().toSorted();
  assertEquals(mailed, everybody.map(({ email }) => email).toSorted(), where);
  // a call of which nobody knows the end is not repeated, and said to be so
  assertEquals(new Set(messenger.chats()).size, messenger.chats().length, where);
  const [run] = runs;
  assertEquals([run?.members, run?.mail.sent, run?.telegram.total], [7, 7, 2], where);
  assert(run!.telegram.sent + run!.telegram.failed === 2, where);
  const told = await Array.fromAsync(t.app.store.list(ranges.eventsAfter("everyone", 0)));
  assertEquals(told.length, 1, where);
  return stopped;
}

for (const death of ["before", "after", "pause"] as const) {
  Deno.test(`every member has it once when a process stops at any commit (${death})`, async () => {
    let at = 1;
    while (await survives(at, death)) at++;
    assert(at > 20, `there were only ${at} commits`);
  });
}

Deno.test("every member has it once where the store lies about its commits or takes them twice", async () => {
  using real = await Deno.openKv(":memory:");
  const faults = atRandom(seeded(23), { commit: { lie: 0.15, repeat: 0.15 } });
  const lying = lyingKv(real, faults);
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer, kv: lying.kv });
  const { root, people } = await crowd(t, 120);
  const ref = { id: (await written(t, root)).id, adminId: root.id };
  await confirmBroadcast(t.app, { ...ref, version: 1, members: 121 });
  await t.drain();
  assertEquals((await getBroadcast(t.app, ref)).broadcast.state, "finished");
  for (const { id } of [root, ...people]) assertEquals(await unreadCount(t.app, id), 1);
  assertEquals(mailer.recipients().length, 121);
  assertEquals(new Set(mailer.recipients()).size, 121);
});
