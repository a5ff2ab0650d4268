import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { listBroadcasts } from "../../domain/broadcasts/broadcasts.ts";
import { listNotifications } from "../../domain/notifications.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { errorOf, jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { TestMessenger } from "../support/messenger.ts";
import { minutes, seconds } from "../support/clock.ts";
import { fieldIn, pageOf, sessionValue, visitor } from "../support/site.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
const HTML = `<img src=x onerror=alert(1)> & "q" <b>`;

const words = {
  title: "Moving",
  text: "On Friday",
  channels: { mail: true, telegram: true },
  when: { is: "now" },
};
const fields = { title: "Moving", text: "On Friday", mail: "on", when: "now", zone: "UTC" };

async function send(t: TestApp, root: Account, change: Parameters<typeof written>[2] = {}) {
  const { id, version } = await written(t, root, change);
  const { members } = await broadcastCounts(t.app, { channels: { mail: false, telegram: false } });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members });
  await t.drain();
  return id;
}

Deno.test("an admin writes, looks, sends and cancels by the API", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root } = await crowd(t, 2);
  const client = await visitor(t, root);
  const made = await jsonOf(await client.post("/api/broadcasts", words));
  assertEquals([made.state, made.counts], ["draft", { members: 3, mail: 3, telegram: 0 }]);
  const at = { ...words, version: 1, when: { is: "cron", pattern: "0 9 * * *", zone: "UTC" } };
  const edited = await jsonOf(
    await client.send(`/api/broadcasts/${made.id}`, { method: "PATCH", json: at }),
  );
  assertEquals(edited.version, 2);
  const old = await client.post(`/api/broadcasts/${made.id}/confirm`, { version: 1, members: 3 });
  assertEquals([old.status, (await errorOf(old)).field], [409, "version"]);
  const sent = await client.post(`/api/broadcasts/${made.id}/confirm`, { version: 2, members: 3 });
  assertEquals(sent.status, 202);
  assertEquals((await jsonOf(sent)).nextAt, "2026-11-24T09:00:00.000Z");
  const gone = await client.send(`/api/broadcasts/${made.id}`, { method: "DELETE" });
  assertEquals((await jsonOf(gone)).state, "cancelled");
  const again = await client.send(`/api/broadcasts/${made.id}`, { method: "DELETE" });
  assertEquals(again.status, 409);
  t.clock.advance(minutes(10));
  client.cookies.set("cw_session_dev", await sessionValue(t, root));
  const next = await jsonOf(await client.post("/api/broadcasts", words));
  const seen = { version: 1, members: 3 };
  const soon = await jsonOf(await client.post(`/api/broadcasts/${next.id}/confirm`, seen));
  assertEquals(soon.nextAt, new Date(t.clock.now() + minutes(1)).toISOString());
  const undone = await client.send(`/api/broadcasts/${next.id}`, { method: "DELETE" });
  assertEquals((await jsonOf(undone)).nextAt, null);
  const { items } = await jsonOf(await client.get("/api/broadcasts"));
  assertEquals((items as unknown[]).length, 2);
});

