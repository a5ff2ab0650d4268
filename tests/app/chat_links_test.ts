import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { AppError, type ErrorCode } from "../../core/errors.ts";
import {
  accountOfChat,
  type ChatFace,
  confirmInChat,
  confirmOnPage,
  declineLink,
  heardFrom,
  LINK_MS,
  linkOf,
  showCode,
  startLink,
  unlink,
} from "../../domain/chats/chat_links.ts";
import { turnOff } from "../../domain/chats/chats.ts";
import { pruneSome } from "../../domain/prune.ts";
import { endSession, signOutEverywhere } from "../../domain/accounts/session_end.ts";
import { isRenewalDue, renewSession } from "../../domain/accounts/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { signedIn } from "../support/sessions.ts";

const phone: ChatFace = { chatId: 501, name: "Ana", username: "ana" };
const stranger: ChatFace = { chatId: 666, name: "Mallory", username: null };

/** An account that is signed in and has asked for a code. */
async function asking(t: TestApp) {
  const { account, session, start, value } = await signedIn(t);
  const who = { accountId: account.id, sessionId: session.id };
  return { account, start, value, who, ...await startLink(t.app, who) };
}

async function linked(t: TestApp, chat = phone) {
  const asked = await asking(t);
  const { linkId } = await showCode(t.app, { code: asked.code, chat });
  await confirmInChat(t.app, { chatId: chat.chatId, linkId });
  await confirmOnPage(t.app, { ...asked.who, linkId });
  return { ...asked, linkId };
}

async function codeOf(attempt: () => Promise<unknown>): Promise<ErrorCode> {
  return (await assertRejects(attempt, AppError)).code;
}

async function events(t: TestApp, { id }: Account, type: string): Promise<number> {
  const all = await list(t.app, ranges.eventsAfter(`account:${id}`, 0));
  return all.filter((event) => event.type === type).length;
}

async function inbox(t: TestApp, { id }: Account): Promise<string[]> {
  return (await list(t.app, ranges.notificationsOf(id))).map(({ title }) => title);
}

for (const first of ["page", "chat"] as const) {
  Deno.test(`a chat is linked by the second yes, the ${first} being first`, async () => {
    await using t = await testApp();
    const { account, who, code } = await asking(t);
    assertEquals(code.length, 43, "256 bits, as a deep link may carry");
    const shown = await showCode(t.app, { code, chat: phone });
    const { linkId } = shown;
    assertEquals(shown, { accountId: account.id, email: account.email, linkId, moves: false });
    const inChat = () => confirmInChat(t.app, { chatId: phone.chatId, linkId });
    const onPage = () => confirmOnPage(t.app, { ...who, linkId });
    if (first === "page") assertEquals(await onPage(), "waiting_for_chat");
    else assertEquals(await inChat(), "waiting_for_page");
    assertEquals(await accountOfChat(t.app, phone.chatId), null);
    assertEquals(await (first === "page" ? inChat() : onPage()), "linked");
    assertEquals((await accountOfChat(t.app, phone.chatId))?.account.id, account.id);
    const since = t.clock.now();
    assertEquals(await linkOf(t.app, who), {
      is: "linked",
      name: "Ana",
      username: "ana",
      since,
      off: null,
    });
    assertEquals(await inbox(t, account), ["Telegram is linked"]);
    assertEquals(await events(t, account, "chat"), 4, "asked, shown, first yes, linked");
    assertEquals([await inChat(), await onPage()], ["linked", "linked"], "twice is once");
    assertEquals(await inbox(t, account), ["Telegram is linked"]);
  });
}

Deno.test("both sides saying yes at the same time link once", async () => {
  await using t = await testApp();
  const { account, who, code } = await asking(t);
  const { linkId } = await showCode(t.app, { code, chat: phone });
  await Promise.all([
    ...Array.from({ length: 5 }, () => confirmInChat(t.app, { chatId: phone.chatId, linkId })),
    ...Array.from({ length: 5 }, () => confirmOnPage(t.app, { ...who, linkId })),
  ]);
  assertEquals((await accountOfChat(t.app, phone.chatId))?.account.id, account.id);
  assertEquals(await inbox(t, account), ["Telegram is linked"]);
});

