import { assert, assertEquals, assertMatch } from "@std/assert";
import { createNote, getNote } from "../../domain/notes/notes.ts";
import { listNotes } from "../../domain/notes/note_list.ts";
import { BOB, botScene } from "../support/bot_scene.ts";

const titles = ({ buttons }: { buttons: { text: string }[][] }) =>
  buttons.map((row) => row.map(({ text }) => text));

Deno.test("a plain message becomes a note, by the same rules as on the page", async () => {
  await using s = await botScene();
  const saved = await s.say("Buy milk\nand tea #home #Shop");
  assertEquals(saved.text, "📝 Saved: Buy milk");
  const { items: [note] } = await listNotes(s.t.app, { ownerId: s.ada.id });
  assertEquals([note!.title, note!.tags], ["Buy milk", ["home", "shop"]]);
  const { text } = await getNote(s.t.app, { id: note!.id, ownerId: s.ada.id });
  assertEquals(text, "Buy milk\nand tea #home #Shop");

  await s.say("/note Call Bob");
  const { items } = await listNotes(s.t.app, { ownerId: s.ada.id });
  assertEquals(items.map(({ title }) => title).sort(), ["Buy milk", "Call Bob"]);
  assertMatch((await s.say("/note")).text, /^Write the note behind the command/);
});

Deno.test("an update that comes a hundred times makes one note, also past the door's own memory", async () => {
  await using s = await botScene();
  const update = s.api.say(1_001, "Once only");
  for (let i = 0; i < 100; i++) await s.take(update);
  assertEquals(s.api.messagesIn(1_001).length, 1);
  for await (const { key } of s.t.kv.list({ prefix: ["chat_update"] })) await s.t.kv.delete(key);
  await s.take(update); // as after a crash between the note and the answer
  assertEquals((await listNotes(s.t.app, { ownerId: s.ada.id })).items.length, 1);
});

Deno.test("a list has pages, opens notes, deletes them and brings them back", async () => {
  await using s = await botScene();
  for (let i = 1; i <= 14; i++) {
    await createNote(s.t.app, { ownerId: s.ada.id, title: `Note ${i}`, text: i % 2 ? "odd" : "" });
    s.t.clock.advance(1_000);
  }
  const list = await s.say("/notes");
  assertEquals(list.text, "Your notes, page 1:");
  assertEquals(titles(list), [...[14, 13, 12, 11, 10, 9].map((i) => [`Note ${i}`]), ["▶"]]);
  await s.press("▶");
  const third = await s.press("▶");
  assertEquals(titles(third), [["Note 2"], ["Note 1"], ["◀"]]);
  assertEquals(s.api.messagesIn(1_001).length, 1, "turning pages changes the one message");
  assertEquals(titles(await s.press("◀"))[0], ["Note 8"]);

  const opened = await s.press("Note 8");
  assertEquals(opened.text, "Note 8");
  const deleted = await s.press("Delete", opened);
  assertEquals(deleted.text, "🗑 Deleted: Note 8");
  await s.press("▶", list);
  assertEquals(titles(list)[0], ["Note 2"]);
  await s.press("◀", list);
  assert(!titles(list).flat().includes("Note 8"));
  assertEquals((await s.press("Undo", deleted)).text, "📝 Note 8");

  const odd = await s.say("/notes odd");
  assertEquals(odd.text, "Your notes with “odd”, page 1:");
  assertEquals(titles(odd), [...[13, 11, 9, 7, 5, 3].map((i) => [`Note ${i}`]), ["▶"]]);
  assertEquals((await s.say("/notes nothing such")).text, "No notes with “nothing such”.");
  const long = await s.say(`/notes ${"x".repeat(201)}`);
  assertEquals(long.text, "Cannot search for more than 200 characters");
});

Deno.test("a long note comes in at most three pieces, a longer one with its beginning", async () => {
  await using s = await botScene();
  const paragraph = `${"word ".repeat(100).trim()}\n\n`;
  for (const [times, pieces] of [[7, 1], [20, 3], [200, 1]] as const) {
    const text = paragraph.repeat(times);
    await createNote(s.t.app, { ownerId: s.ada.id, title: `${times} paragraphs`, text });
    const before = await s.say("/notes");
    await s.press(`${times} paragraphs`, before);
    const said = s.api.messagesIn(1_001).filter(({ id }) => id > before.id);
    assertEquals(said.length, pieces);
    assertMatch(said[0]!.text, new RegExp(`^${times} paragraphs`));
    if (times === 200) assertMatch(said[0]!.text, /This is its beginning/);
  }
});

