import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import {
  markDone,
  occurrenceId,
  type OccurrenceRef,
  occurrenceRef,
  skip,
  snooze,
  undo,
  type Via,
} from "../../domain/reminders/occurrences.ts";
import { parseReminderData, reminderMessage } from "../../domain/reminders/reminder_chat.ts";
import { getReminder, listShelves, remindersOfNote } from "../../domain/reminders/reminder_list.ts";
import {
  cancelReminder,
  restoreReminder,
  updateReminder,
} from "../../domain/reminders/reminders.ts";
import { parseSnoozeChoice, snoozeUntil } from "../../domain/reminders/snoozes.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { listNotifications, unreadCount } from "../../domain/notifications.ts";
import type { Account, AppEvent, Reminder } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import {
  assertSound,
  daily,
  linkChat,
  occurrences,
  type Plan,
  remind,
  states,
} from "../support/reminders.ts";

const zone = "Europe/Berlin";
const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };

/** Ada's reminder, which rings now. */
async function ringing(t: TestApp, plan: Plan = {}) {
  const ada = await t.person("Ada");
  const reminder = await remind(t.app, ada, plan);
  const ref: OccurrenceRef = { reminderId: reminder.id, dueAt: reminder.nextAt!, ownerId: ada.id };
  t.clock.advance(hours(22));
  await t.drain();
  return { ada, reminder, ref };
}

const ledgerOf = async (t: TestApp, { id }: Reminder, { id: ownerId }: Account) =>
  (await getReminder(t.app, { id, ownerId })).occurrences.at(-1)!.ledger.map(({ text }) => text);

const edit = ({ title, text, schedule, channels, missed }: Reminder) => ({
  title,
  text,
  schedule,
  channels,
  missed,
});

Deno.test("each door's act is a line in the ledger with the door's name", async () => {
  const words: [Via, string][] = [
    ["page", "Done on the page"],
    ["telegram", "Done in Telegram"],
    ["mail", "Done by mail"],
  ];
  for (const [via, line] of words) {
    await using t = await testApp();
    const { ada, reminder, ref } = await ringing(t);
    assertEquals((await markDone(t.app, ref, via)).state, "done");
    assertEquals(await ledgerOf(t, reminder, ada), ["Waits for its time", "Rang", line]);
    assertEquals((await markDone(t.app, ref, "page")).state, "done", "twice is once");
    assertEquals((await ledgerOf(t, reminder, ada)).length, 3);
    await assertSound(t);
  }
});

Deno.test("snoozing one rings it again and never touches the rule", async () => {
  await using t = await testApp();
  const { ada, reminder, ref } = await ringing(t, { rule: daily });
  const until = t.clock.now() + hours(1);
  const view = await snooze(t.app, { ...ref, until }, "telegram");
  assertEquals([view.state, view.ringAt], ["snoozed", new Date(until).toISOString()]);
  await assertSound(t);
  t.clock.advance(hours(1) - 1);
  await t.drain();
  assertEquals(await states(t.kv), ["snoozed", "waiting"]);
  t.clock.advance(1);
  await t.drain();
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  assertEquals(await ledgerOf(t, reminder, ada), [
    "Waits for its time",
    "Rang",
    "Snoozed until Tue 24 Nov 10:00 in Telegram",
    "Rang",
  ]);
  const after = await getReminder(t.app, { id: reminder.id, ownerId: ada.id });
  assertEquals(after.schedule, reminder.schedule);
  assertEquals(after.preview.next[0]?.at, "2026-11-25T08:00:00.000Z");
});

Deno.test("a snooze over the next time rings later than that one, and neither is lost", async () => {
  await using t = await testApp();
  const { ref } = await ringing(t, { rule: daily });
  await snooze(t.app, { ...ref, until: t.clock.now() + days(1) + hours(1) }, "page");
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(await states(t.kv), ["snoozed", "ringing", "waiting"]);
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing", "ringing", "waiting"]);
  await assertSound(t);
});