Deno.test("the store gives away no code, and the page that asked can show it again", async () => {
  await using t = await testApp();
  const { who, code, expiresAt } = await asking(t);
  const all = Deno.inspect(await Array.fromAsync(t.kv.list({ prefix: [] })), { depth: 10 });
  assert(!all.includes(code));
  assertEquals(await linkOf(t.app, who), { is: "asked", code, expiresAt });
});

Deno.test("a code works for ten minutes, and goes with the broom", async () => {
  await using t = await testApp();
  const { who, code } = await asking(t);
  t.clock.advance(LINK_MS - 1);
  const { linkId } = await showCode(t.app, { code, chat: phone });
  await confirmOnPage(t.app, { ...who, linkId });
  t.clock.advance(1);
  const attempts = [
    () => showCode(t.app, { code, chat: phone }),
    () => confirmInChat(t.app, { chatId: phone.chatId, linkId }),
    () => confirmOnPage(t.app, { ...who, linkId }),
  ];
  for (const attempt of attempts) assertEquals(await codeOf(attempt), "not_found");
  assertEquals(await linkOf(t.app, who), { is: "none" });
  await pruneSome(t.app);
  assertEquals(await list(t.app, ranges.chatLinks), []);
  assertEquals(await read(t.app, keys.chatLinkOf(who.accountId)), null);
});

Deno.test("a new code replaces the one before", async () => {
  await using t = await testApp();
  const { who, code } = await asking(t);
  const { code: fresh } = await startLink(t.app, who);
  assertNotEquals(fresh, code);
  assertEquals(await codeOf(() => showCode(t.app, { code, chat: phone })), "not_found");
  await showCode(t.app, { code: fresh, chat: phone });
});

Deno.test("a code belongs to the chat that shows it first, and is used up by the link", async () => {
  await using t = await testApp();
  const { account, code, who, linkId } = await linked(t);
  assertEquals(await codeOf(() => showCode(t.app, { code, chat: phone })), "not_found");
  await unlink(t.app, { accountId: account.id });
  for (const chat of [phone, stranger]) {
    assertEquals(await codeOf(() => showCode(t.app, { code, chat })), "not_found");
  }
  const again = () => confirmInChat(t.app, { chatId: phone.chatId, linkId });
  assertEquals(await codeOf(again), "not_found", "a button pressed again does not link again");
  const { code: second } = await startLink(t.app, who);
  await showCode(t.app, { code: second, chat: phone });
  assertEquals(await codeOf(() => showCode(t.app, { code: second, chat: stranger })), "not_found");
  await showCode(t.app, { code: second, chat: phone });
});

Deno.test("only the session that asked and the chat that has shown the code say yes", async () => {
  await using t = await testApp();
  const { account, who, code, start } = await asking(t);
  const { session: other } = await start("Other/1.0");
  const bob = await t.person("Bob");
  const { linkId } = await showCode(t.app, { code, chat: phone });
  const attempts = [
    () => confirmOnPage(t.app, { accountId: account.id, sessionId: other.id, linkId }),
    () => confirmOnPage(t.app, { accountId: bob.id, sessionId: who.sessionId, linkId }),
    () => confirmOnPage(t.app, { ...who, linkId: "A".repeat(43) }),
    () => confirmInChat(t.app, { chatId: stranger.chatId, linkId }),
    () => confirmInChat(t.app, { chatId: phone.chatId, linkId: "no id" }),
  ];
  for (const attempt of attempts) assertEquals(await codeOf(attempt), "not_found");
  assertEquals(await linkOf(t.app, { ...who, sessionId: other.id }), { is: "elsewhere" });
  assertEquals(await confirmInChat(t.app, { chatId: phone.chatId, linkId }), "waiting_for_page");
});

