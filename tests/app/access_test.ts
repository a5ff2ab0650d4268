import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { listSuppressions, suppressAddress } from "../../domain/admin_suppressions.ts";
import { requestMailing } from "../../domain/mailings.ts";
import { createNote } from "../../domain/notes.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { createReminder } from "../../domain/reminders.ts";
import { scheduleAtInstant } from "../../domain/repeat.ts";
import { createRoutes } from "../../routes/mod.ts";
import { testApp } from "../support/app.ts";
import { written } from "../support/broadcasts.ts";
import { TestClock } from "../support/clock.ts";
import { type Client, jsonOf } from "../support/http.ts";
import { TestMessenger } from "../support/messenger.ts";
import { visitor } from "../support/site.ts";

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

/** Every door to one thing, by what stands in the place of `:id`. */
const doors: [
  thing: "note" | "job" | "notification" | "mail" | "reminder",
  method: string,
  path: string,
  json?: unknown,
][] = [
  ["note", "GET", "/api/notes/:id"],
  ["note", "PATCH", "/api/notes/:id", { title: "x", text: "x", version: 1 }],
  ["note", "DELETE", "/api/notes/:id"],
  ["note", "POST", "/api/notes/:id/mailings", { to: ["a@example.org"] }],
  ["note", "GET", "/notes/:id"],
  ["note", "GET", "/notes/:id/edit"],
  ["note", "GET", "/notes/:id/mail"],
  ["note", "GET", "/notes/:id/mail/letter"],
  ["note", "POST", "/notes/:id"],
  ["note", "POST", "/notes/:id/mail"],
  ["note", "POST", "/notes/:id/delete"],
  ["note", "POST", "/notes/:id/restore"],
  ["job", "GET", "/api/jobs/:id"],
  ["job", "POST", "/api/jobs/:id/cancel"],
  ["job", "POST", "/api/jobs/:id/retry"],
  ["job", "GET", "/mailings/:id"],
  ["job", "POST", "/mailings/:id/cancel"],
  ["job", "POST", "/mailings/:id/retry"],
  ["notification", "POST", "/api/notifications/read"],
  ["notification", "GET", "/inbox/:id/open"],
  ["mail", "GET", "/outbox/:id"],
  ["mail", "GET", "/outbox/:id/html"],
  ["note", "GET", "/notes/:id/remind"],
  ["note", "POST", "/notes/:id/remind"],
  ["reminder", "GET", "/api/reminders/:id"],
  ["reminder", "PATCH", "/api/reminders/:id", { title: "x", version: 1 }],
  ["reminder", "DELETE", "/api/reminders/:id"],
  ["reminder", "POST", "/api/reminders/:id/restore", {}],
  ["reminder", "POST", "/api/reminders/:id/snooze", { minutes: 5 }],
  ["reminder", "POST", "/api/reminders/:id/done", {}],
  ["reminder", "POST", "/api/reminders/:id/skip", {}],
  ["reminder", "POST", "/api/reminders/:id/undo", {}],
  ["reminder", "GET", "/reminders/:id"],
  ["reminder", "GET", "/reminders/:id/edit"],
  ["reminder", "POST", "/reminders/:id"],
  ["reminder", "POST", "/reminders/:id/cancel"],
  ["reminder", "POST", "/reminders/:id/restore"],
  // These take the id of one time of it.
  ["reminder", "POST", "/reminders/:id-1/done"],
  ["reminder", "POST", "/reminders/:id-1/skip"],
  ["reminder", "POST", "/reminders/:id-1/undo"],
  ["reminder", "POST", "/reminders/:id-1/snooze"],
];

