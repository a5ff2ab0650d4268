import { assert, assertEquals } from "@std/assert";
import { mailboxOf } from "../../domain/recipients/mailbox.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { createReminder, updateReminder } from "../../domain/reminders/reminders.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { type BotScene, botScene } from "../support/bot_scene.ts";
import { days } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import type { Client } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { daily } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";
import { zipOf } from "../support/zips.ts";

const AT_ONCE = 100;
const INVITED = "Ada would like to send you notes";

interface Knocking {
  s: BotScene;
  browser: Client;
  noteId: string;
}

/** Tries to have each of these mailed, all at once. */
type Door = (knocking: Knocking, to: readonly string[]) => Promise<unknown>;

const all = (to: readonly string[], knock: (to: string, i: number) => Promise<unknown>) =>
  Promise.allSettled(to.map(knock));

const doors: Record<string, Door> = {
  "the page": ({ browser, noteId }, to) =>
    all(to, (to) => browser.postForm(`/notes/${noteId}/mail`, { to, step: "send" })),
  "the API": ({ browser, noteId }, to) =>
    all(to, (to) => browser.post(`/api/notes/${noteId}/mailings`, { to })),
  "a new reminder": ({ browser }, to) =>
    all(
      to,
      (to) =>
        browser.post("/api/reminders", { when: "buy now in 2 hours", channels: { mail: [to] } }),
    ),
  "a changed reminder": async ({ s: { t: { app, clock }, ada } }, to) => {
    const draft = {
      title: "Buy",
      schedule: { zone: "UTC", start: "2026-12-24T09:00:00", startAt: 0, rule: daily },
      channels: { page: true, telegram: false, mail: [] as string[] },
    };
    draft.schedule.startAt = Date.UTC(2026, 11, 24, 9);
    assert(draft.schedule.startAt > clock.now());
    const made: Reminder[] = [];
    for (const _ of to) made.push(await createReminder(app, { ownerId: ada.id, ...draft }));
    await all(to, (to, i) =>
      updateReminder(app, {
        ...made[i]!,
        ...draft,
        channels: { ...draft.channels, mail: [to] },
      }));
  },
  "the list of recipients": ({ browser }, to) =>
    all(to, (to) => browser.postForm("/recipients", { to })),
  "the API of recipients": ({ browser }, to) =>
    all(to, (to) => browser.post("/api/recipients", { to })),
  "the chat": async ({ s }, to) => {
    const cards = [];
    for (const one of to) {
      await s.say("Buy now");
      await s.press("Mail it");
      cards.push(await s.say(one));
      s.t.clock.advance(2_000); // a person, but a quick one
    }
    const asks = cards.filter(({ text }) => text.startsWith("Mail"));
    await all(
      asks.map(({ text }) => text),
      (_, i) => s.take(s.api.press(asks[i]!.chatId, asks[i]!.id, "Mail")),
    );
  },
  "a file that is brought": async ({ browser }, to) => {
    const reminders = to.map((address, i) => ({
      id: `r${i}`,
      title: "Buy now",
      schedule: { zone: "UTC", start: "2026-12-24T09:00:00", startAt: "2026-12-24T09:00:00Z" },
      channels: { page: false, telegram: false, mail: [address] },
    }));
    const files = reminders.map((one) => zipOf({ "reminders/1.json": JSON.stringify([one]) }));
    await all(to, (_, i) => {
      const form = new FormData();
      form.set("file", new Blob([files[i]!]), "data.zip");
      return browser.send("/account/data/import", { method: "POST", raw: form });
    });
  },
};

/** A new member whose mail leaves. */
async function newcomer(env: Record<string, string> = {}) {
  const mailer = new TestMailer();
  const s = await botScene({ mailer, refusals: "any", env: { ...realMail, ...env } });
  const quiet = { ...DEFAULT_PREFERENCES, mailings: { mail: false, telegram: false } };
  await setPreferences(s.t.app, s.ada.id, quiet);
  const note = await createNote(s.t.app, { ownerId: s.ada.id, title: "Buy now", text: "Cheap!" });
  return { mailer, s, browser: await visitor(s.t, s.ada), noteId: note.id };
}

