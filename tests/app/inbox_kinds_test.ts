import { assertEquals, assertStringIncludes } from "@std/assert";
import type { BroadcastNews } from "../../domain/broadcasts/broadcast_view.ts";
import {
  type BellEvent,
  listNotifications,
  notify,
  readAllNotifications,
  readNotification,
} from "../../domain/notifications.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Notification } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { EVENTS_KEPT, follow, lastSeq, type Topic } from "../../realtime/events.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { pageOf, visitor } from "../support/site.ts";

const kinds: [Notification["kind"], word: string][] = [
  ["mailing", "Mailing"],
  ["reminder", "Reminder"],
  ["broadcast", "Announcement"],
  ["account", "Account"],
];
const HTML = "<script>alert(1)</script>";

const put = (t: TestApp, accountId: string, kind: Notification["kind"]) =>
  transact(
    t.app,
    (tx) => notify(t.app, tx, accountId, { kind, title: HTML, text: HTML, href: "/account" }),
  );

const events = async <T>(t: TestApp, topic: Topic, after = 0) =>
  (await list(t.app, ranges.eventsAfter(topic, after))).map(({ data }) => data as T);

for (const [kind, word] of kinds) {
  Deno.test(`${kind} news is text in the inbox, and read in one tab is read in the others`, async () => {
    await using t = await testApp();
    const bob = await t.person("Bob");
    await put(t, bob.id, kind);
    await put(t, bob.id, kind);
    const page = await pageOf(await visitor(t, bob), "/inbox");
    assertStringIncludes(page, word);
    assertStringIncludes(page, "&lt;script>");
    assertEquals(page.includes(HTML), false);

    const topic = `account:${bob.id}` as const;
    const before = await lastSeq(t.app, topic);
    const [{ id } = { id: "" }] = (await listNotifications(t.app, { accountId: bob.id })).items;
    await readNotification(t.app, { accountId: bob.id, id });
    await readNotification(t.app, { accountId: bob.id, id }); // twice is once
    await readAllNotifications(t.app, bob.id);
    const told = await events<BellEvent>(t, topic, before);
    assertEquals(told.map(({ unread }) => unread), [1, 0]);
  });
}

Deno.test("whoever was away hears what they missed, or that there is too much of it", async () => {
  await using t = await testApp();
  const bob = await t.person("Bob");
  const topic = `account:${bob.id}` as const;
  await put(t, bob.id, "account");
  const away = await lastSeq(t.app, topic);
  for (const [kind] of kinds) await put(t, bob.id, kind);
  const missed = async (after: number, n: number) => {
    const ended = new AbortController();
    const heard: string[] = [];
    for await (const one of follow(t.app, topic, { after, signal: ended.signal })) {
      const news = one === "gap" ? "gap" : (one.data as BellEvent).notification?.kind ?? "";
      if (heard.push(news) === n) ended.abort();
    }
    return heard;
  };
  assertEquals(await missed(away, 4), kinds.map(([kind]) => kind));
  for (let i = 0; i <= EVENTS_KEPT; i++) await put(t, bob.id, "account");
  assertEquals(await missed(away, 1), ["gap"]);
});

Deno.test("open pages are told of an announcement by the very notification that their inbox gets", async () => {
  await using t = await testApp();
  const { root, people: [bob] } = await crowd(t, 1);
  const { id, version } = await written(t, root);
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 2 });
  assertEquals(await events(t, "everyone"), []);
  await t.drain();
  const [news, ...more] = await events<BroadcastNews>(t, "everyone");
  const { items: [inInbox] } = await listNotifications(t.app, { accountId: bob!.id });
  assertEquals(more, []);
  assertEquals(news!.notification, inInbox);
  const own = await events<BellEvent>(t, `account:${bob!.id}`);
  assertEquals(own.map(({ notification }) => notification?.id), [news!.id]);
});

Deno.test("what is unread is on its page, however much that was read lies before it", async () => {
  await using t = await testApp();
  const bob = await t.person("Bob");
  await put(t, bob.id, "reminder");
  t.clock.advance(1);
  const read = () => transact(t.app, (tx) => notify(t.app, tx, bob.id, news));
  const news = { kind: "mailing", title: "T", text: "x", href: "/account" } as const;
  for (let i = 0; i < 100; i++) {
    const id = await read();
    await readNotification(t.app, { accountId: bob.id, id });
  }
  const { items, next } = await listNotifications(t.app, { accountId: bob.id, unread: true });
  assertEquals([items.map(({ kind }) => kind), next], [["reminder"], null]);
});
