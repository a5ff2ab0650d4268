import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { webhookSecret } from "../../domain/chats/chat_secret.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { Deadline } from "../../kv/deadline.ts";
import { keys } from "../../kv/keys.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { written } from "../support/broadcasts.ts";
import { testApp } from "../support/app.ts";
import { lyingKv } from "../support/lying_kv.ts";
import { TestMessenger } from "../support/messenger.ts";
import type { Sent } from "../support/http.ts";
import { seeded } from "../support/random.ts";
import { visitor } from "../support/site.ts";

const SEED = 20_261_125;
/** One request comes so long after the other that nobody is slowed down, ms. */
const APART_MS = 1_000;

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

const long = "every second tuesday at 9 ".repeat(400);
const TEXTS = [
  "",
  " ",
  "\0",
  "a\0b tomorrow 9",
  "\ud800",
  "tomorrow \udc00 9",
  "\u202etomorrow 9\u2066",
  "غدا ٩",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "%",
  "1e999",
  "-1",
  "0",
  "9007199254740993",
  "99999-99-99T99:99",
  "+275760-09-13T00:00:01Z",
  "2026-02-30T25:61",
  "Europe/Nowhere",
  "in 99999999999999999999 years",
  "every 0 minutes",
  "every 31 february 9:00 until 1970",
  "\r\nBcc: x@example.org",
  "a@example.org\0",
  "🕰".repeat(50),
  long.slice(0, 10_000),
  "9".repeat(10_000),
];
const VALUES: unknown[] = [
  null,
  true,
  0,
  -0.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  [],
  [[]],
  ["a", 1, null],
  {},
  { length: 1e9 },
  { is: "cron", pattern: "* * * * * *", zone: "UTC" },
  { is: "cron", pattern: "99 99 99 99 99", zone: "UTC" },
  { is: "at", wall: "0000-00-00T00:00", zone: "UTC" },
  { zone: "UTC", start: "2026-12-01T09:00", rule: { every: 1e9, unit: "year" } },
  { zone: "UTC", start: "2026-12-01T09:00", rule: { every: -1, unit: "minute" } },
  { zone: "UTC", start: "+99999-12-01T09:00", startAt: 8.64e15 },
  { zone: "\0", start: "2026-12-01T09:00" },
  { zone: "UTC", start: "2026-12-01T09:00", rule: { every: 1, unit: "week", weekdays: [9, -1] } },
  { zone: "UTC", start: "2026-12-01T09:00", rule: { every: 1, unit: "month", monthDay: 1e9 } },
  { page: false, telegram: true, mail: Array(100).fill("x@example.org") },
  ...TEXTS,
];

type Fields = Record<string, unknown>;
/** A door with what it takes; `:x` stands for an id. */
type Door = [method: string, path: string, fields?: Fields];

const schedule = { zone: "UTC", start: "2027-01-01T09:00", startAt: 0, rule: null };
const draft = {
  title: "Tea",
  text: "hot",
  noteId: null,
  when: schedule,
  zone: "UTC",
  channels: { page: true, telegram: false, mail: [] },
  missed: "once",
};
const news = {
  title: "News",
  text: "All is well",
  channels: { mail: true, telegram: false },
  when: { is: "now" },
};
const moment = { occurrence: "", minutes: 5, until: "2027-01-01T09:00:00Z" };

const API: Door[] = [
  ["POST", "/api/reminders", draft],
  ["PATCH", "/api/reminders/:reminder", { ...draft, version: 1 }],
  ["DELETE", "/api/reminders/:reminder"],
  ["GET", "/api/reminders/:reminder"],
  ["POST", "/api/reminders/:reminder/snooze", moment],
  ["POST", "/api/reminders/:reminder/done", { occurrence: "" }],
  ["POST", "/api/reminders/:reminder/skip", { occurrence: "" }],
  ["POST", "/api/reminders/:reminder/undo", { occurrence: "" }],
  ["POST", "/api/reminders/:reminder/restore", {}],
  ["POST", "/api/broadcasts", news],
  ["PATCH", "/api/broadcasts/:broadcast", { ...news, version: 1 }],
  ["POST", "/api/broadcasts/:broadcast/confirm", { version: 1, members: 0 }],
  ["GET", "/api/broadcasts/:broadcast"],
  ["DELETE", "/api/broadcasts/:broadcast"],
  ["POST", "/api/admin/jobs/:job/cancel", {}],
  ["POST", "/api/admin/jobs/:job/retry", {}],
  ["POST", "/api/admin/jobs/:job/run", {}],
  ["POST", "/api/notifications/read", { id: "" }],
];