Deno.test("a snooze is refused for what is past, at once, or over a year ahead", async () => {
  await using t = await testApp();
  const { ref } = await ringing(t);
  for (const ms of [-1, 0, minutes(0.4), days(400), NaN, Infinity]) {
    const until = t.clock.now() + ms;
    await assertRejects(() => snooze(t.app, { ...ref, until }, "page"), AppError, "Cannot snooze");
  }
  assertEquals(await states(t.kv), ["ringing"]);
});

Deno.test("no more can be snoozed than one commit can end", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const rule = { every: 1, unit: "minute", until: null } as const;
  const { id, nextAt } = await remind(t.app, ada, { rule });
  const at = (n: number) => ({ reminderId: id, dueAt: nextAt! + minutes(n), ownerId: ada.id });
  const until = t.clock.now() + days(300);
  for (let n = 0; n < 49; n++) await snooze(t.app, { ...at(n), until: until + n }, "page");
  const more = () => snooze(t.app, { ...at(49), until }, "page");
  await assertRejects(more, AppError, "50 of it are open"); // with the one that waits
  await cancelReminder(t.app, { id, ownerId: ada.id }, "page");
  await assertSound(t);
  await restoreReminder(t.app, { id, ownerId: ada.id }, "page");
  assertEquals((await states(t.kv)).filter((state) => state === "snoozed").length, 49);
  await assertSound(t);
});

Deno.test("skipping or doing one ahead of its time lets the next one wait", async () => {
  for (const act of [skip, markDone]) {
    await using t = await testApp();
    const ada = await t.person("Ada");
    const { id, nextAt } = await remind(t.app, ada, { rule: daily });
    const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
    await act(t.app, ref, "page");
    assertEquals((await states(t.kv))[1], "waiting");
    await assertSound(t);
    t.clock.advance(hours(22));
    await t.drain();
    assertEquals((await states(t.kv))[1], "waiting", "its time passes in silence");
    t.clock.advance(days(1));
    await t.drain();
    assertEquals((await states(t.kv)).slice(1), ["ringing", "waiting"]);
  }
});

Deno.test("undo takes the last act back within ten minutes", async () => {
  await using t = await testApp();
  const { ref } = await ringing(t, { rule: daily });
  for (
    const act of [
      () => markDone(t.app, ref, "page"),
      () => skip(t.app, ref, "page"),
      () => snooze(t.app, { ...ref, until: t.clock.now() + hours(1) }, "page"),
    ]
  ) {
    const { undoUntil } = await act();
    assertEquals(Date.parse(undoUntil!), t.clock.now() + minutes(10));
    t.clock.advance(minutes(9));
    const view = await undo(t.app, ref, "page");
    assertEquals([view.state, view.undoUntil], ["ringing", null]);
    await assertSound(t);
    await assertRejects(() => undo(t.app, ref, "page"), AppError, "Cannot undo");
  }
  await markDone(t.app, ref, "page");
  t.clock.advance(minutes(10));
  await assertRejects(() => undo(t.app, ref, "page"), AppError, "too late");
});

Deno.test("undoing what was skipped ahead of its time brings it back instead of the next", async () => {
  for (const rule of [daily, null]) {
    await using t = await testApp();
    const ada = await t.person("Ada");
    const { id, nextAt } = await remind(t.app, ada, { rule });
    const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
    t.clock.advance(hours(22) - minutes(5));
    await skip(t.app, ref, "page");
    await undo(t.app, ref, "page");
    assertEquals(await states(t.kv), ["waiting"]);
    await assertSound(t);
    await skip(t.app, ref, "page");
    t.clock.advance(minutes(7)); // its time passes meanwhile
    await t.drain();
    await undo(t.app, ref, "page");
    await assertSound(t);
    await t.drain();
    assertEquals((await states(t.kv))[0], "ringing");
    await assertSound(t);
  }
});