/** Nobody is asked out of a file: what it says of people is not theirs to say. */
const askedBy = (door: string, most: number) => door === "a file that is brought" ? 0 : most;

for (const [door, knock] of Object.entries(doors)) {
  Deno.test(`a hundred tries at once by ${door} to one stranger are one invitation, and nothing else`, async () => {
    const { mailer, ...knocking } = await newcomer();
    await using _ = knocking.s;
    const one = (i: number) => ["p@example.net", "p+sale@example.net", "P@EXAMPLE.NET"][i % 3]!;
    await knock(knocking, Array.from({ length: AT_ONCE }, (_, i) => one(i)));
    await knocking.s.t.drain();
    knocking.s.t.clock.advance(days(1));
    await knocking.s.t.drain();
    assertEquals(
      mailer.accepted.map(({ subject }) => subject),
      Array(askedBy(door, 1)).fill(INVITED),
    );
  });

  Deno.test(`a hundred tries at once by ${door} to a hundred strangers ask twenty of them at most`, async () => {
    const { mailer, ...knocking } = await newcomer();
    await using _ = knocking.s;
    await knock(knocking, Array.from({ length: AT_ONCE }, (_, i) => `p${i}@example.net`));
    await knocking.s.t.drain();
    assertEquals(
      [...new Set(mailer.accepted.map(({ subject }) => subject))].join(),
      askedBy(door, 1) ? INVITED : "",
    );
    assertEquals(mailer.accepted.length, askedBy(door, 20));
  });

  Deno.test(`seen to fail: by ${door} strangers are reached where nobody need agree`, async () => {
    const { mailer, ...knocking } = await newcomer({ RECIPIENT_CHECK: "off", SIGNUP: "closed" });
    await using _ = knocking.s;
    await knock(knocking, ["p1@example.net", "p2@example.net", "p3@example.net"]);
    await knocking.s.t.drain();
    knocking.s.t.clock.advance(days(40));
    await knocking.s.t.drain();
    const asked = door.endsWith("recipients"); // there nothing is sent but the question
    assertEquals(mailer.accepted.length >= 3, !asked);
  });
}

Deno.test("seen to fail: who is not remembered as asked is asked again", async () => {
  const { mailer, s, browser } = await newcomer();
  await using _ = s;
  for (let i = 0; i < 2; i++) {
    await browser.post("/api/recipients", { to: "p@example.net" });
    await s.t.drain();
    for (const range of [ranges.consentsOf(s.ada.id), ranges.invitedBy(s.ada.id)]) {
      for await (const { key } of s.t.app.store.list(range)) await s.t.kv.delete(key);
    }
  }
  assertEquals(mailer.accepted.map(({ to }) => mailboxOf(to.address)), [
    "p@example.net",
    "p@example.net",
  ]);
});

Deno.test("a file with a thousand reminders to strangers asks nobody and is read to its end", async () => {
  const { mailer, s, browser } = await newcomer();
  await using _ = s;
  const reminders = Array.from({ length: 1_000 }, (_, i) => ({
    id: `r${i}`,
    title: `Buy ${i}`,
    schedule: { zone: "UTC", start: "2026-12-24T09:00:00", startAt: "2026-12-24T09:00:00Z" },
    channels: { page: false, telegram: false, mail: [`p${i}@example.net`, "ada@example.org"] },
  }));
  const form = new FormData();
  form.set("file", new Blob([zipOf({ "reminders/1.json": JSON.stringify(reminders) })]), "d.zip");
  const { status } = await browser.send("/account/data/import", { method: "POST", raw: form });
  assertEquals(status, 303);
  await s.t.drain();
  const report = await read(s.t.app, keys.importReport(s.ada.id));
  assertEquals(
    [report?.reminders, report?.addresses, report?.leftOut],
    [100, 100, 900],
    "as many as one may have; each without the stranger",
  );
  assertEquals(await list(s.t.app, ranges.consentsOf(s.ada.id)), []);
  assertEquals(mailer.accepted, [], "nobody was asked");
});
