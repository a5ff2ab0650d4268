import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createDisk, noDisk, spaceIn } from "../../adapters/disk.ts";
import type { Disk } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { requestExport } from "../../domain/data/exports.ts";
import { receiveImport } from "../../domain/data/imports.ts";
import { isShort } from "../../domain/free_space.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { createNote, deleteNote, updateNote } from "../../domain/notes/notes.ts";
import { backUp } from "../../tasks/backup.ts";
import { testApp } from "../support/app.ts";
import { botScene } from "../support/bot_scene.ts";
import { days, minutes, TestClock } from "../support/clock.ts";
import { jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";

const MB = 1e6;
const GB = 1e9;
const wide = { free: 30 * GB, total: 100 * GB };
const short = { free: 400 * MB, total: 100 * GB };

/** A disk that is as it is said to be. */
function fakeDisk(): Disk & { now: typeof wide } {
  return {
    now: wide,
    space() {
      return Promise.resolve(this.now);
    },
  };
}

async function world() {
  const disk = fakeDisk();
  const t = await testApp({ disk });
  return { t, disk, ada: await t.person("Ada") };
}

const full = (act: () => Promise<unknown>) => assertRejects(act, AppError, "disk");

Deno.test("a disk is short below 500 MB and below a twentieth, of which 5 GB are enough", () => {
  const sizes: [free: number, total: number, short: boolean][] = [
    [499 * MB, 4 * GB, true],
    [501 * MB, 4 * GB, false],
    [0.9 * GB, 20 * GB, true],
    [1.1 * GB, 20 * GB, false],
    [4.9 * GB, 1_000 * GB, true],
    [5.1 * GB, 1_000 * GB, false],
  ];
  for (const [free, total, is] of sizes) assertEquals(isShort({ free, total }), is, `${free}`);
});

Deno.test("on a short disk nothing new is kept, and what is due, signing in and deleting go on", async () => {
  const { t, disk, ada } = await world();
  await using _ = t;
  const ownerId = ada.id;
  const draft = { ownerId, title: "T", text: "some words" };
  const note = await createNote(t.app, draft);
  await requestMailing(t.app, { noteId: note.id, ownerId, to: [ada.email] });
  disk.now = short;

  await full(() => createNote(t.app, draft));
  const edit = { ...draft, id: note.id, version: 1 };
  await full(() => updateNote(t.app, { ...edit, text: "some more words" }));
  await full(() => requestExport(t.app, { accountId: ownerId }));
  async function* pieces() {
    yield new TextEncoder().encode("x");
  }
  await full(() => receiveImport(t.app, { accountId: ownerId, pieces: pieces() }));

  await updateNote(t.app, { ...edit, text: "words" });
  await t.drain();
  const client = await visitor(t, ada); // a new session
  assertStringIncludes(await pageOf(client, "/outbox"), "T");
  await deleteNote(t.app, { id: note.id, ownerId });

  disk.now = wide;
  await createNote(t.app, draft);
});

Deno.test("who wants to keep a note on a short disk reads why, keeps the words, and is told when", async () => {
  const { t, disk, ada } = await world();
  await using _ = t;
  disk.now = short;
  const client = await visitor(t, ada);
  const page = await client.postForm("/notes", { title: "Plan", text: "Not to be lost" });
  assertEquals([page.status, page.headers.get("retry-after")], [503, "60"]);
  const text = await page.text();
  assertStringIncludes(text, "the disk of this service is nearly full");
  assertStringIncludes(text, "Not to be lost");
  const api = await client.post("/api/notes", { title: "Plan", text: "x" });
  assertEquals(api.status, 503);
  assertEquals((await jsonOf<{ error: { code: string } }>(api)).error.code, "unavailable");
});

Deno.test("a note from a chat is refused in words on a short disk, and its update does not come again", async () => {
  const disk = fakeDisk();
  await using s = await botScene({ disk });
  disk.now = short;
  assertStringIncludes((await s.say("Buy milk")).text, "the disk of this service is nearly full");
});

Deno.test("readiness and the admin page say that the disk is short; it is logged and told to admins once", async () => {
  const { t, disk } = await world();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  const client = await visitor(t, root);
  const ready = async () => {
    const answer = await client.get("/readyz");
    return [answer.status, await answer.json()];
  };
  const told = async () => {
    await t.drain();
    const { items } = await listNotifications(t.app, { accountId: root.id });
    return items.filter(({ title }) => title === "The disk is nearly full").length;
  };
  const logged = () => t.lines.filter((line) => line.includes('"disk_short"')).length;
  await t.server.lookAhead();
  assertEquals([await told(), logged()], [0, 0]);
  assertEquals(await ready(), [200, { ok: true }]);

  disk.now = short;
  for (let i = 0; i < 3; i++) {
    t.clock.advance(minutes(1));
    await t.server.lookAhead();
  }
  assertEquals([await told(), logged()], [1, 1]);
  assertEquals(await ready(), [200, { ok: true, disk: "short" }]);
  assertStringIncludes(await pageOf(client, "/admin"), "The disk is nearly full.");

  disk.now = wide;
  await t.server.lookAhead();
  assertEquals(await ready(), [200, { ok: true }]);
  disk.now = short;
  t.clock.advance(days(1));
  await t.server.lookAhead();
  assertEquals([await told(), logged()], [2, 2]);
});

Deno.test("a backup that would leave the disk short is refused before it is begun", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const from = `${folder}/store.sqlite3`;
    await Deno.writeFile(from, new Uint8Array(20 * MB));
    const look = () => Promise.resolve({ free: 530 * MB, total: 4 * GB });
    await assertRejects(
      () => backUp({ from, folder: `${folder}/b`, now: 0, look }),
      AppError,
      "only 530 MB left",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(`${folder}/b`)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the disk of a store is looked at once a minute, and where there is none not at all", async () => {
  const clock = new TestClock();
  const folder = await Deno.makeTempDir();
  const disk = createDisk(`${folder}/store.sqlite3`, { clock });
  const first = disk.space();
  const space = await first;
  assert(space !== null && space.free > 0 && space.free < space.total);
  assertEquals(disk.space(), first);
  await Deno.remove(folder);
  assertEquals(await disk.space(), space, "not looked at again");
  clock.advance(minutes(1));
  assertEquals(await disk.space(), null);
  assertEquals(await spaceIn(folder), null);
  for (const path of [undefined, ":memory:", "https://kv.example.org"]) {
    assertEquals(createDisk(path, { clock }), noDisk);
  }
});
