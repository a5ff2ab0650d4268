import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { closeAccount } from "../../domain/accounts/closing.ts";
import { decideText, heldTexts } from "../../domain/mail/held_texts.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { readItem } from "../../domain/data/import_item.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { updateReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";
import { TestMailer } from "../support/mailer.ts";
import { OPEN_MAIL, workOf } from "../support/mailing.ts";
import { remind } from "../support/reminders.ts";

const SPAM = "Cheap watches for everybody";

/** Members whose recipients of example.com need not be asked. */
async function world(env: Record<string, string> = {}) {
  const mailer = new TestMailer();
  const all = { ...realMail, RECIPIENT_DOMAINS: "example.com", ...env };
  const t = await testApp({ env: all, mailer });
  const root = await t.person("Root", { role: "admin" });
  const people: Account[] = [];
  for (const name of ["Ada", "Bob", "Cat", "Dan", "Eve"]) people.push(await t.person(name));
  return { t, mailer, root, people };
}

let recipients = 0;
/** A note of somebody's to so many whom nobody else mails. @returns the id of its job. */
async function mails(t: TestApp, { id: ownerId }: Account, count: number, text = SPAM) {
  const note = await createNote(t.app, { ownerId, title: `Of ${ownerId}`, text });
  const to = Array.from({ length: count }, () => `to${recipients++}@example.com`);
  const id = await requestMailing(t.app, { noteId: note.id, ownerId, to });
  await t.drain();
  return id;
}

const isHeld = async (t: TestApp, root: Account) =>
  (await heldTexts(t.app, { by: root })).length > 0;

Deno.test("one text from more than three members to more than fifty people is held, and no less is", async () => {
  const cases = [
    { each: [20, 20, 20], held: false },
    { each: [20, 20, 9, 1], held: false },
    { each: [20, 20, 10, 1], held: true },
    { each: [1, 1, 1, 20, 20], held: false },
    { each: [20, 20, 20, 1], held: true },
  ];
  for (const { each, held } of cases) {
    const { t, root, people, mailer } = await world();
    await using _ = t;
    for (const [i, count] of each.entries()) await mails(t, people[i]!, count);
    assertEquals(await isHeld(t, root), held, String(each));
    const all = each.reduce((sum, count) => sum + count, 0);
    assertEquals(mailer.accepted.length, held ? all - each.at(-1)! : all);
  }
});

Deno.test("spaces and capitals make no other text; other words, one's own addresses and old mail do", async () => {
  const { t, root, people } = await world();
  await using _ = t;
  const [ada, bob, cat, dan] = people as [Account, Account, Account, Account];
  for (const person of [ada, bob, cat]) await mails(t, person, 20);
  await mails(t, dan, 20, `${SPAM}, and more`);
  const note = await createNote(t.app, { ownerId: dan.id, title: "Mine", text: SPAM });
  await requestMailing(t.app, { noteId: note.id, ownerId: dan.id, to: [dan.email] });
  assertEquals(await isHeld(t, root), false, "other words, and what one mails to oneself");
  t.clock.advance(days(7));
  await mails(t, dan, 1);
  assertEquals(await isHeld(t, root), false, "the others' is a week old");
  for (const person of [ada, bob, cat]) {
    await mails(t, person, 20, `  cheap\n\nWATCHES for everybody`);
  }
  assertEquals(await isHeld(t, root), true);
});

Deno.test("admins hear of a held text, see who sends it and not what it says, and let it leave", async () => {
  const { t, root, people, mailer } = await world();
  await using _ = t;
  for (const person of people.slice(0, 3)) await mails(t, person, 17);
  const [, , , dan, eve] = people as [Account, Account, Account, Account, Account];
  const id = await mails(t, dan, 2);
  assertEquals(mailer.accepted.length, 51);
  const { deliveries } = await workOf(t, dan, id);
  const why = "several members mail the same text; an admin looks at it";
  assertEquals(deliveries.map(({ reason }) => reason), [why, why]);
  const { items } = await listNotifications(t.app, { accountId: root.id });
  assertEquals(items.map(({ title }) => title), ["A text of several members is held"]);
  const [text] = await heldTexts(t.app, { by: root });
  assertEquals(text!.recipients, 53);
  assertEquals(text!.senders.map(({ name }) => name), ["Ada", "Bob", "Cat", "Dan"]);
  const kept = JSON.stringify([
    await list(t.app, ranges.sameTexts),
    await list(t.app, ranges.audit),
  ]);
  assertEquals(/watches/i.test(kept), false);

  const choice = { ref: text!.ref, past: "send" } as const;
  const no = await assertRejects(() => decideText(t.app, { ...choice, by: dan }), AppError);
  assertEquals(no.code, "not_found");
  await decideText(t.app, { ...choice, by: root });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 53);
  await mails(t, eve, 20);
  assertEquals(mailer.accepted.length, 73, "it was decided for all who send it later, too");
  const again = await assertRejects(() => decideText(t.app, { ...choice, by: root }), AppError);
  assertEquals(again.code, "conflict");
  const acts = (await list(t.app, ranges.audit)).map(({ act, by }) => ({ act, by }));
  assertEquals(acts, [{ act: "text_held", by: null }, { act: "text_decided", by: root.id }]);
});

