import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { setPreferences } from "../../domain/accounts/preferences.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { keys } from "../../kv/keys.ts";
import { testApp } from "../support/app.ts";
import { hours } from "../support/clock.ts";
import { type Client, errorOf, jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import { linkChat, states } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";

interface View {
  id: string;
  title: string;
  text: string;
  state: string;
  version: number;
  channels: { page: boolean; telegram: boolean; mail: string[] };
  schedule: { zone: string; start: string; startAt: number; rule: unknown };
  preview: { sentence: string; next: { at: string }[] };
  occurrences: { id: string; state: string; dueAt: string }[];
}

const created = async (client: Client, body: unknown, headers = {}) => {
  const response = await client.post("/api/reminders", body, { headers });
  assertEquals(response.status, 201, JSON.stringify(body));
  return await jsonOf<View>(response);
};

async function world(options: Parameters<typeof testApp>[0] = {}) {
  const t = await testApp(options);
  const account = await t.person("Ada");
  return { t, account, ada: await visitor(t, account) };
}

/** What is stored of reminders. */
const stored = async (kv: Deno.Kv) => {
  const found = [];
  for (const kind of ["reminder", "occurrence", "occurrence_by_owner", "counts", "job"]) {
    for await (const { key, versionstamp } of kv.list({ prefix: [kind] })) {
      found.push([...key, versionstamp]);
    }
  }
  return JSON.stringify(found);
};

Deno.test("words make a reminder: the time is read, the rest is its title", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const view = await created(ada, { when: "call the bank tomorrow 9" });
  assertEquals(view.title, "call the bank");
  assertEquals(view.schedule.start, "2026-11-24T09:00:00");
  assertEquals(view.schedule.zone, "Europe/Berlin");
  assertEquals(view.preview.next.map(({ at }) => at), ["2026-11-24T08:00:00.000Z"]);
  const shelves = await jsonOf<Record<string, { title: string }[]>>(
    await ada.get("/api/reminders"),
  );
  assertEquals(shelves.tomorrow?.map(({ title }) => title), ["call the bank"]);
});

Deno.test("a schedule makes one too, its instant found where it is left out", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const rule = { every: 1, unit: "week", weekdays: [1, 3], until: "2026-12-24" };
  const when = { zone: "Asia/Tokyo", start: "2026-11-25T08:00", rule };
  const view = await created(ada, { title: "Water", when, missed: "skip" });
  assertEquals(view.schedule.startAt, Date.parse("2026-11-24T23:00:00Z"));
  assertEquals(view.preview.sentence, "Every Mon and Wed at 08:00 until 24 Dec 2026");
});

Deno.test("what a read reminder says of its times can be sent back as it is", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { id, schedule, version } = await created(ada, { when: "water every monday at 8" });
  const again = await jsonOf<View>(
    await ada.patch(`/api/reminders/${id}`, { when: schedule, title: "Plants", version }),
  );
  assertEquals([again.title, again.version, again.schedule], ["Plants", 2, schedule]);
  assertEquals(again.occurrences.map(({ state }) => state), ["waiting"]);
  const stale = await ada.patch(`/api/reminders/${id}`, { title: "x", version });
  assertEquals([stale.status, (await errorOf(stale)).field], [409, "version"]);
});

Deno.test("one key gives one reminder, however often it is sent", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const headers = { "idempotency-key": "abc" };
  const send = () => created(ada, { when: "call tomorrow 9" }, headers);
  const all = await Promise.all(Array.from({ length: 8 }, send));
  assertEquals(new Set(all.map(({ id }) => id)).size, 1);
  assertEquals((await states(t.kv)).length, 1);
  assertNotEquals((await created(ada, { when: "call tomorrow 9" })).id, all[0]!.id);
});

Deno.test("it rings where its owner prefers and can be reached, if nothing else is said", async () => {
  const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed" };
  const { t, account, ada } = await world({
    env,
    mailer: new TestMailer(),
    messenger: new TestMessenger(),
  });
  await using _ = t;
  const channels = async () => (await created(ada, { when: "call tomorrow 9" })).channels;
  const mail = ["ada@example.org"];
  assertEquals(await channels(), { page: true, telegram: false, mail });
  await linkChat(t.app, account);
  assertEquals(await channels(), { page: true, telegram: true, mail });
  const off = { mail: false, telegram: false };
  await setPreferences(t.app, account.id, { reminders: off, mailings: off, broadcasts: off });
  assertEquals(await channels(), { page: true, telegram: false, mail: [] });
});