/** Whoever knows them may: people who are not signed in, and links that prove themselves. */
const forEverybody = [
  "GET /",
  "GET /static/*",
  "GET /favicon.ico",
  "GET /healthz",
  "GET /readyz",
  "POST /api/accounts",
  "POST /api/session",
  "DELETE /api/session",
  "GET /sign-in",
  "POST /sign-in",
  "POST /sign-out",
  "GET /sign-up",
  "POST /sign-up",
  "GET /activate/:token",
  "POST /activate/:token",
  "GET /setup/:token",
  "POST /setup/:token",
  "GET /i/:token",
  "POST /i/:token",
  "GET /own-address/:token",
  "POST /own-address/:token",
  "POST /api/accounts/reset",
  "POST /api/accounts/reset/confirm",
  "POST /api/accounts/email/confirm",
  "POST /api/accounts/email/undo",
  "POST /api/session/mail",
  "POST /api/session/token",
  "GET /reset",
  "POST /reset",
  "GET /reset/:token",
  "POST /reset/:token",
  "GET /sign-in/mail",
  "POST /sign-in/mail",
  "GET /sign-in/mail/:token",
  "POST /sign-in/mail/:token",
  "GET /email/confirm/:token",
  "POST /email/confirm/:token",
  "GET /email/undo/:token",
  "POST /email/undo/:token",
  "GET /r/:link",
  "POST /r/:link",
  "GET /u/:token",
  "POST /u/:token",
  "GET /u/:token/report",
  "POST /u/:token/report",
  "GET /outbox/open/:token",
  "GET /outbox/open/:token/html",
];

/** About oneself or one's own: whoever asks has them, and no id could be another's. */
const forOneself = [
  "GET /api/me",
  "PATCH /api/me",
  "POST /api/me/password",
  "GET /api/notes",
  "POST /api/notes",
  "GET /api/jobs",
  "GET /api/notifications",
  "GET /api/recipients",
  "POST /api/recipients",
  "GET /api/when",
  "GET /api/when/form",
  "GET /api/reminders",
  "POST /api/reminders",
  "GET /ws",
  "POST /notes",
  "GET /reminders",
  "POST /reminders",
  "GET /mailings",
  "GET /inbox",
  "POST /inbox/read",
  "GET /outbox",
  "GET /account",
  "POST /account",
  "POST /account/proof",
  "POST /account/password",
  "POST /account/sessions/end",
  "POST /account/sessions/:id/end",
  "POST /account/telegram",
  "POST /account/telegram/confirm",
  "POST /account/telegram/decline",
  "POST /account/telegram/unlink",
  "POST /account/news",
  "GET /account/data",
  "POST /account/data/export",
  "GET /account/data/export.zip",
  "POST /account/data/import",
  "GET /account/close",
  "POST /account/close",
  "POST /account/keep",
  "POST /account/stopped/lift",
  "POST /api/session/proof",
  "POST /api/me/email",
  "GET /api/me/sessions",
  "DELETE /api/me/sessions",
  "DELETE /api/me/sessions/:id",
  "POST /prove/mail",
  "GET /account/email",
  "POST /account/email",
  "POST /account/email/drop",
  "GET /prove",
  "POST /prove",
  "POST /account/addresses",
  "POST /account/addresses/:id/remove",
  "GET /recipients",
  "POST /recipients",
  "POST /recipients/:id/forget",
  "POST /recipients/from/:id",
  "GET /progress",
  "POST /progress",
  "GET /announcements/:ref",
];

/** To who is no admin they are not there. */
const forAdmins = [
  "GET /api/admin/jobs",
  "POST /api/admin/jobs/:id/cancel",
  "POST /api/admin/jobs/:id/retry",
  "POST /api/admin/jobs/:id/run",
  "GET /api/broadcasts",
  "POST /api/broadcasts",
  "GET /api/broadcasts/:id",
  "PATCH /api/broadcasts/:id",
  "POST /api/broadcasts/:id/confirm",
  "DELETE /api/broadcasts/:id",
  "GET /api/admin/audit",
  "GET /api/admin/members",
  "GET /api/admin/members/:id",
  "POST /api/admin/members/:id/role",
  "POST /api/admin/members/:id/quota",
  "POST /api/admin/members/:id/suspend",
  "POST /api/admin/members/:id/restore",
  "POST /api/admin/members/:id/sessions",
  "POST /api/admin/members/:id/release",
  "GET /api/admin/sending",
  "POST /api/admin/sending/stop",
  "POST /api/admin/sending/resume",
  "POST /api/admin/sending/release",
  "GET /api/admin/suppressions",
  "POST /api/admin/suppressions",
  "POST /api/admin/suppressions/find",
  "DELETE /api/admin/suppressions/:ref",
  "GET /admin",
  "GET /admin/members",
  "GET /admin/members/:id",
  "POST /admin/members/:id/role",
  "POST /admin/members/:id/quota",
  "POST /admin/members/:id/suspend",
  "POST /admin/members/:id/restore",
  "POST /admin/members/:id/sessions",
  "POST /admin/members/:id/release",
  "GET /admin/sending",
  "POST /admin/sending/stop",
  "POST /admin/sending/resume",
  "POST /admin/sending/release",
  "GET /admin/suppressions",
  "POST /admin/suppressions",
  "POST /admin/suppressions/find",
  "POST /admin/suppressions/lift",
  "GET /admin/audit",
  "GET /admin/audit.csv",
  "GET /admin/audit.json",
  "GET /admin/jobs",
  "POST /admin/jobs/:id/cancel",
  "POST /admin/jobs/:id/retry",
  "POST /admin/jobs/:id/run",
  "GET /admin/broadcasts",
  "GET /admin/broadcasts/new",
  "POST /admin/broadcasts",
  "GET /admin/broadcasts/:id",
  "GET /admin/broadcasts/:id/edit",
  "POST /admin/broadcasts/:id",
  "POST /admin/broadcasts/:id/confirm",
  "POST /admin/broadcasts/:id/cancel",
];

