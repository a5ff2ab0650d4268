import { assert, assertEquals, assertMatch } from "@std/assert";
import { createNote, getNote } from "../../domain/notes/notes.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { preferencesOf, setPreferences } from "../../domain/accounts/preferences.ts";
import { cancelReminder } from "../../domain/reminders/reminders.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, ImportReport, Note, Reminder } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { passkeyOf } from "../support/factor.ts";
import { days, hours, minutes } from "../support/clock.ts";
import type { Client } from "../support/http.ts";
import { killable } from "../support/killable.ts";
import { TestMailer } from "../support/mailer.ts";
import { assertSound, daily, hourly, remind } from "../support/reminders.ts";
import { pageOf, visitor } from "../support/site.ts";
import { filesIn, zipOf } from "../support/zips.ts";

/** Everything of somebody's as one file, as a browser has it. */
async function exported(t: TestApp, client: Client): Promise<Uint8Array<ArrayBuffer>> {
  const asked = await client.postForm("/account/data/export", {});
  assertEquals([asked.status, asked.headers.get("location")], [303, "/account/data"]);
  await t.drain();
  const response = await client.get("/account/data/export.zip");
  assertEquals(response.status, 200);
  return new Uint8Array(await response.arrayBuffer());
}

function formOf(file: BlobPart, name = "data.zip"): FormData {
  const form = new FormData();
  form.set("file", new Blob([file], { type: "application/zip" }), name);
  return form;
}

/** Brings a file back, and lets the job read it. */
async function brought(t: TestApp, client: Client, file: BlobPart): Promise<Response> {
  const response = await client.send("/account/data/import", { method: "POST", raw: formOf(file) });
  await t.drain();
  return response;
}

async function reportOf(t: TestApp, { id }: Account): Promise<ImportReport> {
  return (await t.kv.get<ImportReport>(keys.importReport(id))).value!;
}

/** One's notes as their owner knows them. */
async function notesOf(t: TestApp, { id: ownerId }: Account) {
  const ids = await list(t.app, ranges.notesOf(ownerId));
  const notes = await Promise.all(ids.map((id) => getNote(t.app, { id, ownerId })));
  return notes.map(({ title, text, tags, createdAt, updatedAt, excerpt, size }) => ({
    title,
    text,
    tags,
    createdAt,
    updatedAt,
    excerpt,
    size,
  }));
}

async function remindersOf(t: TestApp, { id: ownerId }: Account) {
  const ids = await list(t.app, ranges.remindersOf(ownerId));
  const all = await Promise.all(ids.map(async (id) => {
    const { value } = await t.kv.get<Reminder>(keys.reminder(id));
    const { noteId, title, text, schedule, channels, missed, state, nextAt } = value!;
    const note = noteId && (await t.kv.get<Note>(keys.note(noteId))).value!.title;
    return { note, title, text, schedule, channels, missed, state, nextAt };
  }));
  return all.sort((a, b) => a.title < b.title ? -1 : 1);
}

const odd = [
  "Shopping\n\n- milk #home\n- `code`\n\n\n",
  "---\nid: x\n---\n# no heading",
  "\u0007PK\u0003\u0004 ünïcödé 𝔸 \u202e ",
  "=cmd|' /C calc'!A0",
  "long ".repeat(15_000),
];

/** Notes and reminders of every sort. */
async function filled(t: TestApp, person: Account): Promise<void> {
  const { app } = t;
  const { id: ownerId } = person;
  for (const [i, text] of odd.entries()) {
    const { id: noteId } = await createNote(app, { ownerId, title: i % 2 ? "" : `T/${i}`, text });
    t.clock.advance(minutes(7));
    await remind(app, person, {
      title: `R${i}`,
      text: text.slice(0, 4_000),
      noteId,
      rule: i % 2 ? daily : null,
    });
  }
  await remind(app, person, { title: "=1+1", rule: hourly, start: "2026-11-24T02:30" });
  const { id } = await remind(app, person, { title: "never" });
  await cancelReminder(app, { id, ownerId }, "page");
  await setPreferences(app, ownerId, {
    reminders: { mail: false, telegram: true },
    mailings: { mail: false, telegram: false },
    broadcasts: { mail: false, telegram: true },
  });
}

Deno.test("what one account takes away another one has when it is brought there, and once only", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  await filled(t, ada);
  t.clock.advance(hours(30)); // some have begun, one is over
  await t.drain();
  const zip = await exported(t, await visitor(t, ada));
  const theirs = await visitor(t, bob);
  const answer = await brought(t, theirs, zip);
  assertEquals([answer.status, answer.headers.get("location")], [303, "/account/data"]);

  assertEquals(await notesOf(t, bob), await notesOf(t, ada));
  assertEquals(await remindersOf(t, bob), await remindersOf(t, ada));
  assertEquals(await preferencesOf(t.app, bob.id), await preferencesOf(t.app, ada.id));
  const report = await reportOf(t, bob);
  assertEquals([report.notes, report.reminders, report.known, report.leftOut], [5, 7, 0, 0]);
  const [news] = (await listNotifications(t.app, { accountId: bob.id })).items;
  assertEquals(news?.text, "5 notes and 7 reminders are new");
  await assertSound(t);

  await brought(t, theirs, zip);
  assertEquals((await reportOf(t, bob)).known, 12);
  assertEquals((await notesOf(t, bob)).length, 5);
  await brought(t, await visitor(t, ada), zip);
  assertEquals((await reportOf(t, ada)).known, 12, "at home it is known too");
  assertEquals((await remindersOf(t, ada)).length, 7);
  await assertSound(t);
  assertMatch(await pageOf(theirs, "/account/data"), /12 were here already/);
});

