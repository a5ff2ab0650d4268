import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { createNote } from "../../domain/notes/notes.ts";
import { listShelves } from "../../domain/reminders/reminder_list.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { parseWhen } from "../../domain/when/when.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import type { Client } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";

const MINUTE = 60_000;

/** What a hidden field holds, as a browser sends it. */
function hidden(page: string, name: string): string {
  const value = page.match(new RegExp(`type="hidden" name="${name}" value="([^"]*)"`))?.[1] ?? "";
  return plain(value);
}

const plain = (html: string) =>
  html.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");

/** Both steps of a person without JavaScript; answers the second. */
async function setOne(who: Client, words: string, more: Record<string, string> = {}) {
  const path = more.path ?? "/reminders";
  const { path: _, ...fields } = more;
  const draft = hidden(await pageOf(who, path), "draft");
  const asked = { words, draft, ...fields };
  const shown = await who.postForm(path, { ...asked, seen: "", step: "save" });
  const page = await shown.text();
  const seen = hidden(page, "seen");
  return { shown, page, saved: await who.postForm(path, { ...asked, seen, step: "save" }), asked };
}

async function open(t: TestApp, { id, zone }: Account) {
  return Object.values(await listShelves(t.app, { ownerId: id, zone })).flat();
}

/** One that rings now. */
async function ringing(t: TestApp, { id, zone }: Account, words = "in 5 min tea") {
  const { schedule, rest } = parseWhen(words, { now: t.clock.now(), zone });
  await createReminder(t.app, {
    ownerId: id,
    title: rest,
    schedule: schedule!,
    channels: { page: true, telegram: false, mail: [] },
  });
  t.clock.advance(schedule!.startAt - t.clock.now());
  await t.drain();
}

Deno.test("a reminder is shown before it is saved, and saved by the second press", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { shown, page, saved } = await setOne(ada, "every 31st 9:00 pay the rent");
  assertEquals(shown.status, 200);
  assertStringIncludes(page, "Nothing is saved yet");
  assertStringIncludes(page, "Every month on the 31st at 09:00");
  assertStringIncludes(page, "Months without a 31st");
  assertEquals(page.match(/<time dateTime="[^"]*">[A-Z][a-z]{2} \d/gi)?.length, 5);
  assertEquals(saved.status, 303);
  assertEquals((await open(t, person)).map(({ title }) => title), ["pay the rent"]);
  const list = await pageOf(ada, "/reminders");
  assertStringIncludes(list, "Reminder set.");
  assertMatch(list, /id="shelf-\w+">/);
});

Deno.test("the form sent twice makes one reminder", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { page, asked, saved } = await setOne(ada, "call the bank tomorrow 9:00");
  assertEquals(saved.status, 303);
  const again = { ...asked, seen: hidden(page, "seen"), step: "save" };
  const answers = await Promise.all([1, 2, 3].map(() => ada.postForm("/reminders", again)));
  assertEquals(answers.map(({ status }) => status), [303, 303, 303]);
  assertEquals((await open(t, person)).length, 1);
});

Deno.test("what was seen for other words is not saved for these", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { page, asked } = await setOne(ada, "call the bank tomorrow 9:00");
  const seen = hidden(page, "seen");
  const other = { ...asked, words: "call the bank on 1 dec 9:00", draft: "other", seen };
  const response = await ada.postForm("/reminders", { ...other, step: "save" });
  assertEquals(response.status, 200);
  assertEquals((await open(t, person)).length, 1);
  for (const bad of ["{", "null", `{"of":"x"}`, `{"of":"${asked.words}|||||","schedule":{}}`]) {
    const answer = await ada.postForm("/reminders", {
      ...asked,
      draft: bad,
      seen: bad,
      step: "save",
    });
    assertEquals(answer.status, 200, bad);
  }
  assertEquals((await open(t, person)).length, 1);
});

Deno.test("a preset takes the place of the time in the words", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  const words = "call the bank tomorrow 9:00";
  const response = await ada.postForm("/reminders", { words, preset: "in 20 min" });
  assertEquals(response.status, 200);
  const page = await response.text();
  assertMatch(page, /value="call the bank in 20 min"/);
  assertStringIncludes(page, "Nothing is saved yet");
});