Deno.test("undo of a skip is refused once the next has been acted on", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const { id, nextAt } = await remind(t.app, ada, { rule: daily });
  const first = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
  assert((await skip(t.app, first, "page")).undoUntil !== null);
  await skip(t.app, { ...first, dueAt: nextAt! + days(1) }, "page");
  await assertRejects(() => undo(t.app, first, "page"), AppError, "something has happened since");
  await assertSound(t);
});

Deno.test("what is over takes no acts but says how it is", async () => {
  await using t = await testApp();
  const { ref } = await ringing(t, { rule: daily });
  await markDone(t.app, ref, "page");
  await assertRejects(() => skip(t.app, ref, "page"), AppError, "Cannot skip it: it is done");
  t.clock.advance(days(1));
  await t.drain();
  t.clock.advance(days(1));
  await t.drain();
  const lapsed = { ...ref, dueAt: ref.dueAt + days(1) };
  await assertRejects(() => markDone(t.app, lapsed, "telegram"), AppError, "the next one has rung");
});

Deno.test("a cancelled reminder is silent, and comes back as it was", async () => {
  await using t = await testApp();
  const { ada, reminder: { id }, ref } = await ringing(t, { rule: daily });
  await snooze(t.app, { ...ref, until: t.clock.now() + hours(5) }, "page");
  await cancelReminder(t.app, { id, ownerId: ada.id }, "telegram");
  assertEquals(await states(t.kv), ["cancelled", "cancelled"]);
  await assertSound(t);
  await restoreReminder(t.app, { id, ownerId: ada.id }, "telegram");
  assertEquals(await states(t.kv), ["snoozed", "waiting"]);
  await assertSound(t);
  await cancelReminder(t.app, { id, ownerId: ada.id }, "page");
  await cancelReminder(t.app, { id, ownerId: ada.id }, "page");
  t.clock.advance(days(5));
  await t.drain();
  assertEquals(await states(t.kv), ["cancelled", "cancelled"]);
  await restoreReminder(t.app, { id, ownerId: ada.id }, "page");
  assertEquals((await states(t.kv)).slice(2), ["waiting"]);
  await assertSound(t);
});

Deno.test("one that is cancelled before its only time and brought back after it says what to do", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const { id } = await remind(t.app, ada);
  await cancelReminder(t.app, { id, ownerId: ada.id }, "page");
  t.clock.advance(days(1));
  const back = () => restoreReminder(t.app, { id, ownerId: ada.id }, "page");
  await assertRejects(back, AppError, "set a new one");
  await assertSound(t);
});

Deno.test("an edit of the words keeps the times, of the times begins anew", async () => {
  await using t = await testApp();
  const { ada, reminder, ref } = await ringing(t, { rule: daily });
  const change = { id: reminder.id, ownerId: ada.id };
  const worded = await updateReminder(t.app, {
    ...edit(reminder),
    ...change,
    title: "Call them",
    version: 1,
  });
  assertEquals([worded.title, worded.version, await states(t.kv)], [
    "Call them",
    2,
    ["ringing", "waiting"],
  ]);
  await snooze(t.app, { ...ref, until: t.clock.now() + hours(9) }, "page");
  const stale = { ...edit(reminder), ...change, version: 1 };
  await assertRejects(() => updateReminder(t.app, stale), AppError, "changed elsewhere");
  const schedule = scheduleAt("Europe/Berlin", "2026-11-24T12:00", null);
  const moved = await updateReminder(t.app, { ...edit(worded), ...change, schedule, version: 2 });
  assertEquals(moved.nextAt, schedule.startAt);
  assertEquals(await states(t.kv), ["cancelled", "waiting", "cancelled"]);
  await assertSound(t);
  t.clock.advance(hours(3));
  await t.drain();
  assertEquals(await states(t.kv), ["cancelled", "ringing", "cancelled"]);
});