Deno.test("the file holds what it should, and nothing of other people", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  await filled(t, ada);
  await passkeyOf(t, ada);
  await createNote(t.app, { ownerId: bob.id, title: "Bob's secret", text: "secret" });
  const note = await createNote(t.app, { ownerId: ada.id, title: "=HYPERLINK(1)", text: "x" });
  await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: ["+1@example.net"] });
  await t.drain();
  const files = await filesIn(await exported(t, await visitor(t, ada)));
  const names = [...files.keys()];
  for (const name of ["account.json", "reminders/001.json", "reminders.ics", "deliveries.csv"]) {
    assert(names.includes(name), name);
  }
  assertEquals(names.filter((name) => /^notes\/[^/]+\.md$/.test(name)).length, 6);
  assert(![...files.values()].join().includes("secret"));
  const account = JSON.parse(files.get("account.json")!);
  assertEquals([account.format, account.profile.email], ["clock-work", "ada@example.org"]);
  assertEquals(account.secondFactors.passkeys.map(({ name }: { name: string }) => name), [
    "My laptop",
  ]);
  assert(!/publicKey|sealed|lastStep/.test(files.get("account.json")!));
  assert(!/password|argon|scrypt|epoch/.test(files.get("account.json")!));
  const [, line] = files.get("deliveries.csv")!.split("\r\n");
  assertMatch(line!, /^2026-[^,]+,note,'=HYPERLINK\(1\),mail,'\+1@example.net,sent,,0$/);
});

Deno.test("the file is there for a day, for its owner alone who has proved it lately, once an hour", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const client = await visitor(t, ada);
  assertEquals((await client.get("/account/data/export.zip")).status, 404);
  await exported(t, client);
  const letters = (await list(t.app, ranges.outboxOfRecipient(ada.email))).length;
  assertEquals(letters, 1, "a mail says so");
  assertEquals((await (await visitor(t, bob)).get("/account/data/export.zip")).status, 404);
  const again = await client.postForm("/account/data/export", {});
  assertEquals(again.status, 429);
  assertMatch(await again.text(), /tried too often/);
  t.clock.advance(minutes(11));
  assertEquals((await client.get("/account/data/export.zip")).status, 303, "asks who is there");
  assertEquals((await client.postForm("/account/data/export", {})).status, 303);
  t.clock.advance(days(1));
  assertEquals((await (await visitor(t, ada)).get("/account/data/export.zip")).status, 404);
  await t.server.lookAhead();
  t.clock.advance(days(1));
  await t.drain();
  for (const kind of ["file", "file_part", "file_of"]) {
    assertEquals((await Array.fromAsync(t.kv.list({ prefix: [kind] }))).length, 0, kind);
  }
});

Deno.test("a new file takes the place of the one before", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const first = await exported(t, await visitor(t, ada));
  await createNote(t.app, { ownerId: ada.id, title: "New", text: "x" });
  t.clock.advance(hours(1));
  const second = await exported(t, await visitor(t, ada));
  assert(second.length > first.length);
  assertEquals((await Array.fromAsync(t.kv.list({ prefix: ["file"] }))).length, 1);
});

Deno.test("writing and reading a file go on after a death at any commit, and make nothing twice", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  await filled(t, ada);
  const mine = await visitor(t, ada);
  const theirs = await visitor(t, bob);
  const dies = async () => {
    for (let at = 1; at < 200; at++) {
      const process = killable(t.app);
      process.kill(2 + at, at % 2 === 0);
      if (!await process.ended) return assert(at > 2, `${at - 1} deaths`);
      t.clock.advance(minutes(1) + 1);
    }
    throw new Error("it never ended");
  };
  await mine.postForm("/account/data/export", {});
  await dies();
  const response = await (await visitor(t, ada)).get("/account/data/export.zip");
  const zip = new Uint8Array(await response.arrayBuffer());
  assertEquals((await filesIn(zip)).size, 9);
  await theirs.send("/account/data/import", { method: "POST", raw: formOf(zip) });
  await dies();
  assertEquals(await notesOf(t, bob), await notesOf(t, ada));
  assertEquals((await remindersOf(t, bob)).length, 7);
  const report = await reportOf(t, bob);
  assertEquals([report.notes, report.reminders, report.known, report.leftOut], [5, 7, 0, 0]);
  await assertSound(t);
});

