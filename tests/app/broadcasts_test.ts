import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import {
  cancelBroadcast,
  confirmBroadcast as confirmAlone,
} from "../../domain/broadcasts/broadcast_acts.ts";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import {
  createBroadcast,
  getBroadcast,
  listBroadcasts,
  updateBroadcast,
} from "../../domain/broadcasts/broadcasts.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { setPreferences } from "../../domain/accounts/preferences.ts";
import { keys } from "../../kv/keys.ts";
import type { BroadcastWhen } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
const parts = () => ({ env, mailer: new TestMailer(), messenger: new TestMessenger() });

const titles = async (t: TestApp, accountId: string) =>
  (await listNotifications(t.app, { accountId })).items.map(({ title }) => title);

Deno.test("an announcement reaches every member once, in the inbox and by the ways they want", async () => {
  const { mailer, messenger } = parts();
  await using t = await testApp({ env, mailer, messenger });
  const { root, people } = await crowd(t, 250, { chats: 40 });
  const broadcast = await written(t, root);
  assertEquals(await broadcastCounts(t.app, broadcast), { members: 251, mail: 251, telegram: 40 });

  const { version } = broadcast;
  await confirmBroadcast(t.app, { id: broadcast.id, adminId: root.id, version, members: 251 });
  await t.drain();
  for (const { id } of [root, ...people]) assertEquals(await titles(t, id), ["Moving on Friday"]);
  assertEquals(mailer.recipients().toSorted(), [root, ...people].map((p) => p.email).toSorted());
  assertEquals(messenger.chats().length, 40);
  assertEquals(new Set(messenger.chats()).size, 40);
  const { broadcast: { state, ledger }, runs: [run] } = await getBroadcast(t.app, {
    id: broadcast.id,
    adminId: root.id,
  });
  assertEquals(state, "finished");
  assertEquals([run?.members, run?.mail.sent, run?.telegram.sent], [251, 251, 40]);
  assertEquals(ledger.map(({ text }) => text), [
    "Written by Root",
    "Confirmed by Root for 251 people",
    "Began to go out",
    "Reached 251 people",
  ]);
});

Deno.test("counts say who would get it by which way", async () => {
  const { mailer, messenger } = parts();
  await using t = await testApp({ env, mailer, messenger });
  const { root, people } = await crowd(t, 4, { chats: 3 });
  const [quiet, , blocked, unproven] = people;
  const ways = { mail: false, telegram: false };
  const all = { mail: true, telegram: true };
  await setPreferences(t.app, quiet!.id, { reminders: all, mailings: all, broadcasts: ways });
  await transact(t.app, async (tx) => {
    const chatId = (await tx.get(keys.chatOf(blocked!.id)))!;
    tx.set(keys.chat(chatId), { ...(await tx.get(keys.chat(chatId)))!, state: "off" });
    // proven through the outbox only, and real mail leaves here
    tx.set(keys.account(unproven!.id), { ...unproven!, verified: { at: 0, by: "outbox" } });
  });
  await t.person("Nobody", { verified: null });
  const both = { channels: { mail: true, telegram: true } };
  assertEquals(await broadcastCounts(t.app, both), { members: 5, mail: 3, telegram: 1 });
  const none = { channels: { mail: false, telegram: false } };
  assertEquals(await broadcastCounts(t.app, none), { members: 5, mail: 0, telegram: 0 });
  assertEquals(root.role, "admin");
});

