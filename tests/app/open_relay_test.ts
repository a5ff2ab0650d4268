import { assert, assertEquals } from "@std/assert";
import { createNote } from "../../domain/notes/notes.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { mailboxOf } from "../../domain/recipients/mailbox.ts";
import { type BotScene, botScene } from "../support/bot_scene.ts";
import { browsersOf, claimAtOnce, claims, crowd } from "../support/claims.ts";
import { days, hours, seconds } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import type { Client } from "../support/http.ts";
import { mailingApp } from "../support/letters.ts";
import { TestMailer } from "../support/mailer.ts";
import { visitor } from "../support/site.ts";
import { zipOf } from "../support/zips.ts";

const PEOPLE = 30;

/** Thirty people, each written in many ways: with tags, capitals and both. */
function spelled(i: number): string {
  const person = `p${i % PEOPLE}`;
  const way = Math.floor(i / PEOPLE);
  const tag = way === 0 ? "" : `+t${way}`;
  const address = `${person}${tag}@example.net`;
  return way % 2 === 0 ? address : address.toUpperCase();
}

/** A file with a reminder to somebody, as a form brings it. */
function fileTo(address: string): FormData {
  const reminder = {
    id: address,
    title: "Buy now",
    schedule: { zone: "UTC", start: "2026-11-24T09:00:00", startAt: "2026-11-24T09:00:00Z" },
    channels: { page: false, telegram: false, mail: [address] },
  };
  const form = new FormData();
  const zip = zipOf({ "reminders/1.json": JSON.stringify([reminder]) });
  form.set("file", new Blob([zip]), "data.zip");
  return form;
}

/** A new account that tries to mail strangers at every door, a hundred at once. */
async function abuse(
  s: BotScene,
  browser: Client,
  { from, count }: { from: number; count: number },
) {
  const { app, clock } = s.t;
  const note = await createNote(app, { ownerId: s.ada.id, title: "Buy now", text: "Cheap!" });
  const doors: ((to: string) => Promise<Response>)[] = [
    (to) => browser.postForm(`/notes/${note.id}/mail`, { to, step: "send" }),
    (to) => browser.post(`/api/notes/${note.id}/mailings`, { to }),
    (to) =>
      browser.post("/api/reminders", { when: "buy now in 2 hours", channels: { mail: [to] } }),
    (to) => browser.postForm("/recipients", { to }),
    (to) => browser.post("/api/recipients", { to }),
    (to) => browser.send("/account/data/import", { method: "POST", raw: fileTo(to) }),
  ];
  for (let i = from; i < from + count; i += 100) {
    const many = Array.from({ length: Math.min(100, from + count - i) }, (_, k) => i + k);
    const answers = await Promise.all(many.map((n) => doors[n % doors.length]!(spelled(n))));
    for (const answer of answers) {
      assert([200, 201, 202, 303, 400, 409, 429].includes(answer.status), `${answer.status}`);
      await answer.body?.cancel();
    }
    clock.advance(seconds(25)); // as fast as requests are let in
    await s.t.drain();
  }
}

/** The same in a chat. */
async function abuseInChat(s: BotScene, { from, count }: { from: number; count: number }) {
  await s.say("Buy now");
  const note = s.last();
  for (let i = from; i < from + count; i++) {
    await s.press("Mail it", note);
    const asked = await s.say(spelled(i));
    if (asked.text.startsWith("Mail")) await s.press("Mail", asked);
    s.t.clock.advance(seconds(2));
  }
  await s.t.drain();
}

async function newcomer(env: Record<string, string> = {}) {
  const mailer = new TestMailer();
  const s = await botScene({
    mailer,
    env: { ...realMail, ...env },
  });
  const quiet = { ...DEFAULT_PREFERENCES, mailings: { mail: false, telegram: false } };
  await setPreferences(s.t.app, s.ada.id, quiet); // Telegram would find so much news too much
  return { s, mailer, browser: await visitor(s.t, s.ada) };
}

