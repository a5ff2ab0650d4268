import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Sending } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { hours, minutes } from "../support/clock.ts";
import { jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { pageOf, visitor } from "../support/site.ts";

async function world() {
  const mailer = new TestMailer();
  const env = { MAIL_FROM: "clock@example.org", RECIPIENT_DOMAINS: "example.net" };
  const t = await testApp({ mailer, env });
  const [root, ada] = [await t.person("Root", { role: "admin" }), await t.person("Ada")];
  return { t, mailer, root, ada, admin: await visitor(t, root), member: await visitor(t, ada) };
}

async function mail(t: TestApp, { id: ownerId }: Account, to = "bob@example.net") {
  const note = await createNote(t.app, { ownerId, title: "T", text: "x" });
  return await requestMailing(t.app, { noteId: note.id, ownerId, to: [to] });
}

const pages = [
  ...["/admin", "/admin/members", "/admin/sending", "/admin/suppressions", "/admin/audit"],
  ...["/admin/jobs", "/admin/broadcasts", "/admin/broadcasts/new"],
];

Deno.test("an admin stops all sending and lets it go on; each page of theirs says so, no other's", async () => {
  const { t, mailer, root, ada, admin, member } = await world();
  await using _ = t;
  assertMatch(await pageOf(admin, "/admin/sending"), /Messages leave/);
  assertNotMatch(await pageOf(admin, "/admin"), /All sending is stopped/);
  await admin.postForm("/admin/sending/stop", {});
  const id = await mail(t, ada);
  await t.drain();
  assertEquals(mailer.accepted, []);
  for (const path of pages) {
    assertMatch(
      await pageOf(admin, path),
      /All sending is stopped|Stopped<\/strong> by Root/,
      path,
    );
  }
  assertNotMatch(await pageOf(admin, "/"), /All sending is stopped/);
  assertMatch(await pageOf(member, `/mailings/${id}`), /an admin has stopped all sending/);
  assertNotMatch(await pageOf(member, "/"), /All sending is stopped/);

  await admin.postForm("/admin/sending/resume", {});
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.recipients(), ["bob@example.net"]);
  assertNotMatch(await pageOf(admin, "/admin"), /All sending is stopped/);
  assertEquals(root.role, "admin");
});

Deno.test("the same by the API", async () => {
  const { t, root, admin } = await world();
  await using _ = t;
  const stopped = await jsonOf<Sending>(await admin.post("/api/admin/sending/stop", {}));
  const at = new Date(t.clock.now()).toISOString();
  assertEquals(stopped as unknown, {
    stopped: { at, by: root.id },
    ...{ breaker: null, restored: null, held: null, texts: [] },
  });
  const open = await jsonOf<Sending>(await admin.post("/api/admin/sending/resume", {}));
  assertEquals(open.stopped, null);
  assertEquals(await jsonOf<unknown>(await admin.get("/api/admin/sending")), open as unknown);
});

/** A store that was restored an hour after things were asked for. */
async function restored() {
  const { t, ada, root, mailer } = await world();
  await mail(t, ada);
  await mail(t, ada, "eve@example.net");
  await askForProof(t.app, ada);
  const remind = (ms: number) =>
    createReminder(t.app, {
      ownerId: ada.id,
      title: "Tea",
      schedule: scheduleAtInstant("UTC", t.clock.now() + ms),
      channels: { page: true, telegram: false, mail: ["ada@example.org"] },
    });
  await remind(minutes(30));
  await remind(hours(3));
  t.clock.advance(hours(1));
  const sending = { stopped: null, breaker: null, restored: { at: t.clock.now(), past: "held" } };
  await transact(t.app, (tx) => tx.set(keys.sending, sending as Sending));
  t.clock.advance(minutes(1));
  await mail(t, ada, "after@example.net");
  await t.drain();
  return { t, mailer, admin: await visitor(t, root) };
}

Deno.test("after a restore the page says that all is held and how much of what, and an admin has it sent", async () => {
  const { t, mailer, admin } = await restored();
  await using _ = t;
  assertEquals(mailer.recipients(), []);
  const { held } = await jsonOf<{ held: unknown }>(await admin.get("/api/admin/sending"));
  const some = (count: number) => ({ count, more: false });
  assertEquals(held, {
    ...{ notes: some(2), reminders: some(1), broadcasts: some(0), account: some(1) },
  });
  const page = await pageOf(admin, "/admin/sending");
  assertMatch(page, /Mailings of notes<\/th><td>2<\/td>/);
  assertMatch(page, /Only letters and news about accounts/);
  assertNotMatch(page, /Messages leave/);
  assertMatch(await pageOf(admin, "/admin"), /All sending is held after the restore/);
  await admin.postForm("/admin/sending/release", { past: "send" });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.recipients().toSorted(), [
    ...["ada@example.org", "ada@example.org", "after@example.net"],
    ...["bob@example.net", "eve@example.net"],
  ]);
  assertNotMatch(await pageOf(admin, "/admin"), /All sending is held after the restore/);
});

Deno.test("or an admin says that none of it is sent, once and for all", async () => {
  const { t, mailer, admin } = await restored();
  await using _ = t;
  await admin.postForm("/admin/sending/release", { past: "drop" });
  await admin.postForm("/admin/sending/release", { past: "send" });
  assertMatch(await pageOf(admin, "/admin/sending"), /it was decided already/);
  t.clock.advance(minutes(2));
  await t.drain();
  assertEquals(mailer.recipients(), ["after@example.net"]);
  assertEquals((await read(t.app, keys.sending))?.restored?.past, "drop");
});

Deno.test("what holds itself after complaints says why, and an admin lets it go on", async () => {
  const { t, ada, admin, mailer } = await world();
  await using _ = t;
  const why = "too many recipients complained within a day";
  const breaker: Sending = { stopped: null, restored: null, breaker: { at: t.clock.now(), why } };
  await transact(t.app, (tx) => tx.set(keys.sending, breaker));
  await mail(t, ada);
  await t.drain();
  assertMatch(await pageOf(admin, "/admin/members"), new RegExp(`are held.*${why}`, "s"));
  assertMatch(await pageOf(admin, "/admin/sending"), /Held by itself/);
  assertEquals(mailer.accepted, []);
  await admin.postForm("/admin/sending/resume", {});
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.recipients(), ["bob@example.net"]);
});