Deno.test("who is no admin finds nothing, and nothing changes", async () => {
  await using t = await testApp(parts());
  const { root, people: [bob] } = await crowd(t, 1);
  const adminId = bob!.id;
  const broadcast = await written(t, root);
  const { id, title, text, channels, when, version } = broadcast;
  const words = { title: "Mine", text, channels, when };
  const tries = [
    () => createBroadcast(t.app, { ...words, authorId: adminId, via: "page" }),
    // bad input as well: nothing is told of what would be wrong with it
    () => createBroadcast(t.app, { ...words, title: "", authorId: adminId, via: "page" }),
    () => updateBroadcast(t.app, { ...words, id, adminId, version }),
    () => confirmBroadcast(t.app, { id, adminId, version, members: 2 }),
    () => cancelBroadcast(t.app, { id, adminId }),
    () => getBroadcast(t.app, { id, adminId }),
    () => listBroadcasts(t.app, { adminId }),
  ];
  for (const act of tries) {
    const error = await assertRejects(act, AppError);
    assertEquals(error.code, "not_found");
  }
  await t.drain();
  const { items } = await listBroadcasts(t.app, { adminId: root.id });
  assertEquals(items.map(({ broadcast }) => broadcast), [broadcast]);
  assertEquals(await titles(t, bob!.id), []);
  assertEquals(title, "Moving on Friday");
});

const bad: [string, string, Partial<Parameters<typeof createBroadcast>[1]>][] = [
  ["title", "no title", { title: " " }],
  ["title", "a title over two lines", { title: "a\nb" }],
  ["title", "a long title", { title: "x".repeat(121) }],
  ["text", "a long text", { text: "x".repeat(1_001) }],
  ["at", "a past time", { when: { is: "at", wall: "2026-11-23T10:59", zone: "Europe/Berlin" } }],
  ["at", "no such day", { when: { is: "at", wall: "2026-02-30T10:00", zone: "Europe/Berlin" } }],
  ["at", "a time far away", { when: { is: "at", wall: "2037-01-01T10:00", zone: "UTC" } }],
  ["zone", "an unknown zone", { when: { is: "at", wall: "2026-12-01T10:00", zone: "Mars/Rim" } }],
  ["cron", "every minute", { when: { is: "cron", pattern: "* * * * *", zone: "UTC" } }],
  ["cron", "every second", { when: { is: "cron", pattern: "* * * * * *", zone: "UTC" } }],
  ["cron", "a pattern that is none", { when: { is: "cron", pattern: "61 9 * * *", zone: "UTC" } }],
  ["cron", "a day that never comes", { when: { is: "cron", pattern: "0 9 30 2 *", zone: "UTC" } }],
  ["zone", "a rule nowhere", { when: { is: "cron", pattern: "0 9 * * *", zone: "" } }],
];

Deno.test("what cannot be announced is refused with the field that is to blame", async () => {
  await using t = await testApp(parts());
  const { root } = await crowd(t, 0);
  for (const [field, what, change] of bad) {
    const error = await assertRejects(() => written(t, root, change), AppError, "Cannot");
    assertEquals([error.code, error.field], ["invalid", field], what);
  }
  assertEquals((await listBroadcasts(t.app, { adminId: root.id })).items, []);
});

Deno.test("the same key makes one broadcast", async () => {
  await using t = await testApp(parts());
  const { root } = await crowd(t, 0);
  const made = await Promise.all([1, 2, 3].map(() => written(t, root, { key: "k" })));
  assertEquals(new Set(made.map(({ id }) => id)).size, 1);
  assertEquals((await listBroadcasts(t.app, { adminId: root.id })).items.length, 1);
});

Deno.test("nothing goes out that was not confirmed as it is now, for as many as it is now", async () => {
  await using t = await testApp(parts());
  const { root, people: [bob] } = await crowd(t, 1);
  const { id, version, ...rest } = await written(t, root);
  const ref = { id, adminId: root.id };
  const error = await assertRejects(
    () => confirmBroadcast(t.app, { ...ref, version, members: 1 }),
    AppError,
    "would now reach 2 people, not 1",
  );
  assertEquals(error.code, "conflict");
  const changed = await updateBroadcast(t.app, { ...rest, ...ref, version, title: "Other" });
  await assertRejects(
    () => confirmBroadcast(t.app, { ...ref, version, members: 2 }),
    AppError,
    "changed meanwhile",
  );
  await assertRejects(() => updateBroadcast(t.app, { ...rest, ...ref, version }), AppError);
  await t.drain();
  assertEquals(await titles(t, bob!.id), []);
  await confirmBroadcast(t.app, { ...ref, version: changed.version, members: 2 });
  await confirmBroadcast(t.app, { ...ref, version: changed.version, members: 2 });
  await t.drain();
  assertEquals(await titles(t, bob!.id), ["Other"]);
});