const asked = { words: "tea tomorrow 9", date: "", time: "", repeat: "", until: "", zone: "UTC" };
const filled = {
  ...asked,
  title: "",
  text: "",
  page: "on",
  telegram: "on",
  mail_me: "on",
  people: "",
  missed: "once",
  more: "on",
  draft: "",
  version: "1",
  seen: "",
  step: "save",
  preset: "",
  choose: "",
};
const announced = {
  ...news,
  key: "",
  mail: "on",
  when: "cron",
  pattern: "0 9 * * 1",
  zone: "UTC",
  date: "",
  time: "",
  version: "1",
};
const FORMS: Door[] = [
  ["POST", "/reminders", filled],
  ["POST", "/reminders/:reminder", filled],
  ["POST", "/notes/:note/remind", filled],
  ...["done", "skip", "undo"].map((act): Door => [
    "POST",
    `/reminders/:reminder/${act}`,
    { back: "list" },
  ]),
  ["POST", "/reminders/:reminder/snooze", { back: "list", choice: "words", words: "in 2 h" }],
  ["POST", "/reminders/:reminder/cancel"],
  ["POST", "/reminders/:reminder/restore"],
  ["POST", "/r/:link"],
  ["POST", "/account/telegram"],
  ["POST", "/account/telegram/confirm", { link: "" }],
  ["POST", "/account/telegram/decline"],
  ["POST", "/account/telegram/unlink"],
  ["POST", "/account/news", { reminders_mail: "on", broadcasts_telegram: "on" }],
  ["POST", "/admin/jobs/:job/cancel", {}],
  ["POST", "/admin/jobs/:job/retry", {}],
  ["POST", "/admin/jobs/:job/run", {}],
  ["POST", "/admin/broadcasts", announced],
  ["POST", "/admin/broadcasts/:broadcast", announced],
  ["POST", "/admin/broadcasts/:broadcast/confirm", { version: "1", members: "0" }],
  ["POST", "/admin/broadcasts/:broadcast/cancel"],
  ["POST", "/progress", { how: "whole" }],
];

/** Doors that only show; what they are asked for stands behind `?`. */
const QUERIES: Door[] = [
  ["GET", "/api/when", { text: "tomorrow 9", zone: "UTC" }],
  ["GET", "/api/when/form", { ...asked, text: "tomorrow 9", of: "" }],
  ["GET", "/api/admin/jobs", { state: "running", kind: "", cursor: "" }],
  ["GET", "/api/broadcasts", { cursor: "" }],
  ["GET", "/api/reminders", { cursor: "" }],
  ["GET", "/api/notifications", { cursor: "", unread: "" }],
  ["GET", "/reminders", { words: "", cursor: "", step: "" }],
  ["GET", "/reminders/:reminder", { moved: "" }],
  ["GET", "/reminders/:reminder/edit", { words: "" }],
  ["GET", "/notes/:note/remind", { words: "" }],
  ["GET", "/r/:link", {}],
  ["GET", "/announcements/:broadcast", {}],
  ["GET", "/admin", {}],
  ["GET", "/admin/members", { cursor: "" }],
  ["GET", "/admin/jobs", { state: "", kind: "", cursor: "" }],
  ["GET", "/admin/broadcasts", { cursor: "" }],
  ["GET", "/admin/broadcasts/:broadcast", { cursor: "" }],
  ["GET", "/progress", { job: "" }],
];

const health = ["/healthz", "/readyz"];

