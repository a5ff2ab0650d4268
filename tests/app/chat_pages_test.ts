import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { accountOfChat } from "../../domain/chats/chat_links.ts";
import { turnOff } from "../../domain/chats/chats.ts";
import { DEFAULT_PREFERENCES, preferencesOf } from "../../domain/accounts/preferences.ts";
import { endSession } from "../../domain/accounts/session_end.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { BOB, type BotScene, botScene } from "../support/bot_scene.ts";
import { minutes } from "../support/clock.ts";
import type { Client } from "../support/http.ts";
import { fieldIn, pageOf, visitor } from "../support/site.ts";

/** Bob at his account page; his chat is there and not linked. */
async function scene(): Promise<{ s: BotScene; bob: Account; page: Client }> {
  const s = await botScene();
  const bob = await s.t.person("Bob");
  return { s, bob, page: await visitor(s.t, bob) };
}

/** What the Telegram card says, without its marks. */
async function card(page: Client): Promise<string> {
  const html = await pageOf(page, "/account");
  const section = html.match(/<section id="telegram".*?<\/section>/s)?.[0] ?? "";
  return section.replace(/<svg.*?<\/svg>/gs, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** The code of the deep link on the page. */
async function codeOn(page: Client): Promise<string> {
  const html = await pageOf(page, "/account");
  return html.match(/https:\/\/t\.me\/clock_work_test_bot\?start=([\w-]{43})"/)?.[1] ?? "";
}

async function linkOn(page: Client): Promise<string> {
  return fieldIn(await pageOf(page, "/account"), "link");
}

/** Sends a form, follows where it leads, and gives back what is said there. */
async function press(page: Client, path: string, form: Record<string, string> = {}) {
  const response = await page.postForm(path, form);
  await response.body?.cancel();
  if (response.status !== 303) return String(response.status);
  const html = await pageOf(page, response.headers.get("location")!.split("#")[0]!);
  return html.match(/class="flash \w+"><p>(.*?)<\/p>/)?.[1] ?? "";
}

Deno.test("a chat is linked from the page: code, Start, yes there, yes here", async () => {
  const { s, bob, page } = await scene();
  await using _ = s;
  assert((await card(page)).includes("Link Telegram"));
  await press(page, "/account/telegram");
  const code = await codeOn(page);
  assertEquals(await codeOn(page), code, "a page loaded again shows the same");
  const html = await pageOf(page, "/account");
  assert(
    /<svg class="qr" viewBox="0 0 45 45" role="img"/.test(html),
    "37 modules and a white edge",
  );
  const asked = await s.say(`/start ${code}`, BOB);
  assert(asked.text.startsWith("Link this chat to "), asked.text);
  assert((await card(page)).includes("Bob wants to be linked"), await card(page));
  await s.press("Link", asked);
  assertEquals(await accountOfChat(s.t.app, BOB), null);
  const said = await press(page, "/account/telegram/confirm", { link: await linkOn(page) });
  assertEquals(said, "Your chat is linked.");
  assertEquals((await accountOfChat(s.t.app, BOB))?.account.id, bob.id);
  assert(/Bob since .* Unlink/.test(await card(page)), await card(page));
  await s.t.drain();
  assert(s.last(BOB).text.startsWith("✅ Linked\n"), "the chat that waited hears of it");
});

Deno.test("the page may say yes first, and then waits for the chat", async () => {
  const { s, bob, page } = await scene();
  await using _ = s;
  await press(page, "/account/telegram");
  const asked = await s.say(`/start ${await codeOn(page)}`, BOB);
  const said = await press(page, "/account/telegram/confirm", { link: await linkOn(page) });
  assertEquals(said, "Now press Link in the chat, and it is done.");
  assert((await card(page)).includes("You said yes"));
  assert((await s.press("Link", asked)).text.startsWith("✅ Linked."));
  assertEquals((await accountOfChat(s.t.app, BOB))?.account.id, bob.id);
});

Deno.test("another session, another account and a page that is too old cannot say yes", async () => {
  const { s, bob, page } = await scene();
  await using _ = s;
  await press(page, "/account/telegram");
  const asked = await s.say(`/start ${await codeOn(page)}`, BOB);
  const link = await linkOn(page);
  await s.press("Link", asked);
  const other = await visitor(s.t, bob);
  assert((await card(other)).includes("begun this in another browser"));
  assertEquals(await linkOn(other), "");
  const over = "That link is over. Begin again if you still want it.";
  const ada = await visitor(s.t, s.ada);
  for (const one of [other, ada]) {
    assertEquals(await press(one, "/account/telegram/confirm", { link }), over);
  }
  for (const wrong of ["", "A".repeat(43), "x".repeat(1_000), "../../account"]) {
    assertEquals(await press(page, "/account/telegram/confirm", { link: wrong }), over);
  }
  assertEquals(await accountOfChat(s.t.app, BOB), null);
  s.t.clock.advance(minutes(10));
  assertEquals(await press(page, "/account/telegram/confirm", { link }), over);
  assert((await card(page)).includes("Link Telegram"), "and it can be begun again");
});

Deno.test("a code that is used, old, another's or none at all links nothing in the chat", async () => {
  const { s, page } = await scene();
  await using _ = s;
  const refused = async (code: string) => {
    const { text, buttons } = await s.say(`/start ${code}`, BOB);
    assertEquals(buttons.flat().filter(({ text }) => text === "Link"), [], text);
  };
  await press(page, "/account/telegram");
  const code = await codeOn(page);
  await refused(`${code}x`);
  await refused("A".repeat(43));
  await press(page, "/account/telegram");
  assertNotEquals(await codeOn(page), code);
  await refused(code);
  const fresh = await codeOn(page);
  s.t.clock.advance(minutes(10));
  await refused(fresh);
});

Deno.test("signed out, the code is worth nothing", async () => {
  const { s, page } = await scene();
  await using _ = s;
  await press(page, "/account/telegram");
  const code = await codeOn(page);
  const found = await findSession(s.t.app, page.cookies.get("cw_session_dev")!);
  await endSession(s.t.app, found!.session);
  const { buttons } = await s.say(`/start ${code}`, BOB);
  assertEquals(buttons.flat().filter(({ text }) => text === "Link"), []);
});

Deno.test("“Not me” ends it on both sides", async () => {
  const { s, page } = await scene();
  await using _ = s;
  await press(page, "/account/telegram");
  const asked = await s.say(`/start ${await codeOn(page)}`, BOB);
  await press(page, "/account/telegram/decline");
  assert(!(await s.press("Link", asked)).text.startsWith("✅"));
  assertEquals(await accountOfChat(s.t.app, BOB), null);
  assert((await card(page)).includes("Link Telegram"));
});

Deno.test("a linked chat is unlinked from the page, twice is once; a second needs that first", async () => {
  const { s, bob, page } = await scene();
  await using _ = s;
  await s.link(bob, BOB);
  assertEquals(await press(page, "/account/telegram"), "409");
  const off = { chatId: BOB, reason: "bot was blocked by the user" };
  await transact(s.t.app, (tx) => turnOff(s.t.app, tx, off));
  assert((await card(page)).includes("Nothing is sent there: bot was blocked by the user"));
  for (let i = 0; i < 2; i++) {
    const said = await press(page, "/account/telegram/unlink");
    assertEquals(said, "Your chat is no longer linked.");
  }
  assertEquals(await accountOfChat(s.t.app, BOB), null);
});

Deno.test("the name of a chat is shown as text, whatever is in it", async () => {
  const { s, page } = await scene();
  await using _ = s;
  s.api.chat(7, { name: `<img src=x onerror="alert(1)">` });
  await press(page, "/account/telegram");
  await s.say(`/start ${await codeOn(page)}`, 7);
  const html = await pageOf(page, "/account");
  assert(html.includes("&lt;img src=x"));
  assert(!html.includes("<img"));
});

Deno.test("a page is shown also while Telegram does not answer", async () => {
  const { t, ...s } = await botScene({ refusals: 1 });
  try {
    s.api.answerWith({ on: "getMe", status: 502 });
    const page = await visitor(t, await t.person("Bob"));
    await (await page.postForm("/account/telegram", {})).body?.cancel();
    assert((await card(page)).includes("Telegram does not answer just now"));
    assertEquals((await codeOn(page)).length, 43, "and the next page knows the bot again");
  } finally {
    await s[Symbol.asyncDispose]();
  }
});

Deno.test("who reads what where is kept as the boxes say", async () => {
  const { s, bob, page } = await scene();
  await using _ = s;
  assertEquals(await preferencesOf(s.t.app, bob.id), DEFAULT_PREFERENCES);
  const boxes = { reminders_mail: "on", broadcasts_telegram: "on" };
  assertEquals(await press(page, "/account/news", boxes), "Your notifications are saved.");
  const kept = {
    reminders: { mail: true, telegram: false },
    mailings: { mail: false, telegram: false },
    broadcasts: { mail: false, telegram: true },
  };
  assertEquals(await preferencesOf(s.t.app, bob.id), kept);
  const html = await pageOf(page, "/account");
  const checked = [...html.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)]
    .flatMap(([input]) => /\bchecked\b/.test(input) ? [input.match(/name="(\w+)"/)![1]] : []);
  assertEquals(checked, ["reminders_mail", "broadcasts_telegram"]);
  assertEquals(await press(page, "/account/news", { reminders_mail: "yes" }), "400");
  await press(page, "/account/news", { mailings_mail: "on", role: "admin" });
  assertEquals((await preferencesOf(s.t.app, bob.id)).mailings, { mail: false, telegram: false });
});

Deno.test("without Telegram nothing of it is shown, and its boxes stay as they were", async () => {
  await using t = await testApp();
  const person = await t.person("Bob");
  const page = await visitor(t, person);
  const html = await pageOf(page, "/account");
  assert(!html.includes('id="telegram"') && html.includes("Telegram is not set up here."));
  assertEquals(await press(page, "/account/telegram"), "404");
  await press(page, "/account/news", {});
  assertEquals(await preferencesOf(t.app, person.id), {
    reminders: { mail: false, telegram: true },
    mailings: { mail: false, telegram: true },
    broadcasts: { mail: false, telegram: true },
  });
});

Deno.test("strangers are sent to sign in, and other sites can do none of it", async () => {
  const { s, page } = await scene();
  await using _ = s;
  const stranger = await visitor(s.t);
  const acts = ["telegram", "telegram/confirm", "telegram/decline", "telegram/unlink", "news"];
  for (const act of acts) {
    const response = await stranger.postForm(`/account/${act}`, {});
    assertEquals([response.status, response.headers.get("location")], [303, "/sign-in"], act);
    const foreign = { headers: { "sec-fetch-site": "cross-site" } };
    assertEquals((await page.postForm(`/account/${act}`, {}, foreign)).status, 403, act);
  }
});
