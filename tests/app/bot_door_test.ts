import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { ChatUpdate } from "../../core/chat.ts";
import { AppError } from "../../core/errors.ts";
import { accountOfChat, unlink } from "../../domain/chats/chat_owner.ts";
import { confirmOnPage, startLink } from "../../domain/chats/chat_links.ts";
import { listNotes } from "../../domain/notes/note_list.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { listOutbox } from "../../domain/mail/outbox.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { createBot } from "../../bot/mod.ts";
import { ADA, BOB, type BotScene, botScene } from "../support/bot_scene.ts";
import { minutes } from "../support/clock.ts";
import { startSession } from "../../domain/accounts/sessions.ts";

Deno.test("a chat that is not linked is told how to, whatever it says or presses", async () => {
  await using s = await botScene();
  for (const text of ["Hello", "/notes", "/start", "/zone UTC", "/nonsense"]) {
    const answer = await s.say(text, BOB);
    assertEquals(
      answer.text,
      "This chat is not linked yet. Sign in at http://localhost:8000/account and press " +
        "“Link Telegram” there.",
    );
  }
  const saved = await s.say("Mine");
  await s.take(withPress(s, saved.id, { chatId: BOB, data: "1:note_delete:x" }));
  assertEquals(s.toast(), "Link this chat on your account page first.");
});

/** A press as it might come from anywhere. */
function withPress(
  s: BotScene,
  messageId: number,
  { chatId, data }: { chatId: number; data?: string },
) {
  const { update_id, callback_query: query } = s.api.press(ADA, messageId, "Delete");
  const chat = { id: chatId, type: "private", first_name: "X" };
  const { message, ...rest } = query as { message: Record<string, unknown> };
  const from = { id: chatId, is_bot: false, first_name: "X" };
  return { update_id, callback_query: { ...rest, data, from, message: { ...message, chat } } };
}

Deno.test("a chat is linked when the chat and the page have said yes, and unlinked by /stop", async () => {
  await using s = await botScene();
  const eva = await s.t.person("Eva");
  const { session: { id: sessionId } } = await startSession(s.t.app, {
    accountId: eva.id,
    epoch: eva.epoch,
    agent: "Test/1.0",
  });
  const { code } = await startLink(s.t.app, { accountId: eva.id, sessionId });
  const offer = await s.say(`/start ${code}`, BOB);
  assertEquals(offer.text, "Link this chat to e…@example.org?");
  const waiting = await s.press("Link", offer);
  assertMatch(waiting.text, /^Now say yes on the page too: /);
  assertEquals(await accountOfChat(s.t.app, BOB), null);
  const linkId = (await read(s.t.app, keys.chatLinkOf(eva.id)))!;
  await confirmOnPage(s.t.app, { accountId: eva.id, sessionId, linkId });
  assertMatch((await s.say("/start", BOB)).text, /^Hello! This chat belongs to e…@example\.org\./);

  assertMatch(
    (await s.say(`/start ${code}`, BOB)).text,
    /^Cannot use this code: it was used before/,
  );
  assertMatch((await s.say("/start nonsense", BOB)).text, /^Cannot use this code/);

  const stop = await s.say("/stop", BOB);
  assertMatch(stop.text, /Nothing of yours is deleted/);
  await s.press("Keep it", stop);
  assertEquals((await accountOfChat(s.t.app, BOB))?.account.id, eva.id);
  const again = await s.say("/stop", BOB);
  assertMatch((await s.press("Unlink", again)).text, /^Unlinked\. To come back/);
  assertEquals(await accountOfChat(s.t.app, BOB), null);
});

Deno.test("what was asked before the chat was unlinked is not answered after it is another's", async () => {
  await using s = await botScene();
  await s.say("Secret plan");
  await s.press("Remind me");
  await unlink(s.t.app, { accountId: s.ada.id });
  await s.link(await s.t.person("Eva"), ADA);
  assertMatch((await s.say("tomorrow 09:00")).text, /^📝 Saved: tomorrow 09:00/);
});