Deno.test("another meaning of the words is one press away and is what is saved", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { page, asked } = await setOne(ada, "standup next friday 9:00", { draft: "one" });
  const choose = plain(page.match(/name="choose" value="([^"]*)"/)![1]!);
  const chosen = await ada.postForm("/reminders", { ...asked, draft: "two", choose });
  assertEquals(chosen.status, 200);
  const seen = hidden(await chosen.text(), "seen");
  assertEquals(seen, choose);
  const saved = await ada.postForm("/reminders", { ...asked, draft: "two", seen, step: "save" });
  assertEquals(saved.status, 303);
  const [near, far] = await open(t, person);
  assertEquals(Date.parse(far!.dueAt) - Date.parse(near!.dueAt), 7 * 24 * 60 * MINUTE);
});

Deno.test("fields set by hand win over the words", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const year = new Date(t.clock.now()).getUTCFullYear() + 1;
  const { saved, page } = await setOne(ada, "gym tomorrow 9:00", {
    more: "yes",
    page: "yes",
    date: `${year}-03-05`,
    time: "07:30",
    repeat: "monthly",
    until: `${year}-12-31`,
    zone: "Asia/Kolkata",
  });
  assertStringIncludes(page, `Every month on the 5th at 07:30 until 31 Dec ${year}, Kolkata time`);
  assertEquals(saved.status, 303);
  const [one] = await open(t, person);
  assertEquals(one!.dueAt, `${year}-03-05T02:00:00.000Z`);
  assertEquals(one!.zone, "Asia/Kolkata");
});

Deno.test("what cannot be used is said at its field, is kept as typed, and sets nothing", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const more = { more: "yes", page: "yes", zone: "Europe/Berlin" };
  const cases: [Record<string, string>, string, RegExp][] = [
    [{ words: "yesterday 9 tea" }, "words", /is past/],
    [{ words: "tea" }, "words", /Cannot remind without a time/],
    [{ words: "tomorrow 9:00" }, "words", /Cannot remind of nothing/],
    [{ words: "" }, "words", /Cannot/],
    [{ words: "x".repeat(10_000) }, "words", /longer than 1,000/],
    [{ words: "tea tomorrow 9", ...more, zone: "Mars/Base" }, "zone", /Cannot/],
    [{ words: "tea tomorrow 9", ...more, date: "2020-01-01" }, "date", /is past/],
    [{ words: "tea tomorrow 9", ...more, until: "2099-01-01" }, "until", /does not repeat/],
  ];
  for (const [fields, at, why] of cases) {
    const response = await ada.postForm("/reminders", { ...fields, step: "save" });
    const page = await response.text();
    assertEquals(response.status, 400, JSON.stringify(fields).slice(0, 80));
    const said = page.match(new RegExp(`<div id="${at}-(?:wrong|hint)"[^>]*>([^<]*)<`))?.[1] ?? "";
    assertMatch(said, why);
  }
  const nowhere = { words: "tea tomorrow 9:00", more: "yes", zone: "Europe/Berlin" };
  const { saved } = await setOne(ada, nowhere.words, { more: "yes", zone: "Europe/Berlin" });
  assertEquals(saved.status, 400);
  assertStringIncludes(await saved.text(), "Cannot remind nowhere");
  const often = await setOne(ada, "tea every 2 min", { ...more, people: "ada@example.org" });
  assertEquals(often.saved.status, 400);
  assertEquals(await open(t, person), []);
});

