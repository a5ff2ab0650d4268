import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listNotifications } from "../../domain/notifications.ts";
import { getReminder } from "../../domain/reminders/reminder_list.ts";
import { createNote, deleteNote } from "../../domain/notes/notes.ts";
import { keys } from "../../kv/keys.ts";
import type { JobRecord } from "../../kv/schema.ts";
import { testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import {
  assertSound,
  daily,
  hourly,
  linkChat,
  occurrences,
  remind,
  states,
} from "../support/reminders.ts";

const env = {
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  RECIPIENT_CHECK: "off",
};

Deno.test("a reminder rings at its time and not before", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await remind(t.app, ada); // tomorrow 09:00, 22 hours from now
  t.clock.advance(hours(22) - 1);
  await t.drain();
  assertEquals(await states(t.kv), ["waiting"]);
  assertEquals((await listNotifications(t.app, { accountId: ada.id })).items, []);
  t.clock.advance(1);
  await t.drain();
  assertEquals(await states(t.kv), ["ringing"]);
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.map(({ kind, title, text }) => [kind, title, text]), [
    ["reminder", "Call the bank", "due Tue 24 Nov 09:00"],
  ]);
  await assertSound(t);
  t.clock.advance(days(3));
  await t.drain();
  assertEquals((await listNotifications(t.app, { accountId: ada.id })).items.length, 1);
});

Deno.test("a clock that steps back after the doorbell rings nothing early", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const { id, nextAt } = await remind(t.app, ada);
  const [job] = await Array.fromAsync(t.kv.list<JobRecord>({ prefix: ["job"] }));
  const early = { ...job!.value, dueAt: t.clock.now() };
  await t.kv.atomic().set(job!.key, early)
    .delete(keys.jobByDue(job!.value.dueAt, early.id))
    .set(keys.jobByDue(early.dueAt, early.id), early.id).commit();
  await t.drain();
  assertEquals(await states(t.kv), ["waiting"]);
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals(
    (await occurrences(t.kv)).map(({ reminderId, dueAt, state }) => ({
      reminderId,
      dueAt,
      state,
    })),
    [{ reminderId: id, dueAt: nextAt!, state: "ringing" }],
  );
});

Deno.test("a reminder of ten years ahead waits, and rings", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await remind(t.app, ada, { start: "2036-11-23T09:00" });
  t.clock.advance(Date.parse("2036-11-23T07:59:59Z") - t.clock.now());
  await t.drain();
  assertEquals(await states(t.kv), ["waiting"]);
  t.clock.advance(seconds(1));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing"]);
});

Deno.test("a series goes on by its rule, and the one nobody answered lapses", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await remind(t.app, ada, { rule: daily });
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  await assertSound(t);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(await states(t.kv), ["lapsed", "ringing", "waiting"]);
  await assertSound(t);
});

Deno.test("a series with an end is over after its last time and frees its place", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const { id } = await remind(t.app, ada, { rule: { ...daily, until: "2026-11-25" } });
  for (let i = 0; i < 4; i++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  assertEquals(await states(t.kv), ["lapsed", "ringing"]);
  assertEquals((await getReminder(t.app, { id, ownerId: ada.id })).state, "over");
  await assertSound(t);
});

Deno.test("every day keeps its time on the clock when clocks change", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await remind(t.app, ada, { start: "2027-03-27T09:00", rule: daily });
  t.clock.advance(Date.parse("2027-03-27T08:00:00Z") - t.clock.now());
  await t.drain();
  t.clock.advance(days(1) - hours(1) - 1); // 09:00 in summer time
  await t.drain();
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  t.clock.advance(1);
  await t.drain();
  assertEquals(await states(t.kv), ["lapsed", "ringing", "waiting"]);
});

