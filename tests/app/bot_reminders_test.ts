import { assert, assertEquals, assertMatch } from "@std/assert";
import { getReminder, listShelves } from "../../domain/reminders/reminder_list.ts";
import { accountOfChat } from "../../domain/chats/chat_owner.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { markDone } from "../../domain/reminders/occurrences.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import { listNotes } from "../../domain/notes/note_list.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { ADA, BOB, type BotScene, botScene } from "../support/bot_scene.ts";
import { minutes, seconds } from "../support/clock.ts";

const labels = ({ buttons }: { buttons: { text: string }[][] }) =>
  buttons.flat().map(({ text }) => text);

async function reminders({ t, ada }: BotScene): Promise<Reminder[]> {
  const ids = await list(t.app, ranges.remindersOf(ada.id));
  return (await Promise.all(ids.map((id) => read(t.app, keys.reminder(id))))).flatMap((r) =>
    r ?? []
  );
}

Deno.test("words that leave no doubt are saved at once, and can be taken back", async () => {
  await using s = await botScene({ env: { ORIGIN: "https://clock.example.org" } });
  const said = await s.say("/remind tomorrow 09:00 call the bank");
  assertMatch(said.text, /^⏰ call the bank\n/);
  assertMatch(said.text, /24 Nov/);
  assertEquals(labels(said), ["Undo", "Open"]);
  const [made] = await reminders(s);
  assertEquals([made!.title, made!.schedule.start, made!.schedule.zone], [
    "call the bank",
    "2026-11-24T09:00:00",
    "Europe/Berlin",
  ]);
  assertEquals(made!.channels, { page: true, telegram: true, mail: ["ada@example.org"] });

  await s.press("Undo", said);
  assertEquals(said.text, "Cancelled: call the bank");
  assertEquals((await reminders(s))[0]!.state, "cancelled");
  await s.press("Bring it back", said);
  assertMatch(said.text, /^⏰ call the bank\n/);
  assertEquals((await reminders(s))[0]!.state, "active");
});

Deno.test("a series is told with its next times", async () => {
  await using s = await botScene();
  const said = await s.say("/remind every weekday at 08:30 stand up");
  assertMatch(said.text, /^⏰ stand up\nEvery weekday at 08:30/);
  assertEquals(said.text.split("\n").filter((line) => line.startsWith("•")).length, 3);
});

Deno.test("what may be meant in two ways is asked for, with a button for each", async () => {
  await using s = await botScene();
  const said = await s.say("/remind next friday 15:00 tax");
  assertMatch(said.text, /Which one do you mean\?$/);
  assertEquals(await reminders(s), []);
  const choices = labels(said);
  assertEquals(choices.at(-1), "Cancel");
  assert(choices.length >= 3, String(choices));
  const press = s.api.press(ADA, said.id, choices[1]!);
  await s.take(press);
  await s.take({ ...press, update_id: press.update_id + 1_000 });
  const made = await reminders(s);
  assertEquals(made.map(({ title }) => title), ["tax"], "two presses of it are one reminder");
  assertMatch(said.text, /^⏰ tax\n/);
});

Deno.test("without a time it is asked for: by a press, or in words", async () => {
  await using s = await botScene();
  const first = await s.say("/remind call the bank");
  assertMatch(first.text, /^⏰ call the bank\nWhen\?/);
  assertEquals(labels(first)[0], "In 20 minutes");
  s.t.clock.advance(minutes(10));
  await s.press("In 20 minutes", first);
  const [byPress] = await reminders(s);
  assertEquals(byPress!.schedule.startAt, s.t.clock.now() + minutes(20), "counted from the press");

  await s.say("/remind water the plants");
  assertMatch((await s.say("every sunday at 10:00")).text, /^⏰ water the plants\nEvery Sun/);
  await s.say("/remind buy bread");
  assertMatch((await s.say("And I like tea")).text, /^📝 Saved: And I like tea/);
  assertMatch((await s.say("yesterday 09:00")).text, /^Cannot|^📝/);
});