Deno.test("the chat that says no ends the code", async () => {
  await using s = await botScene();
  const eva = await s.t.person("Eva");
  const { session: { id: sessionId } } = await startSession(s.t.app, {
    accountId: eva.id,
    epoch: eva.epoch,
    agent: "Test/1.0",
  });
  const { code } = await startLink(s.t.app, { accountId: eva.id, sessionId });
  const offer = await s.say(`/start ${code}`, BOB);
  await s.press("Not me", offer);
  assertMatch(offer.text, /^Not linked/);
  assertMatch((await s.say(`/start ${code}`, BOB)).text, /^Cannot use this code/);

  const { code: late } = await startLink(s.t.app, { accountId: eva.id, sessionId });
  const slow = await s.say(`/start ${late}`, BOB);
  s.t.clock.advance(minutes(11));
  await s.press("Link", slow);
  assertMatch(s.toast(), /^Cannot use this code/);
});

Deno.test("a chat that blocks the bot is off, with a mail and a word in the inbox, and on again when it is back", async () => {
  await using s = await botScene();
  await s.take(s.api.block(ADA));
  await s.t.drain();
  assertEquals((await accountOfChat(s.t.app, ADA))?.chat.state, "off");
  const { items } = await listNotifications(s.t.app, { accountId: s.ada.id });
  assertEquals(items.map(({ title }) => title), ["Telegram is turned off"]);
  const mails = await listOutbox(s.t.app, s.ada);
  assertMatch(JSON.stringify(mails), /Telegram/);
  await s.take(s.api.unblock(ADA));
  assertEquals((await accountOfChat(s.t.app, ADA))?.chat.state, "on");
});

Deno.test("groups are told once what they ask, channels and bots get no answer", async () => {
  await using s = await botScene();
  const group = s.api.chat(-2_001, { type: "supergroup", name: "Friends" });
  const channel = s.api.chat(-2_002, { type: "channel", name: "News" });
  assertMatch((await s.say("/notes", group.id)).text, /^I keep the notes of one person/);
  await s.take(s.api.say(channel.id, "/notes"));
  await s.take(s.api.say(ADA, "/notes", { from: { id: ADA, is_bot: true } }));
  await s.take(s.api.say(group.id, "hello", { from: { is_bot: true } }));
  assertEquals(s.api.messagesIn(channel.id), []);
  assertEquals(s.api.messagesIn(ADA), []);
  assertEquals(s.api.messagesIn(group.id).length, 1);
});

Deno.test("each pressed button is answered exactly once, whatever it carries", async () => {
  await using s = await botScene();
  const saved = await s.say("Mine");
  const id = /1:note_delete:(\w+)/.exec(JSON.stringify(saved.buttons))![1]!;
  const datas = [
    undefined,
    "",
    "x",
    "1",
    "1:",
    "1:note",
    "1:note:",
    "1:note:../..",
    "1:nosuch:1",
    "0:note:" + id,
    "2:note:" + id,
    "1:notes:" + id + ":0",
    "1:notes::9999",
    "1:mail_go:" + id,
    "1:mail_retry:" + id,
    "1:link:" + "a".repeat(43),
    "1:link_no:x",
    "r:done:x",
    "r:snooze:" + id + "-abc:1h",
    "r:more:::",
    "1:remind_at:" + id + ":99",
    "1:reminder:" + id + "-zz",
    "1:remind_cancel:" + id,
    "1:close",
    "1:note:" + id,
    "1:note_delete:" + id,
    "1:note_restore:" + id,
    "🙂",
    "1:mail:" + id + ":extra",
    "a".repeat(64),
    "r:undo:" + "z".repeat(26) + "-1",
  ];
  for (const data of datas) {
    const message = await s.say("Next");
    const update = withPress(s, message.id, { chatId: ADA, data });
    const before = s.api.callbackAnswers.length;
    await s.take(update);
    assertEquals(s.api.callbackAnswers.length - before, 1, `answers to ${data}`);
  }
  await s.take(s.api.press(ADA, saved.id, "Delete", BOB));
  assertEquals(s.toast(), "This button is not for you.");
  const inline = withPress(s, saved.id, { chatId: ADA, data: "1:close" });
  const { message: _, ...query } = inline.callback_query;
  const before = s.api.callbackAnswers.length;
  await s.take({ ...inline, callback_query: { ...query, inline_message_id: "5" } });
  assertEquals(s.api.callbackAnswers.length - before, 1);
});