Deno.test("an edit revives what was over, and a time that was done already", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const reminder = await remind(t.app, ada);
  await markDone(
    t.app,
    { reminderId: reminder.id, dueAt: reminder.nextAt!, ownerId: ada.id },
    "page",
  );
  const change = { id: reminder.id, ownerId: ada.id, version: 1 };
  await updateReminder(t.app, { ...edit(reminder), ...change });
  assertEquals(await states(t.kv), ["waiting"]);
  await assertSound(t);
  t.clock.advance(hours(22));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing"]);
});

Deno.test("done in one place is done in all: the chat message is edited, the open page told", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const channels = { page: true, telegram: true, mail: [] };
  const { id, nextAt } = await remind(t.app, ada, { channels, rule: daily });
  const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
  t.clock.advance(hours(22));
  await t.drain();
  await markDone(t.app, ref, "page");
  await t.drain();
  assertEquals(messenger.shown.get(1)?.html, "<s>Call the bank</s>\n✅ Done on the page");
  assertEquals(messenger.buttons(1), [["Undo"]]);
  const events = await Array.fromAsync(
    t.kv.list<AppEvent>({ prefix: ["event", `account:${ada.id}`] }),
  );
  assertEquals((events.at(-1)?.value.data as { state: string }).state, "done");
  await undo(t.app, ref, "telegram");
  await t.drain();
  assertStringIncludes(messenger.shown.get(1)!.html, "⏰ <b>Call the bank</b>");
  await snooze(t.app, { ...ref, until: t.clock.now() + hours(1) }, "mail");
  await t.drain();
  assertStringIncludes(messenger.shown.get(1)!.html, "💤 Snoozed until Tue 24 Nov 10:00");
  assertEquals(messenger.buttons(1), [["✅ Done", "Undo"]]);
  t.clock.advance(minutes(11));
  await t.drain();
  assertEquals(messenger.buttons(1), [["✅ Done"]], "undo has ended");
});

Deno.test("what is done while the message is on its way is shown in it afterwards", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const channels = { page: true, telegram: true, mail: [] };
  const { id, nextAt } = await remind(t.app, ada, { channels });
  messenger.answer = async (message) => {
    const answer = messenger.accept(message);
    await markDone(t.app, { reminderId: id, dueAt: nextAt!, ownerId: ada.id }, "page");
    return answer;
  };
  t.clock.advance(hours(22));
  await t.drain();
  assertStringIncludes(messenger.shown.get(1)!.html, "✅ Done on the page");
});

Deno.test("two acts in a row end with the chat showing the last, whichever edit comes last", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const channels = { page: true, telegram: true, mail: [] };
  const { id, nextAt } = await remind(t.app, ada, { channels });
  const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
  t.clock.advance(hours(22));
  await t.drain();
  let first = true;
  messenger.answerEdit = async (message) => {
    if (first) {
      first = false;
      await undo(t.app, ref, "page"); // before the edit of "done" has got through
    }
    return messenger.acceptEdit(message);
  };
  await markDone(t.app, ref, "page");
  await t.drain();
  assertStringIncludes(messenger.shown.get(1)!.html, "⏰ <b>Call the bank</b>");
});

Deno.test("what waits to be sent to its owner is not sent once it was answered; to others it is", async () => {
  const mailer = new TestMailer();
  mailer.answer = () => ({ is: "down", reason: "connection refused" });
  await using t = await testApp({ env, mailer });
  const channels = { page: true, telegram: false, mail: ["ada@example.org", "bob@example.org"] };
  const { ada, reminder, ref } = await ringing(t, { channels });
  await markDone(t.app, ref, "page");
  mailer.answer = (mail) => mailer.accept(mail);
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals(mailer.recipients(), ["bob@example.org"]);
  const view = await getReminder(t.app, { id: reminder.id, ownerId: ada.id });
  const own = view.occurrences[0]!.deliveries[1]!;
  assertEquals([own.state, own.reason], ["skipped", "it was answered before"]);
});