Deno.test("the page of what may leave shows a held text without its words, and its buttons decide once", async () => {
  const { t, root, people } = await world();
  await using _ = t;
  for (const person of people) await mails(t, person, 20);
  const admin = await visitor(t, root);
  const page = await pageOf(admin, "/admin/sending");
  for (const words of ["The same text from many", "To 100 people", ">Ada</a>", ">Dan</a>"]) {
    assertStringIncludes(page, words);
  }
  assertEquals(/watches/i.test(page), false);
  const { texts } = await jsonOf<{ texts: { ref: string; recipients: number }[] }>(
    await admin.get("/api/admin/sending"),
  );
  assertEquals(texts.map(({ recipients }) => recipients), [100]);
  const path = `/admin/sending/texts/${texts[0]!.ref}`;
  for (const says of ["Nothing with that text will be sent", "It was decided already"]) {
    const { status } = await admin.postForm(path, { past: "drop" });
    assertEquals(status, 303);
    assertStringIncludes(await pageOf(admin, "/admin/sending"), says);
  }
  const again = await admin.post(`/api${path}`, { past: "send" });
  assertEquals(again.status, 409);
});

Deno.test("what an admin refuses never leaves; what nobody decides on is given up after a week", async () => {
  for (const refuse of [true, false]) {
    const { t, root, people, mailer } = await world();
    await using _ = t;
    for (const person of people.slice(0, 3)) await mails(t, person, 20);
    const id = await mails(t, people[3]!, 1);
    const [text] = await heldTexts(t.app, { by: root });
    if (refuse) await decideText(t.app, { ref: text!.ref, past: "drop", by: root });
    t.clock.advance(refuse ? minutes(1) : days(7));
    await t.drain();
    const { deliveries: [one] } = await workOf(t, people[3]!, id);
    assertEquals([one!.state, one!.reason], [
      "skipped",
      "several members mail the same text, and it may not leave",
    ]);
    assertEquals(mailer.accepted.length, 60);
  }
});

/** Has somebody remind so many others, and perhaps more, tomorrow at nine. */
function reminds(t: TestApp, owner: Account, count: number, more: string[] = []) {
  const others = Array.from({ length: count }, () => `to${recipients++}@example.com`);
  const channels = { page: false, telegram: false, mail: [...more, ...others] };
  return remind(t.app, owner, { title: SPAM, channels });
}