Deno.test("acts go to the one that rings, else to the one that waits, or to the one that is named", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { id } = await created(ada, { when: "call every day at 9" });
  const act = async (what: string, json?: unknown) => {
    const response = await ada.send(`/api/reminders/${id}/${what}`, { method: "POST", json });
    assertEquals(response.status, 200, what);
    return await jsonOf<{ id: string; state: string; dueAt: string; ringAt: string }>(response);
  };
  const skipped = await act("skip");
  assertEquals([skipped.state, skipped.dueAt], ["skipped", "2026-11-24T08:00:00.000Z"]);
  assertEquals((await act("undo")).state, "waiting");
  t.clock.advance(hours(22));
  await t.drain();
  const snoozed = await act("snooze", { minutes: 30 });
  assertEquals([snoozed.state, snoozed.ringAt], ["snoozed", "2026-11-24T08:30:00.000Z"]);
  const moved = await act("snooze", { until: "2026-11-24T12:00:00Z", occurrence: snoozed.id });
  assertEquals(moved.ringAt, "2026-11-24T12:00:00.000Z");
  assertEquals((await act("done", { occurrence: snoozed.id })).state, "done");
  assertEquals((await act("undo", {})).state, "snoozed");
  assertEquals((await ada.delete(`/api/reminders/${id}`)).status, 204);
  assertEquals(await states(t.kv), ["cancelled", "cancelled"]);
  assertEquals(
    (await jsonOf<View>(await ada.post(`/api/reminders/${id}/restore`, {}))).state,
    "active",
  );
  assertEquals(await states(t.kv), ["snoozed", "waiting"]);
});

Deno.test("bad times and words are refused with what to say instead, and nothing is stored", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const before = await stored(t.kv);
  const schedule = { zone: "Europe/Berlin", start: "2026-11-24T09:00", rule: null };
  const rule = { every: 1, unit: "day", until: null };
  const wrong: [unknown, string, string][] = [
    [{ when: "call yesterday 9" }, "when", "past"],
    [{ when: "call every second" }, "when", "Cannot"],
    [{ when: "call the bank" }, "when", "Cannot find a time"],
    [{ when: "" }, "when", "Cannot find a time"],
    [{ when: "tomorrow 9 ".repeat(1_000) }, "when", "too long|so long"],
    [{ when: "x".repeat(10_000) }, "when", "so long"],
    [{ when: "call tomorrow 9", zone: "Mars/Olympus" }, "zone", "time zone"],
    [{ title: "x", when: { ...schedule, start: "2020-01-01T09:00" } }, "when", "past"],
    [{ title: "x", when: { ...schedule, start: "2026-02-30T09:00" } }, "when", "no such time"],
    [{ title: "x", when: { ...schedule, start: "2037-11-24T09:00" } }, "when", "10 years"],
    [{ title: "x", when: { ...schedule, zone: "Nowhere" } }, "zone", "time zone"],
    [{ title: "x", when: { ...schedule, startAt: 1 } }, "when", "not the same time"],
    [{ title: "x", when: { ...schedule, startAt: 9e15 } }, "when", "not the same time"],
    [{ title: "x", when: { ...schedule, rule: { ...rule, unit: "second" } } }, "when", ""],
    [{ title: "x", when: { ...schedule, rule: { ...rule, every: 0 } } }, "when", "whole number"],
    [{ title: "x", when: { ...schedule, rule: { ...rule, every: 1e9 } } }, "when", "whole number"],
    [{ title: "x", when: { ...schedule, rule: { ...rule, weekdays: [1] } } }, "when", "weekdays"],
    [
      { title: "x", when: { ...schedule, rule: { ...rule, until: "2026-02-30" } } },
      "when",
      "no such",
    ],
    [
      {
        title: "x",
        when: { ...schedule, rule: { ...rule, unit: "minute" } },
        channels: { mail: "ada@example.org" },
      },
      "when",
      "at most every 5 minutes",
    ],
    [{ title: "x", when: schedule, channels: { page: false } }, "channels", "nowhere"],
    [{ title: "x", when: schedule, channels: { mail: "nobody" } }, "mail", "no @"],
    [
      {
        title: "x",
        when: schedule,
        channels: { mail: Array.from({ length: 21 }, (_, i) => `a${i}@example.org`) },
      },
      "mail",
      "more than 20",
    ],
    [{ title: "", when: schedule }, "title", "write a title"],
    [{ title: "x".repeat(121), when: schedule }, "title", "120 characters"],
    [{ title: "a\u0007b", when: schedule }, "title", "control characters"],
    [{ title: "x", text: "y".repeat(4_001), when: schedule }, "text", "4000 characters"],
    [{ title: "x", when: schedule, missed: "never" }, "missed", "one of"],
    [{ title: "x", when: schedule, ownerId: "x" }, "ownerId", "no such field"],
  ];
  for (const [body, field, words] of wrong) {
    const response = await ada.post("/api/reminders", body);
    const error = await errorOf(response);
    assertEquals([response.status, error.field], [400, field], JSON.stringify(body).slice(0, 200));
    assert(new RegExp(words).test(error.message), `${error.message} should say ${words}`);
  }
  assertEquals(await stored(t.kv), before);
});