Deno.test("what is no text gets an answer that helps", async () => {
  await using s = await botScene();
  const person = { id: 1_001, is_bot: false, first_name: "Ada" };
  const chat = { id: 1_001, type: "private", first_name: "Ada" };
  const photo = [{ file_id: "a", file_unique_id: "b", width: 1, height: 1 }];
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ photo }, /^I keep text only: write it down/],
    [{ sticker: {} }, /^I keep text only/],
    [{ voice: {} }, /^I keep text only/],
    [{ location: { latitude: 1, longitude: 1 } }, /time zone/],
    [{ photo, caption: "Whiteboard" }, /^📝 Saved: Whiteboard\nThe words are saved/],
    [{ text: "x".repeat(4_096) }, /each part becomes a note/],
    [{}, /^I keep text only/],
  ];
  for (const [what, answer] of cases) {
    const message = { message_id: 9, from: person, chat, date: 1, ...what };
    await s.take(s.api.tell("message", message));
    assertMatch(s.last().text, answer);
  }
  const said = s.api.say(1_001, "Milk");
  await s.take(said);
  await s.take(s.api.reword(said, "Milk and tea"));
  assertMatch(s.last().text, /^What is saved stays as it was/);
  await s.take(s.api.reword(s.api.say(1_001, "/note Tea"), "/note Coffee"));
  const { items } = await listNotes(s.t.app, { ownerId: s.ada.id, q: "coffee" });
  assertEquals(items, []);
});

Deno.test("where the words of a message lead to is kept, written out below them", async () => {
  await using s = await botScene();
  const facts = {
    message_id: 30,
    from: { id: 1_001, is_bot: false, first_name: "Ada" },
    chat: { id: 1_001, type: "private", first_name: "Ada" },
    date: 1,
  };
  const link = (url: string, offset = 0) => ({ type: "text_link", offset, length: 4, url });
  const entities = [
    link("https://a.example/"),
    link("https://b.example/", 5),
    link("https://a.example/"),
  ];
  const text = "Read this and https://b.example/";
  await s.take(s.api.tell("message", { ...facts, text, entities }));
  const photo = [{ file_id: "a", file_unique_id: "b", width: 1, height: 1 }];
  const caption = { caption: "Look here", caption_entities: [link("https://c.example/")] };
  await s.take(s.api.tell("message", { ...facts, photo, ...caption }));
  for (
    const [q, whole] of [["read", `${text}\nhttps://a.example/`], [
      "look",
      "Look here\nhttps://c.example/",
    ]]
  ) {
    const { items: [note] } = await listNotes(s.t.app, { ownerId: s.ada.id, q });
    assertEquals((await getNote(s.t.app, { id: note!.id, ownerId: s.ada.id })).text, whole);
  }
});

Deno.test("a place that moves is not answered each time", async () => {
  await using s = await botScene();
  const facts = {
    message_id: 30,
    from: { id: 1_001, is_bot: false, first_name: "Ada" },
    chat: { id: 1_001, type: "private", first_name: "Ada" },
    date: 1,
    location: { latitude: 1, longitude: 1, live_period: 900 },
  };
  await s.take(s.api.tell("message", facts));
  for (let i = 0; i < 3; i++) {
    await s.take(s.api.tell("edited_message", { ...facts, edit_date: 2 + i }));
  }
  assertEquals(s.api.messagesIn(1_001).length, 1);
});

Deno.test("a text under a title of many signs of two code units fits", async () => {
  await using s = await botScene();
  const text = "x".repeat(3_790);
  const { id } = await createNote(s.t.app, { ownerId: s.ada.id, title: "🫖".repeat(200), text });
  await s.say("/notes");
  await s.take(s.api.press(1_001, s.last().id, `1:note:${id}`));
  const said = s.api.messagesIn(1_001).slice(1).map((message) => message.text);
  assertEquals(said.join("").replaceAll(/\s/g, ""), "🫖".repeat(200) + text);
});

Deno.test("markup, marks that turn text round and marks that cannot be seen stay text everywhere", async () => {
  await using s = await botScene();
  const texts = [
    `<b>bold</b> & <script>alert(1)</script> &amp; "x"`,
    "\u202egnp.exe",
    "\u200b\u200b\u200b",
    "<",
    "a".repeat(4_000) + "<b>",
    "😀".repeat(2_000),
    "\u2800",
  ];
  for (const text of texts) {
    await s.say(text);
    await s.say(`/note ${text}`);
    await s.press("Mail it");
    await s.say(`${text}@x`);
    await s.say(`/notes ${text.slice(0, 150)}`);
    const list = await s.say("/notes");
    const opened = await s.press(list.buttons[0]![0]!.text, list);
    const deleted = await s.press("Delete", opened);
    await s.press("Undo", deleted);
  }
  for (const { html } of s.api.messagesIn(1_001)) assert(!/<script|<b>bold/.test(html), html);
});

Deno.test("somebody else's note cannot be found by their button", async () => {
  await using s = await botScene();
  const bob = await s.t.person("Bob");
  await s.link(bob, BOB);
  const bobs = await createNote(s.t.app, { ownerId: bob.id, title: "Secret", text: "" });
  const mine = await s.say("Mine");
  for (const act of ["note", "note_delete", "note_restore", "mail", "mail_me"]) {
    const update = s.api.press(mine.chatId, mine.id, "Delete");
    const query = update.callback_query as Record<string, unknown>;
    await s.take({ ...update, callback_query: { ...query, data: `1:${act}:${bobs.id}` } });
    assertEquals(s.toast(), "Cannot find the note");
  }
  assertEquals((await getNote(s.t.app, { id: bobs.id, ownerId: bob.id })).deletedAt, null);
});