Deno.test("a chat that is not linked any more is neither written to nor edited", async () => {
  const messenger = new TestMessenger();
  await using t = await testApp({ env, mailer: new TestMailer(), messenger });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const channels = { page: true, telegram: true, mail: [] };
  const { id, nextAt } = await remind(t.app, ada, { channels, rule: daily });
  const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
  t.clock.advance(hours(22));
  await t.drain();
  messenger.answer = () => ({ is: "postponed", reason: "too fast", retryAfterMs: minutes(1) });
  t.clock.advance(days(1));
  await t.drain();
  await linkChat(t.app, ada, 78);
  messenger.answer = (message) => messenger.accept(message);
  await markDone(t.app, { ...ref, dueAt: ref.dueAt + days(1) }, "page");
  const edits = messenger.edits.length;
  t.clock.advance(minutes(2));
  await t.drain();
  assertEquals([messenger.sent.length, messenger.edits.length], [1, edits]);
  const { occurrences: [, second] } = await getReminder(t.app, { id, ownerId: ada.id });
  assertEquals(second!.deliveries[1]!.reason, "the chat is not linked any more");
});

Deno.test("an unknown reminder and somebody else's answer alike at every act", async () => {
  await using t = await testApp();
  const bob = await t.person("Bob");
  const { reminder, ref } = await ringing(t, { rule: daily });
  const before = JSON.stringify(await occurrences(t.kv));
  const bobs = { ...ref, ownerId: bob.id };
  const whole = { id: reminder.id, ownerId: bob.id };
  for (
    const act of [
      () => markDone(t.app, bobs, "page"),
      () => skip(t.app, bobs, "page"),
      () => snooze(t.app, { ...bobs, until: t.clock.now() + hours(1) }, "page"),
      () => undo(t.app, bobs, "page"),
      () => markDone(t.app, { ...ref, dueAt: ref.dueAt + 1 }, "page"),
      () => markDone(t.app, { ...ref, reminderId: "x" }, "page"),
      () => cancelReminder(t.app, whole, "page"),
      () => restoreReminder(t.app, whole, "page"),
      () => getReminder(t.app, whole),
      () => updateReminder(t.app, { ...edit(reminder), ...whole, version: 1 }),
    ]
  ) await assertRejects(act, AppError, "Cannot find the reminder");
  assertEquals(JSON.stringify(await occurrences(t.kv)), before);
});

Deno.test("shelves follow the clocks of the reader's zone", async () => {
  await using t = await testApp(); // 11:00 in Berlin on a Monday
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "words" });
  for (
    const start of [
      "2026-11-23T12:00",
      "2026-11-23T23:59",
      "2026-11-24T00:00",
      "2026-11-25T09:00",
      "2026-11-29T23:00",
      "2026-11-30T09:00",
    ]
  ) await remind(t.app, ada, { start, title: start.slice(8), noteId: note.id });
  const shelves = async (zone: string) =>
    Object.entries(await listShelves(t.app, { ownerId: ada.id, zone }))
      .map(([shelf, views]) => [shelf, ...views.map(({ title }) => title)]);
  assertEquals(await shelves("Europe/Berlin"), [
    ["overdue"],
    ["today", "23T12:00", "23T23:59"],
    ["tomorrow", "24T00:00"],
    ["week", "25T09:00", "29T23:00"],
    ["later", "30T09:00"],
    ["snoozed"],
  ]);
  assertEquals((await shelves("America/New_York"))[1], [
    "today",
    "23T12:00",
    "23T23:59",
    "24T00:00",
  ]);
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals((await shelves("Europe/Berlin"))[0], ["overdue", "23T12:00"]);
  const [first] = await remindersOfNote(t.app, { noteId: note.id, ownerId: ada.id });
  assertEquals(first?.state, "ringing");
  await snooze(
    t.app,
    { ...occurrenceRef(first!.id)!, ownerId: ada.id, until: t.clock.now() + hours(1) },
    "page",
  );
  assertEquals((await shelves("Europe/Berlin"))[5], ["snoozed", "23T12:00"]);
});