/** All that is stored but sessions and what commits and polls leave behind. */
async function census(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  const lasting = entries.filter(({ key }) =>
    !["commit_token", "session", "trial"].includes(String(key[0]))
  );
  return JSON.stringify(lasting.map(({ key, versionstamp }) => [key, versionstamp]));
}

/** An admin with one of everything, somebody else with the same, and what throws things at the doors. */
async function world() {
  const t = await testApp();
  const random = seeded(SEED);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const root = await t.person("Root", { role: "admin" });
  const bob = await t.person("Bob");
  const of = async (ownerId: string) => {
    const note = await createNote(t.app, { ownerId, title: "N", text: "words" });
    const to = ["a@example.org"];
    const job = await requestMailing(t.app, { noteId: note.id, ownerId, to });
    const { id } = await createReminder(t.app, {
      ownerId,
      title: "Tea",
      schedule: scheduleAtInstant("UTC", t.clock.now() + 3_600_000),
      channels: { page: true, telegram: false, mail: [] },
    });
    return { note: note.id, job, reminder: id };
  };
  const [own, other] = [await of(root.id), await of(bob.id)];
  const { id: broadcast } = await written(t, root);
  const odd = ["x", "%00", "%ED%A0%80", "__proto__", "..%2f..", "0".repeat(26), "9".repeat(3_000)];
  const idOf = (thing: string): string => {
    const [mine, theirs] = [{ ...own, broadcast }, other] as Record<string, string>[];
    const known = [mine?.[thing], mine?.[thing], theirs?.[thing]].filter((id) => id !== undefined);
    return pick([
      ...known,
      ...known,
      ...odd,
      newId(),
      `${own.reminder}-zzzz`,
      `done.${newId()}.1.1.x`,
    ]);
  };
  const client = await visitor(t, root);
  return {
    t,
    random,
    pick,
    pathOf: (path: string) => path.replace(/:(\w+)/g, (_, thing) => idOf(thing)),
    /** Sends it; checks what holds for every answer. */
    async throwAt(path: string, sent: Sent, { json = true } = {}) {
      t.clock.advance(APART_MS);
      const before = await census(t.kv);
      const response = await client.send(path, sent);
      const text = await response.text();
      const said = `${sent.method} ${path.slice(0, 200)} ${
        JSON.stringify(sent.json ?? sent.form ?? String(sent.raw)).slice(0, 300)
      }: ${response.status} ${text.slice(0, 300)}`;
      assert(response.status < 500, `${said}\n${t.lines.at(-1)}`);
      // A demonstration is had so often a day and no more.
      assert(response.status !== 429 || path.startsWith("/progress"), said);
      const isJson = response.headers.get("content-type")?.includes("json");
      if (response.status >= 400) {
        assertEquals(await census(t.kv), before, said);
        if (json || isJson) {
          const { error } = JSON.parse(text);
          assert(typeof error.code === "string" && error.message.startsWith("Cannot "), said);
          assert(error.message.length < 400, said);
        }
      }
      return response.status;
    },
  };
}

/** The fields with one or two of them gone wrong. */
function spoilt(fields: Fields, values: readonly unknown[], random: () => number): Fields {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const now = structuredClone(fields);
  for (let i = random() < 0.5 ? 1 : 2; i > 0; i--) {
    const name = random() < 0.1 ? "extra" : pick(Object.keys(now));
    if (name === undefined) continue;
    if (random() < 0.1) delete now[name];
    else now[name] = pick(values);
  }
  return now;
}

Deno.test("hostile JSON at every newer door gets a 4xx that says why, and changes nothing", async () => {
  const { t, random, pick, pathOf, throwAt } = await world();
  await using _ = t;
  const raws = [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    "[".repeat(60) + "]".repeat(60),
    '{"title":"a","title":"b"}',
    '{"__proto__":{"role":"admin"}}',
    '{"version":1e999}',
    new Uint8Array([0x7b, 0xff]),
    `{"title":"${"x".repeat(70_000)}"}`,
  ];
  const headers = { "content-type": "application/json" };
  for (const [method, path, fields] of API) {
    for (let i = 0; i < 20; i++) {
      const json = fields && spoilt(fields, VALUES, random);
      await throwAt(pathOf(path), { method, json });
    }
    if (method === "GET" || fields === undefined) continue;
    for (const raw of raws) await throwAt(pathOf(path), { method, raw, headers });
    const status = await throwAt(pathOf(path), { method: "PUT", json: fields });
    assert(status === 405 || status === 404, path);
    const type = { "content-type": pick(["text/plain", "multipart/form-data", "application/xml"]) };
    await throwAt(pathOf(path), { method, raw: "{}", headers: type });
  }
});