Deno.test("an address that wants no mail is no channel", async () => {
  const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed" };
  const { t, ada } = await world({ env, mailer: new TestMailer() });
  await using _ = t;
  const to = "stranger@elsewhere.example";
  const body = { when: "call tomorrow 9", channels: { mail: to } };
  const entry = { shown: "s…", scope: "all", cause: "never", at: 0, until: null } as const;
  await t.kv.set(keys.suppression(await addressHash(t.app, to), "all"), entry);
  const response = await ada.post("/api/reminders", body);
  assertEquals([response.status, (await errorOf(response)).field], [400, "mail"]);
  assertEquals(await states(t.kv), []);
});

Deno.test("there is room for a hundred active ones, exactly, and for more once some are over", async () => {
  const { t, ada, account } = await world();
  await using _ = t;
  const send = () => ada.post("/api/reminders", { when: "call tomorrow 9" });
  const statuses = (await Promise.all(Array.from({ length: 110 }, send)))
    .map(({ status, body }) => (void body?.cancel(), status));
  assertEquals(statuses.filter((status) => status === 201).length, 100);
  assertEquals(statuses.filter((status) => status === 409).length, 10);
  t.clock.advance(hours(23));
  await t.drain();
  assertEquals((await send()).status, 201);
  assertEquals(account.name, "Ada");
});

Deno.test("another's reminder or occurrence answers as one that is not there, and nothing changes", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const bob = await visitor(t, await t.person("Bob"));
  const nobody = await visitor(t);
  const { id, occurrences: [one] } = await created(ada, { when: "call every day at 9" });
  const mine = await created(bob, { when: "read tomorrow 9" });
  const before = await stored(t.kv);
  const doors: [method: string, path: string, json?: unknown][] = [
    ["GET", "/api/reminders/:id"],
    ["PATCH", "/api/reminders/:id", { version: 1, title: "x" }],
    ["DELETE", "/api/reminders/:id"],
    ["POST", "/api/reminders/:id/restore", {}],
    ["POST", "/api/reminders/:id/done"],
    ["POST", "/api/reminders/:id/skip", {}],
    ["POST", "/api/reminders/:id/undo", {}],
    ["POST", "/api/reminders/:id/snooze", { minutes: 5 }],
    ["POST", "/api/reminders/:id/done", { occurrence: one!.id }],
    ["POST", `/api/reminders/${mine.id}/done`, { occurrence: one!.id }],
  ];
  for (const [method, path, json] of doors) {
    const answer = async (client: Client, to: string) => {
      const response = await client.send(path.replace(":id", to), { method, json });
      return [response.status, (await response.text()).replaceAll(to, "ID")];
    };
    const theirs = await answer(bob, id);
    assertEquals(theirs[0], 404, `${method} ${path}`);
    assertEquals(theirs, await answer(bob, newId()), `${method} ${path}`);
    assertEquals((await answer(bob, "no id"))[0], 404, `${method} ${path}`);
    assertEquals((await answer(nobody, id))[0], 401, `${method} ${path}`);
  }
  assertEquals(await stored(t.kv), before);
});