Deno.test("a message has at most three buttons a row, opens the page, and shows more on demand", async () => {
  await using t = await testApp({ env: { ORIGIN: "https://clock.example" } });
  const { reminder } = await ringing(t, { rule: daily });
  const [occurrence] = await occurrences(t.kv);
  const at = { reminder, occurrence: occurrence!, chatId: 1, now: t.clock.now() };
  const texts = (more: boolean) =>
    reminderMessage(t.app, { ...at, more }).buttons?.map((row) => row.map(({ text }) => text));
  assertEquals(texts(false), [
    ["✅ Done", "💤 1 h", "💤 Tomorrow 9"],
    ["… more", "🔗 Open"],
  ]);
  assertEquals(texts(true), [
    ["💤 20 min", "💤 3 hours"],
    ["💤 This evening", "💤 Monday 09:00"],
    ["⏭ Skip this one", "‹ Back"],
  ]);
  const { buttons } = reminderMessage(t.app, { ...at, more: true });
  for (const button of buttons!.flat()) {
    const { act, arg } = parseReminderData("data" in button ? button.data : "")!;
    if (act === "snooze") assert(snoozeUntil(parseSnoozeChoice(arg!), { ...at, zone }) > at.now);
  }
  for (const text of ["<&>".repeat(1_333), "👩‍👩‍👧".repeat(800), "🎂".repeat(4_000)]) {
    const long = { ...reminder, title: "🎂".repeat(120), text };
    const { html } = reminderMessage(t.app, { ...at, reminder: long });
    assert(html.replace(/&\w+;/g, "x").length < 4_096, "Telegram counts UTF-16 units");
  }
});

Deno.test("names of occurrences and buttons are read as they are written, and nothing else is", () => {
  const reminderId = "01kb7xq2s9d0c1r5t3v8w6y4z2";
  for (const dueAt of [0, 1, 1_790_000_000_000, 8.64e15]) {
    const id = occurrenceId({ reminderId, dueAt });
    assertEquals(occurrenceRef(id), { reminderId, dueAt });
    const data = `r:snooze:${id}:tomorrow`;
    assert(data.length <= 64, "64 bytes are what a button takes");
    assertEquals(parseReminderData(data), { act: "snooze", reminderId, dueAt, arg: "tomorrow" });
  }
  for (
    const text of [
      "",
      "r",
      reminderId,
      `${reminderId}-`,
      `${reminderId}-00`,
      `${reminderId}--1`,
      `${reminderId}-zzzzzzzzzzzz`,
      `${reminderId}-1-1`,
      `x${reminderId}-1`,
    ]
  ) {
    assertEquals(occurrenceRef(text), null, text);
    assertEquals(parseReminderData(`r:done:${text}`), null, text);
  }
  for (const data of ["r:explode:", "n:done:", "r:done:x:y:z"]) {
    assertEquals(parseReminderData(data + occurrenceId({ reminderId, dueAt: 1 })), null, data);
  }
});

Deno.test("what was answered in the chat is no longer unread in the inbox", async () => {
  await using t = await testApp();
  const { ada, ref } = await ringing(t);
  assertEquals(await unreadCount(t.app, ada.id), 1);
  await snooze(t.app, { ...ref, until: t.clock.now() + hours(1) }, "telegram");
  assertEquals(await unreadCount(t.app, ada.id), 0);
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals(await unreadCount(t.app, ada.id), 1, "it rang again");
  await markDone(t.app, ref, "mail");
  assertEquals(await unreadCount(t.app, ada.id), 0);
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.map(({ readAt }) => readAt !== null), [true, true]);
});