Deno.test("done, snoozed and skipped from the list, each undone from the line that says so", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  await ringing(t, person, "tea every day 9:00");
  const state = async (id: string) =>
    (await open(t, person)).find((one) => one.id === id)?.state ?? "over";
  const { id } = (await open(t, person)).find((one) => one.state === "ringing")!;
  for (
    const [act, fields, after] of [
      ["done", {}, "over"],
      ["skip", {}, "over"],
      ["snooze", { choice: "1h" }, "snoozed"],
      ["snooze", { choice: "words", words: "tomorrow 8:30" }, "snoozed"],
    ] as const
  ) {
    const response = await ada.postForm(`/reminders/${id}/${act}`, { back: "list", ...fields });
    assertEquals(response.headers.get("location"), "/reminders", act);
    assertEquals(await state(id), after, act);
    const page = await pageOf(ada, "/reminders");
    const way = page.match(/<div class="flash [^]*?action="([^"]*)"/)![1]!;
    assertEquals(way, `/reminders/${id}/undo`);
    assertEquals((await ada.postForm(way, {})).status, 303);
    assertEquals(await state(id), "ringing", `${act}, undone`);
  }
});

Deno.test("an act that cannot be done says why on the reminder's page", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  await ringing(t, person);
  const { id } = (await open(t, person))[0]!;
  for (const words of ["", "soon", "yesterday 9", "x".repeat(1_500)]) {
    const response = await ada.postForm(`/reminders/${id}/snooze`, { choice: "words", words });
    assertEquals(response.status, 400, words.slice(0, 20));
    assertMatch(await response.text(), /class="problem-box" role="alert">Cannot/);
  }
  assertEquals((await ada.postForm(`/reminders/${id}/snooze`, { choice: "x" })).status, 400);
  await ada.postForm(`/reminders/${id}/done`, {});
  assertEquals((await ada.postForm(`/reminders/${id}/skip`, {})).status, 409);
  t.clock.advance(11 * MINUTE);
  assertEquals((await ada.postForm(`/reminders/${id}/undo`, {})).status, 409);
});

Deno.test("one reminder's page has its times and what happened; it is edited, cancelled, brought back", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  await ringing(t, person, "tea every day 9:00");
  const { reminderId: id } = (await open(t, person))[0]!;
  const page = await pageOf(ada, `/reminders/${id}`);
  for (const words of ["Every day at 09:00", "Next times", "What happened", "Rang", "Bell"]) {
    assertStringIncludes(page, words);
  }
  const form = await pageOf(ada, `/reminders/${id}/edit`);
  const version = hidden(form, "version");
  const edit = {
    version,
    more: "yes",
    page: "yes",
    repeat: "keep",
    zone: person.zone,
    text: "green",
  };
  const kept = await ada.postForm(`/reminders/${id}`, { ...edit, title: "Tea", step: "save" });
  assertEquals(kept.status, 303, "nothing of the time was changed, so there is nothing to check");
  const stale = await ada.postForm(`/reminders/${id}`, { ...edit, title: "Old", step: "save" });
  assertEquals(stale.status, 409);
  const changed = await pageOf(ada, `/reminders/${id}`);
  assertStringIncludes(changed, ">Tea</h1>");
  assertStringIncludes(changed, "Every day at 09:00");

  const next = { ...edit, version: String(Number(version) + 1), title: "Tea", time: "10:15" };
  const shown = await ada.postForm(`/reminders/${id}`, { ...next, step: "save" });
  assertEquals(shown.status, 200);
  const text = await shown.text();
  assertStringIncludes(text, "Every day at 10:15");
  const seen = hidden(text, "seen");
  assertEquals(
    (await ada.postForm(`/reminders/${id}`, { ...next, seen, step: "save" })).status,
    303,
  );

  assertEquals((await ada.postForm(`/reminders/${id}/cancel`, {})).status, 303);
  assertEquals(await open(t, person), []);
  const gone = await pageOf(ada, `/reminders/${id}`);
  assertStringIncludes(gone, "It is cancelled");
  assertEquals((await ada.postForm(`/reminders/${id}/restore`, {})).status, 303);
  assertEquals((await open(t, person)).length, 1);
});