const tomorrow: BroadcastWhen = { is: "at", wall: "2026-11-24T09:00", zone: "Europe/Berlin" };

Deno.test("one that is scheduled comes at its time, and not when it was cancelled before", async () => {
  await using t = await testApp(parts());
  const { root, people: [bob] } = await crowd(t, 1);
  const adminId = root.id;
  const kept = await written(t, root, { when: tomorrow });
  const dropped = await written(t, root, { when: tomorrow, title: "Never" });
  for (const { id, version } of [kept, dropped]) {
    t.clock.advance(minutes(10));
    await confirmBroadcast(t.app, { id, adminId, version, members: 2 });
  }
  await cancelBroadcast(t.app, { id: dropped.id, adminId });
  t.clock.advance(Date.parse("2026-11-24T07:59:59Z") - t.clock.now());
  await t.drain();
  assertEquals(await titles(t, bob!.id), []);
  t.clock.advance(1_000);
  await t.drain();
  assertEquals(await titles(t, bob!.id), ["Moving on Friday"]);
  const states = await listBroadcasts(t.app, { adminId });
  assertEquals(states.items.map(({ broadcast }) => broadcast.state).toSorted(), [
    "cancelled",
    "finished",
  ]);
});

Deno.test("an edit before its time takes the confirmation back, and the old job does nothing", async () => {
  await using t = await testApp(parts());
  const { root, people: [bob] } = await crowd(t, 1);
  const adminId = root.id;
  const { id, version, ...rest } = await written(t, root, { when: tomorrow });
  await confirmBroadcast(t.app, { id, adminId, version, members: 2 });
  const later: BroadcastWhen = { is: "at", wall: "2026-11-24T12:00", zone: "Europe/Berlin" };
  const edited = await updateBroadcast(t.app, { ...rest, id, adminId, version, when: later });
  assertEquals([edited.state, edited.nextAt], ["draft", null]);
  await confirmBroadcast(t.app, { id, adminId, version: edited.version, members: 2 });
  t.clock.advance(Date.parse("2026-11-24T08:30:00Z") - t.clock.now());
  await t.drain();
  assertEquals(await titles(t, bob!.id), []);
  t.clock.advance(hours(3));
  await t.drain();
  assertEquals(await titles(t, bob!.id), ["Moving on Friday"]);
});

Deno.test("everybody can be told something once in ten minutes, whoever confirms it", async () => {
  await using t = await testApp(parts());
  const { root } = await crowd(t, 1);
  const other = await t.person("Other", { role: "admin" });
  const drafts = await Promise.all([1, 2, 3, 4].map(() => written(t, root)));
  const confirm = ({ id, version }: { id: string; version: number }, adminId = root.id) =>
    confirmBroadcast(t.app, { id, adminId, version, members: 3 });
  const ends = await Promise.allSettled(
    drafts.map((one, i) => confirm(one, i % 2 ? other.id : root.id)),
  );
  assertEquals(ends.filter(({ status }) => status === "fulfilled").length, 1);
  const left = drafts.filter((_, i) => ends[i]!.status === "rejected");
  t.clock.advance(minutes(9) - 1); // and the one that passed already
  assertEquals((await assertRejects(() => confirm(left[0]!), AppError)).code, "rate_limited");
  t.clock.advance(1);
  await confirm(left[0]!);
  assertEquals((await assertRejects(() => confirm(left[1]!), AppError)).code, "rate_limited");
});