async function world() {
  const t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const note = await createNote(t.app, { ownerId: ada.id, title: "Private", text: "words" });
  const to = ["a@example.org"];
  const job = await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
  await t.drain();
  const [notification] = (await listNotifications(t.app, { accountId: ada.id })).items;
  const { id: reminder } = await createReminder(t.app, {
    ownerId: ada.id,
    title: "Private",
    schedule: scheduleAtInstant("UTC", t.clock.now() + 3_600_000),
    channels: { page: true, telegram: false, mail: [] },
  });
  const ids = {
    note: note.id,
    job,
    notification: notification!.id,
    mail: `${job}-0`,
    reminder,
    member: ada.id,
  };
  const admin = await t.person("Root", { role: "admin" });
  return {
    t,
    ids,
    bob: await visitor(t, bob),
    nobody: await visitor(t),
    root: await visitor(t, admin),
    admin,
  };
}

/** All that is stored, but for who has been seen when and what commits leave behind. */
async function everything(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  const lasting = entries.filter(({ key }) =>
    !["commit_token", "session"].includes(String(key[0]))
  );
  return JSON.stringify(lasting.map(({ key, versionstamp }) => [key, versionstamp]));
}

Deno.test("another's thing answers byte for byte like one that does not exist, and nothing changes", async () => {
  const { t, ids, bob, root } = await world();
  await using _ = t;
  const before = await everything(t.kv);
  for (const [thing, method, path, json] of doors) {
    const answer = async (id: string, who = bob) => {
      const form = method === "POST" && !path.startsWith("/api")
        ? { to: "a@example.org", version: "1", text: "x" }
        : undefined;
      const body = path === "/api/notifications/read" ? { id } : json;
      const response = await who.send(path.replace(":id", id), { method, json: body, form });
      const text = (await response.text()).replaceAll(id, "ID")
        .replace(/nonce="[^"]*"|name="draft" value="[^"]*"|"draftId":"[^"]*"/g, "");
      return [response.status, text];
    };
    const [status, theirs] = await answer(ids[thing]);
    assertEquals(status, 404, `${method} ${path}`);
    assertEquals((await answer(ids[thing], root))[0], 404, `${method} ${path} for an admin`);
    const unknown = thing === "mail" ? `${newId()}-0` : newId();
    assertEquals([status, theirs], await answer(unknown), `${method} ${path}`);
    assertEquals((await answer("no id at all"))[0], 404, `${method} ${path} with nonsense`);
  }
  assertEquals(await everything(t.kv), before);
});

Deno.test("a stranger is sent to sign in, or told 401, at every such door", async () => {
  const { t, ids, nobody } = await world();
  await using _ = t;
  for (const [thing, method, path, json] of doors) {
    const api = path.startsWith("/api");
    const form = method === "POST" && !api ? {} : undefined;
    const body = path === "/api/notifications/read" ? {} : json;
    const response = await nobody.send(path.replace(":id", ids[thing]), {
      method,
      json: body,
      form,
    });
    await response.body?.cancel();
    assertEquals(response.status, api ? 401 : 303, `${method} ${path}`);
  }
});