Deno.test("another's note is no start for a reminder; one's own gives it its name", async () => {
  const { t, ada, account } = await world();
  await using _ = t;
  const bob = await visitor(t, await t.person("Bob"));
  const note = await createNote(t.app, { ownerId: account.id, title: "Standup", text: "x" });
  const theirs = await bob.post("/api/reminders", { when: "x tomorrow 9", noteId: note.id });
  assertEquals(theirs.status, 404);
  const view = await created(ada, { when: "tomorrow 9", noteId: note.id });
  assertEquals(view.title, "Standup");
});

Deno.test("words are explained before anything is saved, by the clocks of the zone that is said", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const ask = async (text: string, zone?: string) => {
    const query = new URLSearchParams({ text, ...zone === undefined ? {} : { zone } });
    const response = await ada.get(`/api/when?${query}`);
    assertEquals(response.status, 200);
    return await jsonOf<{
      rest: string;
      problem: string | null;
      spans: { kind: string; text: string }[];
      schedule: { startAt: number } | null;
      preview: { sentence: string; next: unknown[] } | null;
    }>(response);
  };
  const good = await ask("call the bank every weekday at 9");
  assertEquals([good.rest, good.problem], ["call the bank", null]);
  assertEquals(good.preview?.sentence, "Every weekday at 09:00");
  assertEquals(good.preview?.next.length, 5);
  assert(good.spans.length > 0);
  assertEquals(
    (await ask("tomorrow 9", "Asia/Tokyo")).schedule?.startAt,
    Date.parse("2026-11-24T00:00:00Z"),
  );
  assertEquals((await ask("just words")).schedule, null);
  assertStringIncludes((await ask("yesterday 9")).problem!, "Cannot");
  const zone = await ada.get("/api/when?text=tomorrow&zone=Mars");
  assertEquals([zone.status, (await errorOf(zone)).field], [400, "zone"]);
  const long = await ada.get(`/api/when?text=${"x".repeat(10_000)}`);
  assertEquals(long.status, 414);
  assertEquals((await (await visitor(t)).get("/api/when?text=tomorrow")).status, 401);
  assertEquals(await states(t.kv), []);
});

Deno.test("a title that cannot be seen is none, one of emojis or from the right is kept", async () => {
  const { t, ada } = await world();
  await using _ = t;
  for (const title of ["\u200b\u200d", "\u3164", "\u00a0 \u2060"]) {
    const response = await ada.post("/api/reminders", { title, when: "tomorrow 9" });
    assertEquals([response.status, (await errorOf(response)).field], [400, "title"]);
    assertEquals((await created(ada, { title, text: "Tea", when: "tomorrow 9" })).title, "Tea");
  }
  for (const title of ["🎂", "👩‍👩‍👧", "שלום עולם"]) {
    assertEquals((await created(ada, { title, when: "tomorrow 9" })).title, title);
  }
});

Deno.test("another zone alone keeps the clock's time and its rule", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { id } = await created(ada, { when: "call every day at 9" });
  const json = { version: 1, zone: "America/New_York" };
  const response = await ada.send(`/api/reminders/${id}`, { method: "PATCH", json });
  assertEquals(response.status, 200);
  const { schedule } = await response.json();
  assertEquals([schedule.zone, schedule.start.slice(11, 16), schedule.rule.unit], [
    "America/New_York",
    "09:00",
    "day",
  ]);
});

Deno.test("a snooze says how long, or until when, and nothing else", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { id } = await created(ada, { when: "call tomorrow 9" });
  for (
    const json of [
      {},
      { minutes: 0 },
      { minutes: -5 },
      { minutes: 1e300 },
      { minutes: "5" },
      { until: "soon" },
      { until: "2026-11-24T12:00" }, // by whose clocks?
      { until: "2020-01-01T00:00:00Z" },
      { until: "9999-12-31T00:00:00Z" },
      { minutes: 5, until: "2026-11-24T12:00:00Z" },
    ]
  ) {
    const response = await ada.post(`/api/reminders/${id}/snooze`, json);
    assertEquals(response.status, 400, JSON.stringify(json));
    await response.body?.cancel();
  }
  assertEquals(await states(t.kv), ["waiting"]);
});