Deno.test("reminders that are brought mail nobody who has not agreed, whatever the file says", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { MAIL_FROM: "clock@example.org" }, mailer });
  const ada = await t.person("Ada");
  const reminder = (id: string, mail: string[], page = false) => ({
    id,
    title: "Buy this",
    schedule: {
      zone: "UTC",
      start: "2026-11-24T09:00:00",
      startAt: "2026-11-24T09:00:00Z",
      rule: null,
    },
    channels: { page, telegram: false, mail },
  });
  const strangers = Array.from({ length: 20 }, (_, i) => `stranger${i}@example.net`);
  const account = {
    format: "clock-work",
    version: 1,
    recipients: strangers.map((address) => ({ address, state: "accepted" })),
    consents: strangers,
    addresses: strangers.map((address) => ({ address, verifiedAt: "2020-01-01" })),
  };
  const zip = zipOf({
    "account.json": JSON.stringify(account),
    "reminders/1.json": JSON.stringify([
      reminder("one", strangers),
      reminder("two", ["ada@example.org", "stranger1@example.net"]),
    ]),
  });
  await brought(t, await visitor(t, ada), zip);
  const report = await reportOf(t, ada);
  assertEquals([report.reminders, report.addresses, report.leftOut], [2, 21, 0]);
  for (const kind of ["consent", "own_address"]) {
    assertEquals(await Array.fromAsync(t.kv.list({ prefix: [kind] })), [], kind);
  }
  const [one, two] = (await remindersOf(t, ada)).map(({ channels }) => channels)
    .sort((a, b) => a.mail.length - b.mail.length);
  assertEquals(one, { page: true, telegram: false, mail: [] }, "it rings somewhere");
  assertEquals(two?.mail, ["ada@example.org"]);
  t.clock.advance(days(2));
  await t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org"]);
});

Deno.test("what is wrong in a file is left out and told; the rest is taken in", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const sound = {
    id: "r",
    title: "Sound",
    schedule: { zone: "UTC", start: "2020-01-01T09:00:00", startAt: "2020-01-01T09:00:00Z" },
    channels: { page: true, telegram: false, mail: [] },
  };
  const wrong = [
    null,
    7,
    [],
    {},
    { ...sound, id: "z", schedule: { ...sound.schedule, zone: "Mars/Phobos" } },
    { ...sound, id: "s", schedule: { ...sound.schedule, start: "2020-13-01T09:00:00" } },
    { ...sound, id: "t", title: "a\u0007b".repeat(200) },
    { ...sound, id: "u", channels: { page: true, telegram: false, mail: ["no address"] } },
    {
      ...sound,
      id: "v",
      schedule: { ...sound.schedule, rule: { every: 0, unit: "day", until: null } },
    },
    {
      ...sound,
      id: "w",
      schedule: { ...sound.schedule, rule: { every: 1, unit: "week", weekdays: [9] } },
    },
    JSON.parse('{"__proto__": {"id": "x"}}'),
  ];
  const zip = zipOf({
    "account.json": '{"format": "other"}',
    "reminders/1.json": JSON.stringify([...wrong, sound]),
    "reminders/2.json": "not json",
    "reminders/3.json": `${"[".repeat(100_000)}`,
    "notes/empty.md": "",
    "notes/long.md": `# T\n\n${"x".repeat(110_000)}`,
    "notes/bytes.md": new Uint8Array([0xff, 0xfe, 0x80]),
    "notes/good.md": "# Good\n\ntext #tag",
    "../../notes/evil.md": "# Evil",
    "/notes/evil.md": "# Evil",
    "other/thing.bin": new Uint8Array(1_000),
  });
  assertEquals((await brought(t, await visitor(t, ada), zip)).status, 303);
  const report = await reportOf(t, ada);
  assertEquals([report.notes, report.reminders, report.known], [2, 1, 0]);
  assertEquals(report.leftOut, wrong.length + 5, report.why.join("\n"));
  assert(report.why.every((line) => line.includes(": Cannot ")), report.why.join("\n"));
  assertEquals((await notesOf(t, ada)).map(({ title, tags }) => [title, tags]).sort(), [
    ["Good", ["tag"]],
    ["\ufffd\ufffd\ufffd", []],
  ]);
  await assertSound(t);
});

Deno.test("an account holds no more by a file than by hand: 5,000 notes, 100 active reminders", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  await t.kv.set(keys.counts(ada.id), { notes: 4_999, unread: 0, reminders: 99 });
  const reminder = (id: number) => ({
    id: String(id),
    title: "R",
    schedule: { zone: "UTC", start: "2027-01-01T09:00:00", startAt: "2027-01-01T09:00:00Z" },
    channels: { page: true, telegram: false, mail: [] },
  });
  const zip = zipOf({
    "notes/a.md": "# A",
    "notes/b.md": "# B",
    "reminders/1.json": JSON.stringify(Array.from({ length: 600 }, (_, i) => reminder(i))),
  });
  await brought(t, await visitor(t, ada), zip);
  const report = await reportOf(t, ada);
  assertEquals([report.notes, report.reminders, report.leftOut], [1, 1, 600]);
  assertEquals((await t.kv.get(keys.counts(ada.id))).value, {
    notes: 5_000,
    unread: 1,
    reminders: 100,
  });
});