Deno.test("the yes to one code is none to another that the same chat has shown since", async () => {
  await using t = await testApp();
  const { account, who, code } = await asking(t);
  const mallory = await signedIn(t, { name: "Mallory", email: "mallory@example.org" });
  const hers = { accountId: mallory.account.id, sessionId: mallory.session.id };
  const first = await showCode(t.app, { code, chat: phone });
  const { code: foreign } = await startLink(t.app, hers);
  const second = await showCode(t.app, { code: foreign, chat: phone });
  await confirmOnPage(t.app, { ...hers, linkId: second.linkId });
  await confirmInChat(t.app, { chatId: phone.chatId, linkId: first.linkId });
  assertEquals(await accountOfChat(t.app, phone.chatId), null);
  await confirmOnPage(t.app, { ...who, linkId: first.linkId });
  assertEquals((await accountOfChat(t.app, phone.chatId))?.account.id, account.id);
});

Deno.test("the code ends with the session that asked, not with a change of its value", async () => {
  await using t = await testApp();
  const { session, value, account } = await signedIn(t);
  const who = { accountId: account.id, sessionId: session.id };
  t.clock.advance(days(1));
  const { code } = await startLink(t.app, who);
  assert(isRenewalDue(t.app, session));
  assert(await renewSession(t.app, value));
  const { linkId } = await showCode(t.app, { code, chat: phone });
  await endSession(t.app, session);
  const yes = () => confirmInChat(t.app, { chatId: phone.chatId, linkId });
  assertEquals(await codeOf(yes), "not_found");
  assertEquals(await codeOf(() => startLink(t.app, who)), "unauthorized");
});

Deno.test("the code ends with all sessions", async () => {
  await using t = await testApp();
  const { account, code } = await asking(t);
  await signOutEverywhere(t.app, account.id);
  assertEquals(await codeOf(() => showCode(t.app, { code, chat: phone })), "not_found");
});

Deno.test("either side says no, and the code is worth nothing", async () => {
  await using t = await testApp();
  const { account, who, code } = await asking(t);
  const { linkId } = await showCode(t.app, { code, chat: phone });
  await declineLink(t.app, { chatId: stranger.chatId, linkId });
  assertEquals((await linkOf(t.app, who)).is, "shown", "another chat has no say");
  await declineLink(t.app, { chatId: phone.chatId, linkId });
  assertEquals(await linkOf(t.app, who), { is: "none" });
  const again = await startLink(t.app, who);
  await showCode(t.app, { code: again.code, chat: phone });
  await declineLink(t.app, { accountId: account.id });
  await declineLink(t.app, { accountId: account.id });
  for (const one of [code, again.code]) {
    assertEquals(await codeOf(() => showCode(t.app, { code: one, chat: phone })), "not_found");
  }
});

Deno.test("a chat that shows five wrong codes waits; right ones do not count", async () => {
  await using t = await testApp();
  const { code } = await asking(t);
  for (let i = 0; i < 10; i++) await showCode(t.app, { code, chat: phone });
  for (const guess of ["", "A".repeat(43), `${code}A`, "€".repeat(43), "A".repeat(9_999)]) {
    assertEquals(await codeOf(() => showCode(t.app, { code: guess, chat: stranger })), "not_found");
  }
  const attempt = () => showCode(t.app, { code: "A".repeat(43), chat: stranger });
  assertEquals(await codeOf(attempt), "rate_limited");
  await showCode(t.app, { code, chat: phone }); // only that chat waits
  t.clock.advance(minutes(10));
  assertEquals(await codeOf(attempt), "not_found");
});

Deno.test("an account has one chat, and unlinks it before another", async () => {
  await using t = await testApp();
  const { who } = await linked(t);
  assertEquals(await codeOf(() => startLink(t.app, who)), "conflict");
  assertEquals(await unlink(t.app, { accountId: who.accountId }), true);
  assertEquals(await unlink(t.app, { accountId: who.accountId }), false);
  const { code } = await startLink(t.app, who);
  const { linkId } = await showCode(t.app, { code, chat: stranger });
  await confirmOnPage(t.app, { ...who, linkId });
  await confirmInChat(t.app, { chatId: stranger.chatId, linkId });
  assertEquals(await accountOfChat(t.app, phone.chatId), null);
});