Deno.test("an admin writes, looks, sends by the pages alone, without scripts", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root } = await crowd(t, 2);
  const client = await visitor(t, root);
  const key = fieldIn(await pageOf(client, "/admin/broadcasts/new"), "key");
  const filled = { ...fields, key, when: "cron", pattern: "30 7 * * 1-5", zone: "Europe/Berlin" };
  const [made, twice] = [
    await client.postForm("/admin/broadcasts", filled),
    await client.postForm("/admin/broadcasts", filled),
  ];
  assertEquals([made.status, twice.headers.get("location")], [303, made.headers.get("location")]);
  const path = made.headers.get("location")!;
  const page = await pageOf(client, path);
  assertStringIncludes(page, "Send to 3 people");
  assertStringIncludes(page, "Reaches 3 people in the inbox, 3 by mail.");
  assertEquals(page.match(/<span class="whole-time">/g)?.length, 5);
  const seen = { version: fieldIn(page, "version"), members: fieldIn(page, "members") };
  await client.postForm(`${path}/confirm`, seen);
  const scheduled = await pageOf(client, path);
  assertStringIncludes(scheduled, "Scheduled");
  assertStringIncludes(scheduled, "It goes out at its time.");
  const edit = await pageOf(client, `${path}/edit`);
  assertEquals(fieldIn(edit, "pattern"), "30 7 * * 1-5");
  await client.postForm(path, { ...filled, title: "Moved", version: fieldIn(edit, "version") });
  assertStringIncludes(await pageOf(client, path), "Send to 3 people");
  await client.postForm(`${path}/confirm`, seen); // what was seen before the edit
  assertStringIncludes(await pageOf(client, path), "Draft");
  await client.postForm(`${path}/cancel`, {});
  assertStringIncludes(await pageOf(client, "/admin/broadcasts"), "Cancelled");

  const now = await client.postForm("/admin/broadcasts", { ...fields, key: `${key}2` });
  const at = now.headers.get("location")!;
  await client.postForm(`${at}/confirm`, { ...seen, version: "1" });
  assertStringIncludes(await pageOf(client, at), "another one was, less than ten minutes ago");
  t.clock.advance(minutes(10));
  const again = await client.postForm(`${at}/confirm`, { ...seen, version: "1" });
  assertStringIncludes(again.headers.get("location")!, "/prove?next=");
  client.cookies.set("cw_session_dev", await sessionValue(t, root));
  await client.postForm(`${at}/confirm`, { ...seen, version: "1" });
  t.clock.advance(seconds(20));
  const page60 = await pageOf(client, at);
  assertStringIncludes(page60, "It goes out in a minute; until then you can undo it.");
  assertStringIncludes(page60, "Sends in 40 s");
  assertMatch(page60, /action="[^"]*\/cancel"><button type="submit">Undo</);
  assertNotMatch(page60, />Change</);
  await client.postForm(`${at}/cancel`, {});
  t.clock.advance(minutes(1));
  await t.drain();
  const undone = await pageOf(client, at);
  assertStringIncludes(undone, "The broadcast is cancelled.");
  assertNotMatch(undone, /Sends in|Began to go out/);
});

Deno.test("to who is no admin there are no broadcasts, by page or API", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const { id } = await written(t, root);
  const [client, nobody] = [await visitor(t, bob), await visitor(t)];
  const before = await listBroadcasts(t.app, { adminId: root.id });
  const unknown = "0".repeat(26);
  for (const one of [id, unknown]) {
    const api: [string, string, unknown?][] = [
      ["GET", "/api/broadcasts"],
      ["POST", "/api/broadcasts", words],
      ["GET", `/api/broadcasts/${one}`],
      ["PATCH", `/api/broadcasts/${one}`, { ...words, version: 1 }],
      ["POST", `/api/broadcasts/${one}/confirm`, { version: 1, members: 2 }],
      ["DELETE", `/api/broadcasts/${one}`],
    ];
    for (const [method, path, json] of api) {
      assertEquals((await client.send(path, { method, json })).status, 404, `${method} ${path}`);
      assertEquals((await nobody.send(path, { method, json })).status, 401, `${method} ${path}`);
    }
    for (const path of ["", "/new", `/${one}`, `/${one}/edit`]) {
      assertEquals((await client.get(`/admin/broadcasts${path}`)).status, 404);
      assertEquals((await nobody.get(`/admin/broadcasts${path}`)).status, 404);
    }
    for (const path of ["", `/${one}`, `/${one}/confirm`, `/${one}/cancel`]) {
      const sent = await client.postForm(`/admin/broadcasts${path}`, { ...fields, version: "1" });
      assertEquals(sent.status, 404);
    }
  }
  assertEquals(await listBroadcasts(t.app, { adminId: root.id }), before);
});

Deno.test("bad input gets a 4xx that names its field, and keeps what was typed", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root } = await crowd(t, 0);
  const client = await visitor(t, root);
  const bad: [Record<string, unknown>, string][] = [
    [{ title: "" }, "title"],
    [{ text: "x".repeat(1_001) }, "text"],
    [{ when: { is: "at", wall: "2020-01-01T00:00", zone: "UTC" } }, "at"],
    [{ when: { is: "at", wall: "soon", zone: "UTC" } }, "at"],
    [{ when: { is: "at", wall: "2027-01-01T00:00", zone: "Moon/Base" } }, "zone"],
    [{ when: { is: "cron", pattern: "* * * * * *", zone: "UTC" } }, "cron"],
    [{ when: { is: "cron", pattern: "*/5 * * * *", zone: "UTC" } }, "cron"],
  ];
  for (const [change, field] of bad) {
    const answer = await client.post("/api/broadcasts", { ...words, ...change });
    assertEquals([answer.status, (await errorOf(answer)).field], [400, field]);
  }
  assertEquals((await client.post("/api/broadcasts", { ...words, state: "running" })).status, 400);
  const past = { ...fields, when: "at", date: "2020-01-01", time: "09:00" };
  const answer = await client.postForm("/admin/broadcasts", { ...past, title: HTML });
  assertEquals(answer.status, 400);
  const page = await answer.text();
  assertStringIncludes(page, "Cannot announce then: it is past");
  assertStringIncludes(page, "&lt;img src=x");
  assert(!page.includes("<img src=x"));
  assertEquals((await listBroadcasts(t.app, { adminId: root.id })).items, []);
});