Deno.test("a thousand mails to strangers at every door: an invitation a pair leaves, twenty a day, nothing else", async () => {
  const { s, mailer, browser } = await newcomer();
  await using _ = s;
  for (let day = 1; day <= 2; day++) {
    await abuse(s, browser, { from: 0, count: 900 });
    await abuseInChat(s, { from: 900, count: 100 });
    s.t.clock.advance(days(1));
    await s.t.drain();
    const letters = mailer.accepted;
    assert(
      letters.every(({ subject }) => subject === "Ada would like to send you notes"),
      "nothing else",
    );
    const pairs = letters.map(({ to }) => mailboxOf(to.address));
    assertEquals(new Set(pairs).size, pairs.length, "one invitation a pair");
    assertEquals(pairs.length, Math.min(PEOPLE, day * 20), `day ${day}`);
  }
  s.t.clock.advance(days(10));
  await s.t.drain();
  assertEquals(mailer.accepted.length, PEOPLE, "and what waited was given up");
});

Deno.test("seen to fail: with the check off the same tries reach strangers", async () => {
  const { s, mailer, browser } = await newcomer({ RECIPIENT_CHECK: "off", SIGNUP: "closed" });
  await using _ = s;
  await abuse(s, browser, { from: 0, count: 50 });
  assert(mailer.accepted.some(({ subject }) => subject === "Buy now"));
});

Deno.test("many accounts ask one person at most three times a day, under all their spellings", async () => {
  const { s, mailer } = await newcomer();
  await using _ = s;
  for (let i = 0; i < 10; i++) {
    const member = await s.t.person(`M${i}`);
    const browser = await visitor(s.t, member);
    const to = i % 2 === 0 ? `b.ob+${i}@gmail.com` : "BOB@googlemail.com";
    const { status } = await browser.post("/api/recipients", { to });
    assertEquals(status, i < 3 ? 200 : 429, `account ${i}`);
  }
  await s.t.drain();
  assertEquals(mailer.accepted.length, 3);
});

Deno.test("what cannot be asked is refused whole: nobody of a list is asked when it is too long", async () => {
  const { s, mailer, browser } = await newcomer();
  await using _ = s;
  const to = Array.from({ length: 21 }, (_, i) => `x${i}@example.net`);
  assertEquals((await browser.post("/api/recipients", { to })).status, 429);
  assertEquals((await browser.post("/api/recipients", { to: to.slice(0, 20) })).status, 200);
  await s.t.drain();
  assertEquals(mailer.accepted.length, 20);
});

/** A thousand claims a day, a hundred at once, by a hundred members on as many networks. */
async function claimForDays(count: number, spell: (i: number) => string) {
  const { t, mailer } = await mailingApp({ env: realMail });
  await using _ = t;
  const members = await crowd(t, 100);
  const doors = Object.values(claims);
  const left: { at: number; subject: string }[] = [];
  for (let round = 0; round < count * 10; round++) {
    const who = await browsersOf(t, members); // a proof of who one is lasts ten minutes
    const tries = who.map((_, i) => ({
      claim: doors[(i + round) % doors.length]!,
      to: spell(round * 100 + i),
    }));
    for (const status of await claimAtOnce(who, tries)) {
      assert([200, 202, 303, 409, 429].includes(status), `${status}`);
    }
    await t.drain();
    const letters = mailer.accepted.splice(0).filter(({ to }) => to.address.endsWith("@gmail.com"));
    left.push(...letters.map(({ subject }) => ({ at: t.clock.now(), subject })));
    t.clock.advance(hours(2.4));
  }
  return left;
}

Deno.test("a thousand claims a day of one mailbox, by every door and spelling, are ten letters in any 24 hours", async () => {
  const left = await claimForDays(2, (i) => `vic${i % 2 ? "." : ""}tim+${i}@gmail.com`);
  const inDay = left.map(({ at: from }) =>
    left.filter(({ at }) => at >= from && at < from + days(1)).length
  );
  assertEquals(Math.max(...inDay), 10);
  assertEquals(new Set(left.map(({ subject }) => subject)).size, 3, "of every sort");
  assert(left.at(-1)!.at - left[0]!.at > days(1), "and never none: nobody is shut out");
});

Deno.test("seen to fail: the same claims of as many mailboxes reach hundreds", async () => {
  const left = await claimForDays(1, (i) => `victim${i}@gmail.com`);
  assert(left.length > 300, `${left.length}`);
});
