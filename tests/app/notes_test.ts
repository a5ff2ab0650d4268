import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { countNotes, listNotes } from "../../domain/notes/note_list.ts";
import { MAX_KEPT_BYTES } from "../../domain/notes/note_room.ts";
import {
  createNote,
  deleteNote,
  getNote,
  restoreNote,
  updateNote,
} from "../../domain/notes/notes.ts";
import { NO_COUNTS } from "../../domain/mail/counts.ts";
import { keys } from "../../kv/keys.ts";
import type { Counts } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";

Deno.test("a note keeps its text to the letter, in every script, up to 100 KB", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const texts = [
    "नमस्ते, घड़ी का काम",
    "مرحبا بالعالم ‏123",
    "日本語のメモ 🕰️👩‍👩‍👧",
    "a".repeat(102_400),
    "é".repeat(51_200),
  ];
  for (const text of texts) {
    const { id } = await createNote(t.app, { ownerId, title: "", text });
    assertEquals((await getNote(t.app, { id, ownerId })).text, text);
  }
});

Deno.test("an empty note, one over 100 KB, and a title with a line break are refused and change nothing", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const wrong = [
    { title: "", text: " \n " },
    { title: "T", text: "a".repeat(102_401) },
    { title: "T\r\nBcc: eve@example.net", text: "x" },
    { title: "a".repeat(201), text: "x" },
  ];
  for (const draft of wrong) {
    await assertRejects(() => createNote(t.app, { ownerId, ...draft }), AppError, "Cannot");
  }
  assertEquals(await countNotes(t.app, ownerId), 0);
});

Deno.test("the same words under the same key are one note, other words another", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const save = async (text: string) =>
    (await createNote(t.app, { ownerId, title: "T", text, key: "draft 1" })).id;
  const first = await save("one");
  assertEquals(await save("one"), first);
  const second = await save("one, and after going back two");
  assert(second !== first);
  assertEquals(await countNotes(t.app, ownerId), 2);
});

Deno.test("a note without a title is known by its first line", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const note = await createNote(t.app, {
    ownerId,
    title: "",
    text: "\n# Bread, *slower*\n72 % water",
  });
  assertEquals(note.title, "Bread, slower");
});

Deno.test("an edit that started from an older version is refused and nothing is lost", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const { id } = await createNote(t.app, { ownerId, title: "T", text: "one" });
  await updateNote(t.app, { id, ownerId, version: 1, title: "T", text: "two" });
  const late = () => updateNote(t.app, { id, ownerId, version: 1, title: "T", text: "three" });
  assertEquals((await assertRejects(late, AppError)).code, "conflict");
  assertEquals((await getNote(t.app, { id, ownerId })).text, "two");
});

Deno.test("of fifty edits of one version exactly one is saved", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const { id } = await createNote(t.app, { ownerId, title: "T", text: "x" });
  const edits = await Promise.allSettled(
    Array.from(
      { length: 50 },
      (_, i) => updateNote(t.app, { id, ownerId, version: 1, title: "T", text: `edit ${i}` }),
    ),
  );
  assertEquals(edits.filter(({ status }) => status === "fulfilled").length, 1);
  assertEquals((await getNote(t.app, { id, ownerId })).version, 2);
});

Deno.test("a deleted note is out of sight, can be brought back for 30 days, and is then erased", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const { id } = await createNote(t.app, { ownerId, title: "T", text: "secret words" });
  await deleteNote(t.app, { id, ownerId });
  assertEquals((await listNotes(t.app, { ownerId })).items, []);
  await assertRejects(() => getNote(t.app, { id, ownerId }), AppError, "Cannot find the note");
  await restoreNote(t.app, { id, ownerId });
  t.clock.advance(days(31));
  await t.drain();
  assertEquals((await getNote(t.app, { id, ownerId })).text, "secret words");

  await deleteNote(t.app, { id, ownerId });
  t.clock.advance(days(31));
  await t.drain();
  const left = (await Array.fromAsync(t.kv.list({ prefix: [] })))
    .filter(({ key }) => String(key[0]).startsWith("note"));
  assertEquals(left, []);
  assertEquals(await countNotes(t.app, ownerId), 0);
});