Deno.test("it rings wherever it is to: inbox, chat, one's own mail with buttons, others' without", async () => {
  const [mailer, messenger] = [new TestMailer(), new TestMessenger()];
  await using t = await testApp({ env, mailer, messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const { id } = await remind(t.app, ada, {
    title: "Pay <rent>",
    text: "to the *bank*",
    rule: { every: 1, unit: "week", weekdays: [1, 2, 3, 4, 5], until: null },
    channels: { page: true, telegram: true, mail: ["ada@example.org", "bob@example.org"] },
  });
  t.clock.advance(hours(22));
  await t.drain();
  const { occurrences: [, rang] } = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals(rang?.deliveries.map(({ channel, to, state }) => [channel, to, state]), [
    ["page", "Ada", "sent"],
    ["telegram", "Ada", "sent"],
    ["mail", "ada@example.org", "sent"],
    ["mail", "bob@example.org", "sent"],
  ]);
  const [own, other] = mailer.accepted;
  assertEquals([own?.subject, other?.subject], ["Pay <rent>", "Pay <rent>"]);
  assertEquals([own?.from.name, other?.from.name], ["Clock Work", "Ada via Clock Work"]);
  assertEquals(other?.replyTo?.address, "ada@example.org");
  assertStringIncludes(own!.text, "due Tue 24 Nov 09:00 · every weekday");
  assertStringIncludes(own!.html, "<em>bank</em>");
  for (const label of ["Done", "1 hour", "Tomorrow 09:00", "Open"]) {
    assertStringIncludes(own!.text, `${label}:\nhttp://localhost:8000/`);
    assert(own!.html.includes(`>${label}</a>`), label);
  }
  assert(!/\/r\//.test(other!.text + other!.html), "nobody else can act on it");
  assertStringIncludes(other!.text, "Ada set this reminder for you");
  const [message] = messenger.sent;
  assertEquals(message?.chatId, 77);
  assertStringIncludes(message!.html, "⏰ <b>Pay &lt;rent&gt;</b>\nto the *bank*\ndue Tue 24 Nov");
  // A page on this machine alone is no address for a chat.
  assertEquals(messenger.buttons(1), [
    ["✅ Done", "💤 1 h", "💤 Tomorrow 9"],
    ["… more"],
  ]);
});

Deno.test("what can reach nobody rings in the inbox rather than nowhere", async () => {
  await using t = await testApp({ env, mailer: new TestMailer(), messenger: new TestMessenger() });
  const ada = await t.person("Ada");
  const { id } = await remind(t.app, ada, {
    channels: { page: false, telegram: true, mail: [] },
  });
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals((await listNotifications(t.app, { accountId: ada.id })).items.length, 1);
  const { occurrences: [rang] } = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals(rang?.deliveries.map(({ channel }) => channel), ["page"]);
});

Deno.test("who may not be mailed any more is not, and the ledger says why", async () => {
  const mailer = new TestMailer();
  const strict = { ...env, RECIPIENT_CHECK: "on" };
  await using t = await testApp({ env: strict, mailer });
  const ada = await t.person("Ada");
  const { id } = await remind(t.app, ada, {
    channels: { page: false, telegram: false, mail: [ada.email] },
  });
  await t.kv.set(keys.account(ada.id), { ...ada, verified: null });
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals(mailer.accepted, []);
  const { occurrences: [rang] } = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals(rang?.deliveries.map(({ channel, state }) => [channel, state]), [
    ["page", "sent"],
    ["mail", "skipped"],
  ]);
  assertStringIncludes(rang!.deliveries[1]!.reason!, "not confirmed yet");
});

Deno.test("a chat that Telegram refuses does not stop the mail, and is turned off", async () => {
  const [mailer, messenger] = [new TestMailer(), new TestMessenger()];
  messenger.answer = () => ({ is: "refused", reason: "bot was blocked", badAddress: true });
  await using t = await testApp({ env, mailer, messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  await remind(t.app, ada, {
    channels: { page: false, telegram: true, mail: [ada.email] },
    rule: daily,
  });
  t.clock.advance(hours(22));
  await t.drain();
  const subjects = mailer.accepted.map(({ subject }) => subject); // in which order is not said
  assert(subjects.includes("Call the bank"));
  assertEquals((await t.kv.get<{ state: string }>(keys.chat(77))).value?.state, "off");
  t.clock.advance(days(1));
  await t.drain();
  assertEquals((await occurrences(t.kv)).map(({ state }) => state), [
    "lapsed",
    "ringing",
    "waiting",
  ]);
});

Deno.test("a provider that is down delays the mail alone, which then says how late it is", async () => {
  const mailer = new TestMailer();
  mailer.answer = () => ({ is: "down", reason: "connection refused" });
  await using t = await testApp({ env, mailer });
  const ada = await t.person("Ada");
  await remind(t.app, ada, {
    channels: { page: true, telegram: false, mail: [ada.email, "bob@example.org"] },
  });
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing"]);
  mailer.answer = (mail) => mailer.accept(mail);
  t.clock.advance(hours(3));
  await t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org", "bob@example.org"]);
  // The date of a letter is that of its first try, and so is what it says of the time.
  assertStringIncludes(mailer.accepted[0]!.text, "due Tue 24 Nov 09:00\n");
});

Deno.test("a deleted note keeps its reminders", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "words" });
  const { id } = await remind(t.app, ada, { noteId: note.id, title: "", text: "from the note" });
  await deleteNote(t.app, { id: note.id, ownerId: ada.id });
  t.clock.advance(days(40));
  await t.drain();
  const view = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals([view.noteId, view.title], [note.id, "T"]);
  assertEquals(await states(t.kv), ["ringing"]);
});

Deno.test("an hourly series of the page rings each hour, by the minute where asked", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await remind(t.app, ada, { start: "2026-11-23T12:00", rule: hourly });
  await remind(t.app, ada, {
    start: "2026-11-23T12:00",
    rule: { every: 1, unit: "minute", until: "2026-11-23" },
  });
  for (let i = 0; i < 180; i++) {
    t.clock.advance(minutes(1));
    await t.drain();
  }
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.length, 30, "a page of the inbox");
  const rang = (await occurrences(t.kv)).filter(({ jobs }) => jobs.length > 0);
  assertEquals(rang.length, 3 + 121);
  await assertSound(t);
});