/** What is sent to a door of which only the name is known. */
async function knock(
  client: Client,
  door: string,
  { from = "203.0.113.7", id = newId() } = {},
): Promise<number> {
  const [method = "", path = ""] = door.split(" ");
  client.from = from;
  const sent = method === "GET"
    ? {}
    : path.startsWith("/api")
    ? { json: {} }
    : path === "/account/data/import"
    ? { raw: new FormData() }
    : { form: {} };
  const filled = path.replace(/:\w+/g, id).replace("*", "app.css");
  const accept = path.startsWith("/api") ? "application/json" : "text/html";
  const response = await client.send(filled, { method, ...sent, headers: { accept } });
  await response.body?.cancel();
  return response.status;
}

Deno.test("there is no door of which is not said here who may use it", async () => {
  const clock = new TestClock();
  const env = { ORIGIN: "https://work.example.org", TELEGRAM_BOT_TOKEN: TOKEN };
  await using t = await testApp({ clock, env, messenger: new TestMessenger() });
  const assets = { css: "/static/app.css", js: null, parts: [] };
  const { routes } = createRoutes({ app: t.app, assets, startedAt: clock.now() }, {
    open: new Set(),
    update: () => Promise.resolve(),
  });
  const there = routes.filter(({ method }) => method !== "ALL") // guards have no method
    .map(({ method, path }) => `${method} ${path}`);
  const owned = doors.map(([, method, path]) => `${method} ${path.replace(":id-1", ":id")}`);
  const telegrams = "POST /telegram"; // has a test of its own
  const mailjets = "POST /mailjet/events"; // likewise
  assertEquals(
    [...new Set(there)].sort(),
    [...new Set([...forEverybody, ...forOneself, ...forAdmins, ...owned, telegrams, mailjets])]
      .sort(),
  );
});

Deno.test("what is for everybody asks nobody to sign in; what is one's own asks all others", async () => {
  const { t, bob } = await world();
  await using _ = t;
  const asks = async (door: string, i: number) => {
    const stranger = await visitor(t);
    const status = await knock(stranger, door, { from: `198.51.100.${i}` });
    return status === 401 || status === 303;
  };
  // Out is where one is sent after signing out, and a session's end needs no session.
  const alreadyOut = ["POST /sign-out", "POST /activate/:token"];
  for (const [i, door] of forEverybody.entries()) {
    if (!alreadyOut.includes(door)) assert(!await asks(door, i), door);
  }
  for (const [i, door] of forOneself.entries()) assert(await asks(door, i + 100), door);
  for (const door of forOneself.filter((one) => !/sessions|password/.test(one))) {
    assert(![401, 500].includes(await knock(bob, door)), door);
  }
});

Deno.test("what is for admins is not there for others, and is for admins", async () => {
  const { t, ids, bob, nobody, root, admin } = await world();
  await using _ = t;
  const { id: broadcast } = await written(t, admin);
  await suppressAddress(t.app, { address: "nobody@example.com", by: admin });
  const [suppression] = (await listSuppressions(t.app, { by: admin })).items;
  for (const door of forAdmins) {
    const id = door.includes("/jobs/")
      ? ids.job
      : door.includes("/members/")
      ? ids.member
      : door.endsWith(":ref")
      ? suppression!.ref
      : broadcast;
    assertEquals(await knock(nobody, door, { id }), door.includes(" /api/") ? 401 : 404, door);
    assertEquals(await knock(bob, door, { id }), 404, door);
    const status = await knock(root, door, { id });
    assert(![401, 404, 500].includes(status), `${door} ${status}`);
  }
});

Deno.test("no field that is not asked for is taken: nobody makes themselves somebody else", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  for (const extra of ["ownerId", "role", "id", "version", "deletedAt", "__proto__"]) {
    const raw = `{"title":"T","text":"x","${extra}":"admin"}`;
    const headers = { "content-type": "application/json" };
    const response = await ada.send("/api/notes", { method: "POST", raw, headers });
    assertEquals(response.status, 400, extra);
    await response.body?.cancel();
  }
  const { items } = await jsonOf<{ items: unknown[] }>(await ada.get("/api/notes"));
  assertEquals(items, []);
});