Deno.test("one that is changed or cancelled before it told anybody anything does not count", async () => {
  await using t = await testApp(parts());
  const { root } = await crowd(t, 1);
  const adminId = root.id;
  const { id, version, ...rest } = await written(t, root, { when: tomorrow });
  const confirm = (version: number) =>
    confirmBroadcast(t.app, { id, adminId, version, members: 2 });
  await confirm(version);
  const edited = await updateBroadcast(t.app, { ...rest, id, adminId, version, title: "Again" });
  await confirm(edited.version);
  await cancelBroadcast(t.app, { id, adminId });
  const now = await written(t, root);
  await confirmBroadcast(t.app, { id: now.id, adminId, version: now.version, members: 2 });
  await t.drain();
  const next = await written(t, root, { when: tomorrow });
  const again = () =>
    confirmBroadcast(t.app, { id: next.id, adminId, version: next.version, members: 2 });
  assertEquals((await assertRejects(again, AppError)).code, "rate_limited");
});

Deno.test("one for now tells nobody for a minute, and when it is undone meanwhile nobody at all", async () => {
  await using t = await testApp(parts());
  const { root, people: [bob] } = await crowd(t, 1);
  const adminId = root.id;
  const confirmed = async () => {
    const { id, version } = await written(t, root);
    const { nextAt } = await confirmAlone(t.app, { id, adminId, version, members: 2 });
    assertEquals(nextAt, t.clock.now() + minutes(1));
    t.clock.advance(minutes(1) - 1);
    await t.drain();
    assertEquals(await titles(t, bob!.id), []);
    return id;
  };
  await cancelBroadcast(t.app, { id: await confirmed(), adminId });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(await titles(t, bob!.id), []);
  await confirmed(); // at once: what told nobody anything does not count
  t.clock.advance(1);
  await t.drain();
  assertEquals(await titles(t, bob!.id), ["Moving on Friday"]);
});

Deno.test("what is over can be neither changed, nor sent, nor cancelled", async () => {
  await using t = await testApp(parts());
  const { root } = await crowd(t, 1);
  const adminId = root.id;
  const { id, version, ...rest } = await written(t, root);
  await confirmBroadcast(t.app, { id, adminId, version, members: 2 });
  await t.drain();
  for (
    const act of [
      () => updateBroadcast(t.app, { ...rest, id, adminId, version }),
      () => confirmBroadcast(t.app, { id, adminId, version, members: 2 }),
      () => cancelBroadcast(t.app, { id, adminId }),
    ]
  ) {
    const error = await assertRejects(act, AppError);
    assertMatch(error.message, /finished/);
    assertEquals(error.code, "conflict");
  }
});

Deno.test("one that was cancelled while it goes out sends nothing more, and ends", async () => {
  const { mailer, messenger } = parts();
  await using t = await testApp({ env, mailer, messenger });
  const { root, people } = await crowd(t, 3);
  const adminId = root.id;
  const { id, version } = await written(t, root);
  mailer.answer = () => ({ is: "postponed", reason: "busy", retryAfterMs: minutes(1) });
  await confirmBroadcast(t.app, { id, adminId, version, members: 4 });
  await t.drain();
  assertEquals((await getBroadcast(t.app, { id, adminId })).broadcast.state, "running");
  await cancelBroadcast(t.app, { id, adminId });
  mailer.answer = (mail) => mailer.accept(mail);
  t.clock.advance(minutes(2));
  await t.drain();
  assertEquals(mailer.recipients(), []);
  const { broadcast, runs: [run] } = await getBroadcast(t.app, { id, adminId });
  assertEquals([broadcast.state, broadcast.openRuns], ["cancelled", []]);
  assertEquals([run?.finishedAt, run?.mail.skipped], [t.clock.now(), 4]);
  assertEquals(await titles(t, people[0]!.id), ["Moving on Friday"]);
});