Deno.test("hostile forms and addresses get a page that says why, and change nothing", async () => {
  const { t, random, pick, pathOf, throwAt } = await world();
  await using _ = t;
  const encoded = (fields: Fields) => {
    const pairs = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    if (random() < 0.2 && pairs.length > 0) pairs.push(pick(pairs)); // twice
    return new URLSearchParams(pairs).toString();
  };
  const headers = { "content-type": "application/x-www-form-urlencoded", "accept": "text/html" };
  const raws = ["%", "a=%ff", "a=%ED%A0%80", "&".repeat(2_000), `words=${"x".repeat(300_000)}`];
  for (const [method, path, fields = {}] of FORMS) {
    for (let i = 0; i < 12; i++) {
      const raw = encoded(spoilt(fields, TEXTS, random));
      await throwAt(pathOf(path), { method, raw, headers }, { json: false });
    }
    for (const raw of raws) await throwAt(pathOf(path), { method, raw, headers }, { json: false });
  }
  for (const [method, path, fields = {}] of QUERIES) {
    for (let i = 0; i < 20; i++) {
      const query = encoded(spoilt(fields, TEXTS, random)).slice(0, random() < 0.1 ? 9_000 : 3_900);
      const address = `${pathOf(path)}?${query}`;
      await throwAt(address, { method }, { json: path.startsWith("/api") });
    }
    const status = await throwAt(pathOf(path), { method: "PUT" }, { json: false });
    assert(status === 405 || status === 404, path);
  }
});

Deno.test("whether it works is answered alike whatever is asked beside, and to no other method", async () => {
  const { t, throwAt } = await world();
  await using _ = t;
  for (const path of health) {
    for (const text of TEXTS) {
      await t.server.lookAhead(); // as every minute; what is overdue would be told too
      await t.drain();
      const query = new URLSearchParams({ ok: text.slice(0, 300) });
      assertEquals(await throwAt(`${path}?${query}`, { method: "GET" }), 200);
    }
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      assert([403, 405].includes(await throwAt(path, { method, json: {} })), method);
    }
  }
});

Deno.test("while the store is away every door says so, and when to come back", async () => {
  await using t = await testApp();
  const client = await visitor(t, await t.person("Root", { role: "admin" }));
  let away = true;
  const { kv } = lyingKv(t.kv, () => away ? "hang" : undefined);
  const deadline = new Deadline(20); // and not as long as people are made to wait
  Object.assign(t.app, { store: createStore({ kv, traits: EMBEDDED, deadline }) });
  const before = await census(t.kv);
  for (const [method, path, fields] of [...API, ...FORMS, ...QUERIES]) {
    const accept = path.startsWith("/api") ? "application/json" : "text/html";
    const form = path.startsWith("/api") ? undefined : {};
    const sent = method === "GET" ? {} : { json: form ? undefined : fields ?? {}, form };
    const place = path.replace(/:\w+/, newId());
    const response = await client.send(place, { method, ...sent, headers: { accept } });
    const text = await response.text();
    const said = `${method} ${path} ${response.status} ${text.slice(0, 300)}`;
    assertEquals(response.status, 503, said);
    assert(Number(response.headers.get("retry-after")) >= 1, said);
    assert(text.includes("Cannot reach the store"), said);
  }
  away = false;
  assertEquals(await census(t.kv), before);
});