Deno.test("a note reminds of itself and lists what is to come", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const note = await createNote(t.app, { ownerId: person.id, title: "Visa papers", text: "x" });
  const path = `/notes/${note.id}/remind`;
  assertStringIncludes(await pageOf(ada, `/notes/${note.id}`), path);
  const left = await ada.postForm(path, { title: "Visa papers", words: "tomorrow 9:00 sharp" });
  assertEquals(left.status, 400);
  assertStringIncludes(await left.text(), "Cannot read “sharp” as a time");
  const { saved } = await setOne(ada, "tomorrow 9:00", { path, title: "Visa papers" });
  assertEquals(saved.headers.get("location"), `/notes/${note.id}`);
  const page = await pageOf(ada, `/notes/${note.id}`);
  assertMatch(page, /<a href="\/reminders\/\w{26}" dir="auto">Visa papers<\/a>/);
  const [one] = await open(t, person);
  assertStringIncludes(await pageOf(ada, `/reminders/${one!.reminderId}`), "From the note");
});

Deno.test("what a reminder says is shown as text, never run", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
  const asked = { more: "yes", page: "yes", zone: person.zone, text: evil };
  const { page, saved } = await setOne(ada, `${evil} tomorrow 9:00`, asked);
  assertEquals(saved.status, 303);
  const [one] = await open(t, person);
  assertEquals(one!.title, evil);
  const pages = [page];
  for (const path of ["/reminders", `/reminders/${one!.reminderId}`]) {
    pages.push(await pageOf(ada, path));
  }
  pages.push(await pageOf(ada, `/reminders/${one!.reminderId}/edit`));
  for (const shown of pages) assertFalse(/<script>alert|<img/i.test(shown));
});

Deno.test("somebody else's reminder is not there, by whichever door", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const eve = await visitor(t, await t.person("Eve"));
  await ringing(t, ada);
  const [one] = await open(t, ada);
  const { id, reminderId } = one!;
  const none = "0".repeat(26);
  const html = { headers: { accept: "text/html" } };
  for (const path of [`/reminders/${reminderId}`, `/reminders/${reminderId}/edit`]) {
    const theirs = await eve.get(path, html);
    const unknown = await eve.get(path.replace(reminderId, none), html);
    assertEquals([theirs.status, unknown.status], [404, 404], path);
  }
  for (const act of ["done", "skip", "undo", "snooze"]) {
    for (const name of [id, id.replace(reminderId, none), "x", `${reminderId}-zz`]) {
      const response = await eve.postForm(`/reminders/${name}/${act}`, { choice: "1h" });
      assertEquals(response.status, 404, `${act} ${name}`);
    }
  }
  for (const act of ["cancel", "restore"]) {
    assertEquals((await eve.postForm(`/reminders/${reminderId}/${act}`, {})).status, 404, act);
  }
  const edit = { title: "mine", words: "tomorrow 9:00", version: "1", step: "save" };
  assertEquals((await eve.postForm(`/reminders/${reminderId}`, edit)).status, 404);
  const when = await eve.get(`/api/when/form?text=tea&of=${reminderId}`);
  assertEquals(when.status, 404);
  assertEquals((await open(t, ada))[0]!.state, "ringing");
});

Deno.test("the form's words are understood while they are typed, with what its page shows", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  const query = new URLSearchParams({ text: "tea every day 9:00", zone: "Europe/Berlin" });
  const answer = await (await ada.get(`/api/when/form?${query}`)).json();
  assertEquals(answer.title, "tea");
  assertEquals(answer.meant.preview.next.length, 5);
  const saved = await ada.postForm("/reminders", {
    words: "tea every day 9:00",
    draft: "live",
    seen: answer.meant.seen,
    step: "save",
  });
  assertEquals(saved.status, 303, "seen live, saved at once");
  for (const bad of ["text=" + "x".repeat(1_500), "text=tea&zone=Mars", "text=1&repeat=x&date=y"]) {
    const response = await ada.get(`/api/when/form?${bad}`);
    assert(response.status === 200, bad.slice(0, 40));
    await response.body?.cancel();
  }
});

Deno.test("the first page's day has what rings today, and nothing of tomorrow", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const who = await visitor(t, ada);
  await setOne(who, "in 20 min tea");
  await setOne(who, "tomorrow 9 bank");
  const page = await pageOf(who, "/");
  assertStringIncludes(page, "One thing today.");
  assertMatch(page, /<ul class="day">.*tea/s);
  assertFalse(page.includes("bank"));
});