Deno.test("HTML in an announcement is text on each page, in the mail and in the chat", async () => {
  const [mailer, messenger] = [new TestMailer(), new TestMessenger()];
  await using t = await testApp({ env, mailer, messenger });
  const { root, people: [bob] } = await crowd(t, 1, { chats: 1 });
  const id = await send(t, root, { title: HTML, text: HTML });
  const [admin, member] = [await visitor(t, root), await visitor(t, bob)];
  const [{ href } = { href: "" }] = (await listNotifications(t.app, { accountId: bob!.id })).items;
  for (
    const page of [
      await pageOf(admin, `/admin/broadcasts/${id}`),
      await pageOf(admin, "/admin/broadcasts"),
      await pageOf(member, "/inbox"),
      await pageOf(member, href),
    ]
  ) {
    assert(!page.includes("<img src=x"));
    assertStringIncludes(page, "&lt;img src=x");
  }
  const mail = mailer.accepted[0]!;
  assert(!mail.html.includes("<img"));
  assertStringIncludes(mail.text, HTML);
  assertStringIncludes(mail.text, "Root sent this to everybody");
  assertStringIncludes(mail.text, `${t.app.config.origin}/account`);
  assertMatch(messenger.sent[0]!.html, /^<b>&lt;img [^<>]*<\/b>\n\n&lt;img [^<>]*$/);
});

Deno.test("an announcement may be its title alone, and nothing empty stands anywhere", async () => {
  const [mailer, messenger] = [new TestMailer(), new TestMessenger()];
  await using t = await testApp({ env, mailer, messenger });
  const { root, people: [bob] } = await crowd(t, 1, { chats: 1 });
  const admin = await visitor(t, root);
  const key = fieldIn(await pageOf(admin, "/admin/broadcasts/new"), "key");
  const made = await admin.postForm("/admin/broadcasts", { ...fields, key, text: " \n" });
  assertEquals(made.status, 303);
  const asked = await admin.post("/api/broadcasts", { ...words, text: "" });
  assertEquals([asked.status, (await jsonOf(asked)).text], [201, ""]);
  const id = await send(t, root, { text: "" });
  const member = await visitor(t, bob);
  const [{ href } = { href: "" }] = (await listNotifications(t.app, { accountId: bob!.id })).items;
  const mail = mailer.accepted[0]!;
  for (
    const shown of [
      await pageOf(admin, `/admin/broadcasts/${id}`),
      await pageOf(member, "/inbox"),
      await pageOf(member, href),
      mail.html,
    ]
  ) {
    assertStringIncludes(shown, "Moving on Friday");
    assertNotMatch(shown, /<(?:small|p|div) dir="auto"[^>]*><\//);
    assertNotMatch(shown, /class="said" dir="auto"><\//);
  }
  assertMatch(mail.text, /^Moving on Friday\n\n-- \n/);
  assertEquals(messenger.sent[0]!.html, "<b>Moving on Friday</b>");
});

Deno.test("reading an announcement marks it as read; another's inbox and one not begun stay shut", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const id = await send(t, root);
  const member = await visitor(t, bob);
  const [item] = (await listNotifications(t.app, { accountId: bob!.id })).items;
  assertEquals(item?.kind, "broadcast");
  assertStringIncludes(await pageOf(member, item!.href), "Bring boxes.");
  const items = async (account: Account) =>
    (await listNotifications(t.app, { accountId: account.id })).items;
  assertEquals((await items(bob!))[0]?.readAt, t.clock.now());
  assertEquals((await items(root))[0]?.readAt, null);
  const draft = await written(t, root);
  for (const ref of [`${draft.id}-0`, `${id}-0`, id, "x", `${id}-zzzzzzzzzzzz`]) {
    assertEquals((await member.get(`/announcements/${ref}`)).status, 404, ref);
  }
});