Deno.test("updates in any form end without a bug", async () => {
  await using s = await botScene();
  const chat = { id: ADA, type: "private", first_name: "Ada" };
  const from = { id: ADA, is_bot: false, first_name: "Ada" };
  const bodies: Record<string, unknown>[] = [
    {},
    { message: {} },
    { message: { chat, from, message_id: 1, date: 1 } },
    { message: { chat, message_id: 1, date: 1, text: "no sender" } },
    { message: { chat, from, message_id: 1, date: 1, text: "", entities: [] } },
    {
      message: {
        chat,
        from,
        message_id: 1,
        date: 1,
        text: "/",
        entities: [{ type: "bot_command", offset: 0, length: 1 }],
      },
    },
    { message: { chat, from, message_id: 1, date: 1, text: "x".repeat(10_000) } },
    { message: { chat, from, message_id: 1, date: 1, text: "\ud800 alone" } },
    { callback_query: { id: "1", from } },
    { poll: { id: "1" } },
    {
      channel_post: {
        chat: { id: -1, type: "channel", title: "N" },
        message_id: 1,
        date: 1,
        text: "x",
      },
    },
    { inline_query: { id: "1", from, query: "x", offset: "" } },
    {
      my_chat_member: {
        chat,
        from,
        date: 1,
        old_chat_member: { status: "member" },
        new_chat_member: { status: "left" },
      },
    },
  ];
  const bot = createBot(s.t.app);
  for (const [i, body] of bodies.entries()) {
    if (body.callback_query) continue; // the stand-in refuses an answer to what was never pressed
    await bot({ update_id: 9_000_000 + i, ...body } as ChatUpdate);
  }
});

Deno.test("commands that there are not are answered by the nearest one", async () => {
  await using s = await botScene();
  const cases: [string, RegExp][] = [
    ["/not", /Did you mean \/note\?/],
    ["/ntoes", /Did you mean \/note/],
    ["/reminder", /Did you mean \/reminders\?/],
    ["/hlep", /Did you mean \/help\?/],
    ["/broadcast Hello", /^I do not know “\/broadcast”\. \/help/],
    ["/xyzzy", /^I do not know “\/xyzzy”\. \/help/],
    ["/Help", /Did you mean \/help\?/],
    [`/${"a".repeat(60)}`, /^I do not know/],
  ];
  for (const [text, answer] of cases) assertMatch((await s.say(text)).text, answer);
  assertEquals((await listNotes(s.t.app, { ownerId: s.ada.id })).items, []);
  assertMatch((await s.say("/help")).text, /^Send me anything/);
});

Deno.test("the time zone is shown and changed, and a wrong one is refused", async () => {
  await using s = await botScene();
  assertMatch(
    (await s.say("/zone")).text,
    /^Your time zone is Europe\/Berlin, where it is 11:00\./,
  );
  assertMatch(
    (await s.say("/zone america/new york")).text,
    /^Your time zone is America\/New_York, where it is 05:00/,
  );
  assertMatch((await s.say("/zone Mars/Base")).text, /^Cannot use this time zone/);
  assertMatch((await s.say("/zone")).text, /New_York/);
});

Deno.test("while Telegram cannot be reached an update is not done and comes again", async () => {
  await using s = await botScene({ refusals: 1 });
  const update = s.api.say(ADA, "Milk");
  s.api.answerWith({ error: { code: 401, words: "Unauthorized" } });
  const error = await assertRejects(() => s.take(update), AppError);
  assertEquals(error.code, "unavailable");
  s.t.clock.advance(minutes(10));
  await s.take(update);
  assertMatch(s.last().text, /^📝 Saved: Milk/);
  assertEquals((await listNotes(s.t.app, { ownerId: s.ada.id })).items.length, 1);
});

Deno.test("a chat that floods is not waited for, and holds up nobody", async () => {
  await using s = await botScene({ refusals: 1 });
  s.api.hold(ADA, 60);
  const before = s.t.clock.now();
  await s.take(s.api.say(ADA, "Milk"));
  assert(s.t.clock.now() - before < 10_000);
  assertEquals((await listNotes(s.t.app, { ownerId: s.ada.id })).items.length, 1);
  assertEquals(s.api.early, 0);
});

Deno.test("an answer to a chat that is gone turns the chat off", async () => {
  await using s = await botScene({ refusals: 1 });
  const update = s.api.say(ADA, "Milk");
  s.api.block(ADA);
  await s.take(update);
  assertEquals((await accountOfChat(s.t.app, ADA))?.chat.state, "off");
});