Deno.test("a chat moves to another account only after both have said yes, and the first is told", async () => {
  await using t = await testApp();
  const { account: ada, who } = await linked(t);
  const bob = await signedIn(t, { name: "Bob", email: "bob@example.org" });
  const his = { accountId: bob.account.id, sessionId: bob.session.id };
  const { code } = await startLink(t.app, his);
  const { linkId, moves } = await showCode(t.app, { code, chat: phone });
  assert(moves);
  await confirmOnPage(t.app, { ...his, linkId });
  assertEquals((await accountOfChat(t.app, phone.chatId))?.account.id, ada.id);
  await confirmInChat(t.app, { chatId: phone.chatId, linkId });
  assertEquals((await accountOfChat(t.app, phone.chatId))?.account.id, bob.account.id);
  assertEquals(await linkOf(t.app, who), { is: "none" });
  await t.drain();
  assertEquals((await inbox(t, ada)).sort(), ["Telegram is linked", "Telegram is unlinked"]);
  await unlink(t.app, { accountId: ada.id });
  assert(await accountOfChat(t.app, phone.chatId), "it is no longer hers to unlink");
});

Deno.test("the chat unlinks itself, and its owner reads so", async () => {
  await using t = await testApp();
  const { account, who } = await linked(t);
  assertEquals(await unlink(t.app, { chatId: stranger.chatId }), false);
  assertEquals(await unlink(t.app, { chatId: phone.chatId }), true);
  assertEquals(await linkOf(t.app, who), { is: "none" });
  assert((await inbox(t, account)).includes("Telegram is unlinked"));
});

Deno.test("a chat that is off is on again when its owner writes", async () => {
  await using t = await testApp();
  const { who } = await linked(t);
  const off = { chatId: phone.chatId, reason: "bot was blocked by the user" };
  await transact(t.app, (tx) => turnOff(t.app, tx, off));
  const view = await linkOf(t.app, who);
  assertEquals(view.is === "linked" && view.off, off.reason);
  assertEquals((await accountOfChat(t.app, phone.chatId))?.chat.state, "off");
  t.clock.advance(hours(1));
  assertEquals((await heardFrom(t.app, phone.chatId))?.chat.state, "on");
  assertEquals(await heardFrom(t.app, stranger.chatId), null);
});

Deno.test("what somebody calls themselves in Telegram is kept as one short line", async () => {
  await using t = await testApp();
  const { who, code } = await asking(t);
  const chat = { chatId: 7, name: `A\n\u202e${"n".repeat(500)}`, username: "<b>" };
  await showCode(t.app, { code, chat });
  const view = await linkOf(t.app, who);
  assert(view.is === "shown");
  assertEquals([view.name, view.username], [`A${"n".repeat(63)}`, null]);
});

Deno.test("links made and ended are audited, once each, by account and not by chat", async () => {
  await using t = await testApp();
  const { account: ada, who, linkId } = await linked(t);
  await confirmOnPage(t.app, { ...who, linkId }); // twice is once
  const bob = await signedIn(t, { name: "Bob", email: "bob@example.org" });
  const his = { accountId: bob.account.id, sessionId: bob.session.id };
  const shown = await showCode(t.app, { ...await startLink(t.app, his), chat: phone });
  await confirmOnPage(t.app, { ...his, linkId: shown.linkId });
  await confirmInChat(t.app, { chatId: phone.chatId, linkId: shown.linkId });
  await t.drain();
  await unlink(t.app, { chatId: phone.chatId });
  const lines = await list(t.app, ranges.audit);
  assertEquals(lines.map(({ act, about, facts }) => [act, about, facts]), [
    ["chat_linked", ada.id, { moved: false }],
    ["chat_linked", bob.account.id, { moved: true }],
    ["chat_unlinked", ada.id, { where: "elsewhere" }],
    ["chat_unlinked", bob.account.id, { where: "chat" }],
  ]);
});

Deno.test("the owner hears by mail too that a chat was linked", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ mailer, env: { MAIL_FROM: "clock@example.org" } });
  const { account } = await linked(t);
  await t.drain();
  assertEquals(mailer.accepted.map(({ to, subject }) => [to.address, subject]), [
    [account.email, "Telegram is linked to your account"],
  ]);
});
