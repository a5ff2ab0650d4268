import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { markDone } from "../../domain/reminders/occurrences.ts";
import { signLink } from "../../domain/accounts/signed_links.ts";
import type { App } from "../../core/app.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { daily, occurrences, remind, states } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };

/** A letter to Ada whose reminder rings, and a browser that is not signed in. */
async function letter(t: TestApp, mailer: TestMailer) {
  const ada = await t.person("Ada");
  const channels = { page: true, telegram: false, mail: [ada.email] };
  const { id, nextAt } = await remind(t.app, ada, { channels, rule: daily });
  t.clock.advance(hours(22));
  await t.drain();
  const [done, hour, tomorrow] = [...mailer.accepted[0]!.text.matchAll(/http\S+(\/r\/\S+)/g)]
    .map(([, path]) => path!);
  const ref = { reminderId: id, dueAt: nextAt!, ownerId: ada.id };
  return { ada, ref, stranger: await visitor(t), done: done!, hour: hour!, tomorrow: tomorrow! };
}

async function world() {
  const mailer = new TestMailer();
  const t = await testApp({ env, mailer });
  return { t, ...await letter(t, mailer) };
}

const html = { headers: { accept: "text/html" } };
/** All that is stored. */
const everything = async (kv: Deno.Kv) =>
  JSON.stringify(
    (await Array.fromAsync(kv.list({ prefix: [] })))
      .filter(({ key }) => key[0] !== "commit_token").map(({ key, versionstamp }) => [
        key,
        versionstamp,
      ]),
  );

Deno.test("opening a link shows what it would do and does nothing, however often a scanner opens it", async () => {
  const { t, stranger, done, hour, tomorrow } = await world();
  await using _ = t;
  const before = await everything(t.kv);
  const buttons = [
    "Mark as done",
    "Snooze until Tue 24 Nov 10:00",
    "Snooze until Wed 25 Nov 09:00",
  ];
  for (const [i, path] of [done, hour, tomorrow].entries()) {
    for (const method of ["GET", "GET", "HEAD"]) {
      const response = await stranger.send(path, { ...html, method });
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("referrer-policy"), "same-origin");
      assertEquals(response.headers.get("cache-control"), "no-store");
      const page = await response.text();
      if (method === "GET") {
        assertStringIncludes(page, "Call the bank");
        assertStringIncludes(page, buttons[i]!);
        assertEquals(page.match(/<button type="submit" class="primary"/g)?.length, 1);
      }
    }
  }
  assertEquals(await everything(t.kv), before);
});

Deno.test("pressing acts once, without being signed in; again says how it is", async () => {
  const { t, stranger, done } = await world();
  await using _ = t;
  const first = await stranger.postForm(done, {});
  assertEquals(first.status, 200);
  assertStringIncludes(await first.text(), "It is done.");
  const [one] = await occurrences(t.kv);
  assertEquals(one!.ledger.at(-1)?.text, "Done by mail");
  const before = await everything(t.kv);
  const again = await stranger.postForm(done, {});
  assertEquals(again.status, 200);
  assertStringIncludes(await again.text(), "It is done.");
  assertEquals(await everything(t.kv), before);
});

Deno.test("a snooze link snoozes once, and does nothing to a later ringing", async () => {
  const { t, stranger, hour, done } = await world();
  await using _ = t;
  await Promise.all([stranger.postForm(hour, {}), stranger.postForm(hour, {})]);
  assertEquals(await states(t.kv), ["snoozed", "waiting"]);
  assertEquals((await occurrences(t.kv))[0]!.ledger.length, 3);
  t.clock.advance(minutes(10));
  await (await stranger.postForm(hour, {})).body?.cancel();
  t.clock.advance(minutes(50));
  await t.drain();
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  const page = await (await stranger.postForm(hour, {})).text();
  assertStringIncludes(page, "It rings.");
  assert(!page.includes("primary"), "the old letter has no button any more");
  assertEquals(await states(t.kv), ["ringing", "waiting"]);
  assertStringIncludes(await (await stranger.postForm(done, {})).text(), "It is done.");
});

Deno.test("a link to what was answered elsewhere says so", async () => {
  const { t, stranger, hour, ref } = await world();
  await using _ = t;
  await markDone(t.app, ref, "telegram");
  const before = await everything(t.kv);
  assertStringIncludes(await (await stranger.get(hour, html)).text(), "It is done.");
  assertStringIncludes(await (await stranger.postForm(hour, {})).text(), "It is done.");
  assertEquals(await everything(t.kv), before);
});

Deno.test("a link altered anywhere is no link, and neither is one of another instance", async () => {
  const { t, stranger, done, ref } = await world();
  await using _ = t;
  const before = await everything(t.kv);
  const link = done.slice("/r/".length);
  const [act, name, rang, owner, proof] = link.split(".") as [
    string,
    string,
    string,
    string,
    string,
  ];
  const other = await t.person("Bob");
  const foreign = { secret: crypto.getRandomValues(new Uint8Array(32)) } as Pick<App, "secret">;
  const altered = [
    ["1h", name, rang, owner, proof],
    [act, `${ref.reminderId}-${(ref.dueAt + 1).toString(36)}`, rang, owner, proof],
    [act, name, (ref.dueAt + 1).toString(36), owner, proof],
    [act, name, rang, other.id, proof],
    [act, name, rang, owner, `${proof.slice(0, -1)}${proof.endsWith("A") ? "B" : "A"}`],
    [act, name, rang, owner, ""],
    [act, name, rang, owner, proof.slice(0, -1)],
    [act, name, rang, owner, `${proof}A`],
    [act, name, rang, owner],
    [act, name, rang, owner, proof, proof],
    ["done", "x", "x", "x", "x"],
    [await signLink(foreign, { ...ref, act: "done", ringAt: ref.dueAt })],
  ].map((parts) => parts.join("."));
  await t.kv.delete(["account", other.id]);
  await t.kv.delete(["account_by_email", other.email]);
  for (const text of [...altered, "x", "%00", "a".repeat(3_000), encodeURIComponent("ü.ü.ü.ü.ü")]) {
    for (
      const send of [
        () => stranger.get(`/r/${text}`, html),
        () => stranger.postForm(`/r/${text}`, {}),
      ]
    ) {
      const response = await send();
      assertEquals(response.status, 404, text);
      assertMatch(await response.text(), /Cannot use this link/);
    }
  }
  assertEquals(await everything(t.kv), before);
});

Deno.test("a link works for 30 days after the ringing and not a moment longer", async () => {
  const { t, stranger, done } = await world();
  await using _ = t;
  t.clock.advance(days(30) - 1);
  assertEquals((await stranger.get(done, html)).status, 200);
  t.clock.advance(1);
  assertEquals((await stranger.get(done, html)).status, 404);
  assertEquals((await stranger.postForm(done, {})).status, 404);
  assertEquals((await states(t.kv))[0], "ringing");
});

Deno.test("no other site can press the button", async () => {
  const { t, stranger, done } = await world();
  await using _ = t;
  for (const [name, value] of [["sec-fetch-site", "cross-site"], ["origin", "null"]] as const) {
    const headers = { [name]: value };
    const response = await stranger.postForm(done, {}, { headers });
    assertEquals(response.status, 403);
    await response.body?.cancel();
  }
  assertEquals((await states(t.kv))[0], "ringing");
});
