import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { listBroadcasts } from "../../domain/broadcasts/broadcasts.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { minutes } from "../support/clock.ts";
import { ADA, BOB, type BotScene, botScene } from "../support/bot_scene.ts";

/** Ada is an admin; Bob a member with a chat. */
async function withBob(
  options: Parameters<typeof botScene>[0] = {},
): Promise<BotScene & { bob: { id: string } }> {
  const s = await botScene(options);
  const bob = await s.t.person("Bob");
  await s.link(bob, BOB);
  const admin = { ...s.ada, role: "admin", factorAt: 0 } as const;
  await transact(s.t.app, (tx) => tx.set(keys.account(admin.id), admin));
  await startSession(s.t.app, { accountId: admin.id, epoch: admin.epoch, agent: "Test/1.0" });
  return { ...s, bob };
}

const labels = ({ buttons }: { buttons: { text: string }[][] }) =>
  buttons.map((row) => row.map(({ text }) => text));

Deno.test("an admin announces from the chat: looked at, counted, confirmed, once for each", async () => {
  await using s = await withBob({ refusals: 2 }); // what says the same, and the last press is old
  const preview = await s.say("/broadcast We <b>move</b> & party\nBring boxes.");
  assertEquals(
    preview.text,
    "We <b>move</b> & party\n\nBring boxes.\n\n" +
      "This is for 2 people: all in the inbox, 2 by mail, 2 in Telegram.",
  );
  assertEquals(labels(preview), [["☑ Mail", "☑ Telegram"], ["Send to 2", "Cancel"]]);
  await s.press("☑ Mail", preview);
  assertMatch(preview.text, /all in the inbox, 2 in Telegram\.$/);
  assertEquals(labels(preview)[0], ["☐ Mail", "☑ Telegram"]);

  const press = s.api.press(ADA, preview.id, "Send to 2");
  await s.take(press);
  await s.take({ ...press, update_id: press.update_id + 100 });
  await s.t.drain();
  assertMatch(preview.text, /^📣 We <b>move<\/b> & party\nSends in 60 s to 2 people\.$/);
  assertEquals(labels(preview), [["Undo"]]);
  assertEquals(s.api.messagesIn(BOB), []);
  s.t.clock.advance(minutes(1));
  await s.t.drain();
  await s.take({ ...press, update_id: press.update_id + 200 });
  await s.t.drain();
  assertMatch(preview.text, /^📣 We <b>move<\/b> & party\nOn its way to 2 people\.$/);
  const bobs = s.api.messagesIn(BOB).map(({ text }) => text);
  assertEquals(bobs, ["We <b>move</b> & party\n\nBring boxes."]);
  const inbox = await listNotifications(s.t.app, { accountId: s.bob.id });
  assertEquals(inbox.items.map(({ title }) => title), ["We <b>move</b> & party"]);
});

Deno.test("what an admin undoes in the chat within a minute reaches nobody", async () => {
  await using s = await withBob();
  const preview = await s.say("/broadcast News");
  await s.press("Send to 2", preview);
  s.t.clock.advance(minutes(1) - 1);
  await s.press("Undo", preview);
  assertEquals([preview.text, s.toast()], ["Cancelled: News", "Cancelled"]);
  s.t.clock.advance(minutes(1));
  await s.t.drain();
  assertEquals(s.api.messagesIn(BOB), []);
});

Deno.test("the help tells admins of announcements, and only them", async () => {
  await using s = await withBob();
  for (const asked of ["/help", "/start"]) {
    assertMatch((await s.say(asked)).text, /\n\/broadcast /);
    assertNotMatch((await s.say(asked, BOB)).text, /broadcast/);
  }
});

Deno.test("what was changed meanwhile, or would reach others, is not sent", async () => {
  await using s = await withBob();
  const preview = await s.say("/broadcast News");
  const stale = s.api.press(ADA, preview.id, "Send to 2");
  await s.press("☑ Telegram", preview);
  await s.take(stale);
  assertMatch(s.toast(), /^Cannot do this: the broadcast was changed meanwhile/);
  await s.t.person("Eva");
  await s.press("Send to 2", preview);
  assertMatch(s.toast(), /would now reach 3 people, not 2/);
  const cancelled = await s.press("Cancel", preview);
  assertEquals(cancelled.text, "Cancelled: News");
  await s.t.drain();
  assertEquals(s.api.messagesIn(BOB), []);
});

Deno.test("who is no admin hears what they hear of any unknown command, and no button helps", async () => {
  await using s = await withBob();
  assertMatch((await s.say("/broadcast Hello", BOB)).text, /^I do not know “\/broadcast”\. \/help/);
  const preview = await s.say("/broadcast News");
  for (const text of labels(preview).flat()) {
    const { update_id, callback_query: query } = s.api.press(ADA, preview.id, text);
    const { message, ...rest } = query as { message: Record<string, unknown> };
    const chat = { id: BOB, type: "private", first_name: "Bob" };
    const from = { id: BOB, is_bot: false, first_name: "Bob" };
    await s.take({ update_id, callback_query: { ...rest, from, message: { ...message, chat } } });
    assertEquals(s.toast(), "Cannot find the broadcast");
  }
  const { items: [one] } = await listBroadcasts(s.t.app, { adminId: s.ada.id });
  assertEquals(one!.broadcast.state, "draft");
});

Deno.test("an update that comes again makes no second draft, and odd texts are answered", async () => {
  await using s = await withBob();
  const update = s.api.say(ADA, "/broadcast Once");
  await s.take(update);
  for await (const { key } of s.t.kv.list({ prefix: ["chat_update"] })) await s.t.kv.delete(key);
  await s.take(update);
  const { items } = await listBroadcasts(s.t.app, { adminId: s.ada.id });
  assertEquals(items.length, 1);
  for (const text of ["", "\u200b", "x".repeat(121), "y".repeat(4_000), "\u202eabc", "a\n\n\nb"]) {
    await s.say(`/broadcast ${text}`);
  }
  assertMatch((await s.say(`/broadcast ${"y".repeat(4_000)}`)).text, /longer than 1000 characters/);
});

Deno.test("an announcement is not sent by who only holds the phone, but by who has shown on a page who they are", async () => {
  await using s = await withBob();
  const preview = await s.say("/broadcast We move\nBring boxes.");
  s.t.clock.advance(minutes(10));
  await s.press("Send to 2", preview);
  assertMatch(s.toast(), /^Cannot do this yet: show first that it is you; sign in at http/);
  const [draft] = (await listBroadcasts(s.t.app, { adminId: s.ada.id })).items;
  assertEquals(draft?.broadcast.state, "draft");
  await startSession(s.t.app, { accountId: s.ada.id, epoch: s.ada.epoch, agent: "Test/1.0" });
  await s.press("Send to 2", preview);
  assertMatch(preview.text, /Sends in 60 s to 2 people/);
});