Deno.test("a note that only names a time among its words answers no question, and is kept", async () => {
  await using s = await botScene();
  await s.say("/remind water the plants");
  for (
    const text of [
      "Eva rings back tomorrow about the flat",
      "The 31 feb is no day, says the calendar",
      `We meet at 5. ${"And so on. ".repeat(150)}`,
    ]
  ) {
    assertMatch((await s.say(text)).text, /^📝 Saved: /);
  }
  assertEquals(await reminders(s), []);
  assertMatch((await s.say("friday 15:00 please")).text, /^⏰ water the plants\n/);
});

Deno.test("without words they are asked for", async () => {
  await using s = await botScene();
  const asked = await s.say("/remind tomorrow 09:00");
  assertMatch(asked.text, /Remind you of what\? Send me the words\.$/);
  assertMatch((await s.say("feed the cat")).text, /^⏰ feed the cat\n/);
  const { items } = await listNotes(s.t.app, { ownerId: s.ada.id });
  assertEquals(items, []);
});

Deno.test("a note is remembered of from its button", async () => {
  await using s = await botScene();
  await s.say("Call Eva");
  const asked = await s.press("Remind me");
  assertMatch(asked.text, /^⏰ Call Eva\nWhen\?/);
  await s.say("tomorrow 10:00");
  const [made] = await reminders(s);
  const { items: [note] } = await listNotes(s.t.app, { ownerId: s.ada.id });
  assertEquals([made!.title, made!.noteId], ["Call Eva", note!.id]);
});

Deno.test("an update that comes again makes no second reminder", async () => {
  await using s = await botScene();
  const update = s.api.say(ADA, "/remind tomorrow 09:00 once");
  for (let i = 0; i < 20; i++) {
    await s.take(update);
    for await (const { key } of s.t.kv.list({ prefix: ["chat_update"] })) await s.t.kv.delete(key);
    s.t.clock.advance(seconds(2));
  }
  assertEquals((await reminders(s)).length, 1);
});

Deno.test("past and impossible times, long phrases and marks are answered and change nothing", async () => {
  await using s = await botScene();
  const phrases = [
    "2020-01-01 10:00 past",
    "31 feb 10:00 never",
    "at 25:00 late",
    "every 1 min too often",
    "every second",
    `tomorrow 9 ${"x".repeat(990)}`,
    `${"word ".repeat(2_000)}`,
    "\u202etomorrow 09:00 \u200b",
    "until until until every every",
  ];
  for (const phrase of phrases) {
    const text = phrase.slice(0, 10_000);
    await s.say(`/remind ${text}`);
    assert(s.last().text.length > 0);
  }
  for (const one of await reminders(s)) assert(one.schedule.startAt > s.t.clock.now());
});

/** A reminder that rings in Ada's chat. */
async function ringing(s: BotScene, title = "Tea") {
  const start = "2026-11-23T11:05:00";
  const { id } = await createReminder(s.t.app, {
    ownerId: s.ada.id,
    title,
    schedule: scheduleAt("Europe/Berlin", start),
    channels: { page: true, telegram: true, mail: [] },
  });
  s.t.clock.advance(minutes(5));
  await s.t.drain();
  return {
    id,
    message: s.last(),
    state: async () =>
      (await getReminder(s.t.app, { id, ownerId: s.ada.id })).occurrences[0]!.state,
  };
}

Deno.test("a ringing reminder is snoozed, taken back and done by its buttons, in the one message", async () => {
  await using s = await botScene();
  const { message, state } = await ringing(s);
  assertMatch(message.text, /^⏰ Tea\n/);
  await s.press("… more", message);
  assert(labels(message).includes("‹ Back"));
  await s.press("‹ Back", message);
  const stale = s.api.press(ADA, message.id, "💤 1 h");
  await s.take(stale);
  assertMatch(s.toast(), /^Snoozed until Mon 23 Nov 12:05/);
  assertEquals(await state(), "snoozed");
  s.t.clock.advance(seconds(10));
  await s.take({ ...stale, update_id: stale.update_id + 500 });
  await s.t.drain();
  assertMatch(message.text, /Snoozed until Mon 23 Nov 12:05/);
  await s.press("Undo", message);
  assertEquals(s.toast(), "Taken back");
  assertEquals(await state(), "ringing");
  await s.press("✅ Done", message);
  assertEquals([s.toast(), await state()], ["Done", "done"]);
  await s.t.drain();
  assertMatch(message.text, /^Tea\n✅ Done in Telegram/);
  assertEquals(s.api.messagesIn(ADA).length, 1, "an answer is no new message");
});