Deno.test("another's note does not exist: reading, editing, deleting, bringing back", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const { id } = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const his = { id, ownerId: bob.id };
  const acts = [
    () => getNote(t.app, his),
    () => updateNote(t.app, { ...his, version: 1, title: "T", text: "y" }),
    () => deleteNote(t.app, his),
    () => restoreNote(t.app, his),
    () => getNote(t.app, { id: "nonsense/../id", ownerId: bob.id }),
  ];
  for (const act of acts) assertEquals((await assertRejects(act, AppError)).code, "not_found");
});

Deno.test("lists come newest first, a page at a time, each note once", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  for (let i = 0; i < 65; i++) {
    t.clock.advance(1_000);
    await createNote(t.app, { ownerId, title: `n${i}`, text: "x" });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await listNotes(t.app, { ownerId, cursor });
    seen.push(...items.map(({ title }) => title));
    cursor = next ?? undefined;
  } while (cursor);
  assertEquals(seen, Array.from({ length: 65 }, (_, i) => `n${64 - i}`));
});

/** As if an account had written so much before. */
async function wrote(t: TestApp, ownerId: string, counts: Partial<Counts>): Promise<void> {
  await transact(t.app, (tx) => tx.set(keys.counts(ownerId), { ...NO_COUNTS, ...counts }));
}

Deno.test("an account has room for 5,000 notes, of forty at once too", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  await wrote(t, ownerId, { notes: 4_999 });
  const write = (text: string) => createNote(t.app, { ownerId, title: "", text });
  const all = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => write(`${i}`)));
  assertEquals(all.filter(({ status }) => status === "fulfilled").length, 1);
  const more = await assertRejects(() => write("one more"), AppError, "more than 5000 notes");
  assertEquals([more.code, await countNotes(t.app, ownerId)], ["conflict", 5_000]);
});

Deno.test("an account has room for 100 MB of text, and writing and deleting makes no more of it", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const long = "a".repeat(102_400);
  await wrote(t, ownerId, { bytes: MAX_KEPT_BYTES - 150_000 });
  const write = (text: string) => createNote(t.app, { ownerId, title: "", text });
  const cannot = (act: () => Promise<unknown>) => assertRejects(act, AppError, "100 MB");
  const { id, version } = await write(long);
  await cannot(() => write(long));
  const small = await write("b");
  await cannot(() => updateNote(t.app, { ...small, ownerId, title: "", text: long }));
  await deleteNote(t.app, { id, ownerId });
  await cannot(() => write(long));

  await restoreNote(t.app, { id, ownerId });
  await updateNote(t.app, { id, ownerId, version, title: "", text: "short" });
  await deleteNote(t.app, { id: (await write(long)).id, ownerId });
  await cannot(() => write(long));
  t.clock.advance(days(31));
  await t.drain();
  await write(long);
  const { bytes } = (await t.kv.get<Counts>(keys.counts(ownerId))).value!;
  assertEquals(bytes, MAX_KEPT_BYTES - 150_000 + "b".length + "short".length + long.length);
});

Deno.test("search finds words in title, text and #tags, in any case and script", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  await createNote(t.app, { ownerId, title: "Standup", text: "Bob takes the Migration #team" });
  await createNote(t.app, { ownerId, title: "Visa papers", text: "Photos 35 × 45 #travel #Büro" });
  const found = async (q: string, tag?: string) =>
    (await listNotes(t.app, { ownerId, q, tag })).items.map(({ title }) => title);
  assertEquals(await found("migration bob"), ["Standup"]);
  assertEquals(await found("VISA"), ["Visa papers"]);
  assertEquals(await found("#travel"), ["Visa papers"]);
  assertEquals(await found("", "büro"), ["Visa papers"]);
  assertEquals(await found("migration visa"), []);
  assert(
    (await assertRejects(() => listNotes(t.app, { ownerId, q: "x".repeat(201) }), AppError)).field,
  );
});