const people = {
  id: 1_001,
  is_bot: false,
  first_name: "Ada",
  username: "ada",
  language_code: "en",
};
const chat = { id: 1_001, type: "private", first_name: "Ada" };
const message = { message_id: 5, date: 1_700_000_000, from: people, chat, text: "milk tomorrow 9" };
const command = [{ type: "bot_command", offset: 0, length: 7 }];
const UPDATES: Fields[] = [
  { message },
  { message: { ...message, text: "/remind tea in 5 min", entities: command } },
  { message: { ...message, text: "/start AAAA", entities: command } },
  { message: { ...message, reply_to_message: message, text: "/notes 1e9", entities: command } },
  { edited_message: { ...message, edit_date: 1_700_000_001 } },
  { callback_query: { id: "1", from: people, chat_instance: "1", message, data: "done:x" } },
  {
    callback_query: { id: "1", from: people, chat_instance: "1", inline_message_id: "x", data: "" },
  },
  { my_chat_member: { chat, from: people, date: 1, new_chat_member: { status: "kicked" } } },
  { channel_post: { ...message, chat: { id: -100, type: "channel", title: "c" } } },
  { inline_query: { id: "1", from: people, query: "x", offset: "" } },
];

/** An update with one part of it, however deep, gone wrong; `alike` keeps to the part's type. */
function spoiltDeep(
  value: unknown,
  values: readonly unknown[],
  { random, alike }: { random: () => number; alike: boolean },
): unknown {
  const isPart = typeof value !== "object" || value === null;
  if (isPart || (!alike && random() < 0.15)) {
    const fitting = values.filter((other) => !alike || typeof other === typeof value);
    return fitting[Math.floor(random() * fitting.length)];
  }
  const names = Object.keys(value);
  const name = names[Math.floor(random() * names.length)];
  if (name === undefined) return [];
  const now: Fields = { ...value };
  if (!alike && random() < 0.15) delete now[name];
  else now[name] = spoiltDeep(now[name], values, { random, alike });
  return now;
}

Deno.test("no update, however odd, makes Telegram send it again", async () => {
  const random = seeded(SEED);
  const messenger = new TestMessenger();
  await using t = await testApp({
    env: { ORIGIN: "https://work.example.org", TELEGRAM_BOT_TOKEN: TOKEN },
    messenger,
  });
  const client = await visitor(t);
  const headers = {
    "content-type": "application/json",
    "x-telegram-bot-api-secret-token": await webhookSecret(t.app),
    "sec-fetch-site": null,
    "origin": null,
  };
  const ada = await t.person("Ada", { role: "admin" });
  const deep = JSON.parse("[".repeat(50) + "]".repeat(50));
  const values = [...VALUES, deep, "x".repeat(900_000), -1, 1e21, 5.5];
  await transact(t.app, (tx) => {
    const facts = { username: null, state: "on", reason: null, linkedAt: 0 } as const;
    tx.set(keys.chat(chat.id), { chatId: chat.id, accountId: ada.id, name: "Ada", ...facts });
    tx.set(keys.chatOf(ada.id), chat.id);
  });
  for (let i = 0; i < 600; i++) {
    t.clock.advance(APART_MS);
    const alike = i % 3 === 0;
    const [[kind, value] = ["", null]] = Object.entries(UPDATES[i % UPDATES.length]!);
    const json = { update_id: i, [kind]: spoiltDeep(value, values, { random, alike }) };
    const raw = JSON.stringify(json);
    const response = await client.send("/telegram", { method: "POST", raw, headers });
    const text = await response.text();
    const said = `${raw.slice(0, 600)} ${text} ${t.lines.at(-1)}`;
    assert(response.status === 200, said);
    // What Telegram never sends may trip our bot; any words of people's may not.
    if (alike) assert(!t.lines.some((line) => /"event":"bot_failed"/.test(line)), said);
    t.lines.length = 0;
  }
  for (const id of ["1", 1.5, 1e300, Number.MAX_SAFE_INTEGER + 1, null, [], {}, true]) {
    const before = await census(t.kv);
    const raw = JSON.stringify({ update_id: id, message });
    const response = await client.send("/telegram", { method: "POST", raw, headers });
    const { error } = await response.json();
    assertEquals([response.status, error?.code], [400, "invalid"], raw);
    assert(error.message.startsWith("Cannot "), raw);
    assertEquals(await census(t.kv), before, raw);
  }
});