Deno.test("what was done on the page is said to whoever presses later, and the message is put right", async () => {
  await using s = await botScene();
  const { id, message, state } = await ringing(s);
  const press = s.api.press(ADA, message.id, "💤 1 h");
  const dueAt = s.t.clock.now();
  await markDone(s.t.app, { reminderId: id, dueAt, ownerId: s.ada.id }, "page");
  await s.take(press);
  assertMatch(s.toast(), /^Cannot snooze it/);
  assertMatch(message.text, /✅ Done on the page/);
  assertEquals(await state(), "done");
});

Deno.test("a chat that blocks the bot while its message is put right is turned off", async () => {
  await using s = await botScene({ refusals: 1 });
  const { id } = await ringing(s);
  s.api.block(ADA);
  const dueAt = s.t.clock.now();
  await markDone(s.t.app, { reminderId: id, dueAt, ownerId: s.ada.id }, "page");
  await s.t.drain();
  assertEquals((await accountOfChat(s.t.app, ADA))?.chat.state, "off");
});

Deno.test("a long text in signs of two code units each still rings", async () => {
  await using s = await botScene();
  await createReminder(s.t.app, {
    ownerId: s.ada.id,
    title: "Tea",
    text: "🫖".repeat(3_900),
    schedule: scheduleAt("Europe/Berlin", "2026-11-23T11:05:00"),
    channels: { page: true, telegram: true, mail: [] },
  });
  s.t.clock.advance(minutes(5));
  await s.t.drain();
  assertMatch(s.last().text, /^⏰ Tea\n🫖[^]*…\ndue /u);
});

Deno.test("somebody else's reminder cannot be found by its button", async () => {
  await using s = await botScene();
  const bob = await s.t.person("Bob");
  await s.link(bob, BOB);
  const { message, state } = await ringing(s);
  for (const { text, callback_data: data } of message.buttons.flat()) {
    if (!data) continue;
    const { update_id, callback_query: query } = s.api.press(ADA, message.id, text);
    const { message: where, ...rest } = query as { message: Record<string, unknown> };
    const chat = { id: BOB, type: "private", first_name: "Bob" };
    const from = { id: BOB, is_bot: false, first_name: "Bob" };
    await s.take({ update_id, callback_query: { ...rest, from, message: { ...where, chat } } });
    assertEquals(s.toast(), "Cannot find the reminder");
  }
  assertEquals(await state(), "ringing");
});

Deno.test("the list shows what is open by shelf, opens it, and it can be done from there", async () => {
  await using s = await botScene();
  assertMatch((await s.say("/reminders")).text, /^Nothing waits for you/);
  await s.say("/remind tomorrow 09:00 call the bank");
  await s.say("/remind in 3 hours tea");
  await ringing(s, "Now");
  const said = await s.say("/remind");
  assertMatch(
    said.text,
    /^Overdue\n1\. .* – Now\nToday\n2\. .* – tea\nTomorrow\n3\. .* – call the bank$/,
  );
  const opened = await s.press("2. tea", said);
  assertMatch(opened.text, /^⏰ tea\n/);
  assertEquals(labels(opened), ["✅ Done", "Cancel it"]);
  await s.press("✅ Done", opened);
  assertMatch(opened.text, /✅ Done in Telegram/);
  const shelves = await listShelves(s.t.app, { ownerId: s.ada.id, zone: "Europe/Berlin" });
  assertEquals(shelves.today, []);
  const last = await s.press("3. call the bank", said);
  await s.press("Cancel it", last);
  assertEquals(last.text, "Cancelled: call the bank");
});