for (const past of ["send", "drop"] as const) {
  Deno.test(`one text as reminders of four members is held before any of them rings, and then an admin says: ${past}`, async () => {
    const { t, root, people, mailer } = await world();
    await using _ = t;
    const [ada, bob, cat, dan, eve] = people as [Account, Account, Account, Account, Account];
    for (const person of [ada, bob, cat]) await reminds(t, person, 17);
    await reminds(t, eve, 0, [eve.email]);
    assertEquals(await isHeld(t, root), false, "what one reminds oneself of counts for nothing");
    await reminds(t, dan, 1, [dan.email]);
    const [text] = await heldTexts(t.app, { by: root });
    assertEquals([text!.senders.length, text!.recipients], [4, 52]);
    t.clock.advance(days(1));
    await t.drain();
    const own = [dan.email, eve.email];
    assertEquals(mailer.recipients().toSorted(), own, "one’s own comes at its time");
    await decideText(t.app, { ref: text!.ref, past, by: root });
    t.clock.advance(minutes(1));
    await t.drain();
    assertEquals(mailer.accepted.length, past === "send" ? 54 : 2);
  });
}

Deno.test("a reminder counts by its words, when they are changed to them, and until it has rung", async () => {
  const { t, root, people } = await world();
  await using _ = t;
  const [ada, bob, cat, dan, eve] = people as [Account, Account, Account, Account, Account];
  for (const person of [ada, bob]) await reminds(t, person, 20);
  const change = async (change: { title?: string; start?: string }) => {
    const { id, ownerId, version, schedule, ...rest } = (await list(t.app, ranges.reminders))
      .find(({ ownerId }) => ownerId === cat.id)!;
    const { start = schedule.start, ...words } = change;
    const when = scheduleAt("Europe/Berlin", start, null);
    await updateReminder(t.app, { id, ownerId, version, ...rest, schedule: when, ...words });
  };
  const others = Array.from({ length: 11 }, (_, i) => `c${i}@example.com`);
  const channels = { page: false, telegram: false, mail: others };
  await remind(t.app, cat, { title: "Something else", start: "2027-03-01T09:00", channels });
  await mails(t, dan, 1);
  assertEquals(await isHeld(t, root), false);
  await change({ title: SPAM });
  for (const start of ["2027-03-02T09:00", "2027-03-03T09:00"]) await change({ start });
  const [text] = await heldTexts(t.app, { by: root });
  assertEquals(text!.recipients, 52, "not again for each change");
  t.clock.advance(days(60));
  await t.drain();
  await mails(t, eve, 1);
  const kept = (await list(t.app, ranges.sameTexts)).find(({ heldAt }) => heldAt !== null);
  const ids = kept!.by.map(({ accountId }) => accountId);
  assertEquals(ids, [cat.id, eve.id], "what has not rung counts however long it waits");
});

Deno.test("a reminder that comes out of a file counts as one that was made here", async () => {
  const { t, people } = await world();
  await using _ = t;
  const [ada] = people as [Account];
  const made = await reminds(t, ada, 3);
  const given = { ...made, id: newId() };
  await readItem(t.app, ada.id, { is: "reminder", name: "1", read: () => Promise.resolve(given) });
  const [text] = await list(t.app, ranges.sameTexts);
  assertEquals(text!.by.map(({ recipients }) => recipients), [6]);
});

Deno.test("where the operator vouches for the members no text is held, and a closed account's goes from there", async () => {
  const { t, root, people } = await world({ ...OPEN_MAIL });
  await using _ = t;
  for (const person of people) await mails(t, person, 20);
  assertEquals(await isHeld(t, root), false);
  const other = await world();
  await using __ = other.t;
  const ada = other.people[0]!;
  await mails(other.t, ada, 1);
  await closeAccount(other.t.app, { accountId: ada.id });
  for (let i = 0; i < 30; i++) {
    other.t.clock.advance(minutes(2));
    await other.t.drain();
  }
  assertEquals((await list(other.t.app, ranges.sameTexts)).map(({ by }) => by), [[]]);
});
