import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { countInDay, DAY_MS, dayOf, EVERYBODY, NEWCOMERS } from "../../domain/mail/mail_days.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { quotaOf, reserve } from "../../domain/mail/quotas.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { askForLink } from "../../domain/accounts/account_links.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { getWork } from "../../domain/work.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, JobRecord, Note } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { visitor } from "../support/site.ts";

const env = { MAIL_FROM: "clock@example.org", RECIPIENT_DOMAINS: "example.net" };

async function world(more: Record<string, string> = {}, age = days(2)) {
  const mailer = new TestMailer();
  const t = await testApp({ env: { ...env, ...more }, mailer });
  const ada = await t.person("Ada", { createdAt: t.clock.now() - age });
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const mail = (to: string[], by = ada, noteId = note.id, key?: string) =>
    requestMailing(t.app, { noteId, ownerId: by.id, to, key });
  return { t, mailer, ada, note, mail };
}

let made = 0;
/** People of whom nobody was mailed before. */
const people = (n: number) => Array.from({ length: n }, () => `p${++made}@example.net`);
const left = async (t: TestApp, who: Account) => (await quotaOf(t.app, who))?.left;

Deno.test("of 200 at once with one message left exactly one gets through", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  for (const n of [20, 20, 9]) await mail(people(n));
  const notes: Note[] = [];
  for (let i = 0; i < 200; i++) { // of different notes: nothing else makes them wait for one another
    notes.push(await createNote(t.app, { ownerId: ada.id, title: `T${i}`, text: `x${i}` }));
  }
  const asked = await Promise.allSettled(
    people(200).map((to, i) => mail([to], ada, notes[i]!.id)),
  );
  assertEquals(asked.filter(({ status }) => status === "fulfilled").length, 1);
  for (const one of asked) {
    if (one.status === "rejected") assertEquals((one.reason as AppError).code, "rate_limited");
  }
  assertEquals(await left(t, ada), 0);
  await t.drain();
  assertEquals(mailer.accepted.length, 50);
});

Deno.test("of 200 at once at the doors, by page and by API, exactly one gets the last message", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  for (const n of [20, 20, 9]) await mail(people(n));
  const client = await visitor(t, ada);
  const notes: Note[] = [];
  for (let i = 0; i < 200; i++) {
    notes.push(await createNote(t.app, { ownerId: ada.id, title: `T${i}`, text: `x${i}` }));
  }
  const answers = await Promise.all(
    people(200).map((to, i) => {
      const { id } = notes[i]!;
      return i % 2 === 0
        ? client.post(`/api/notes/${id}/mailings`, { to: [to] })
        : client.postForm(`/notes/${id}/mail`, { to, step: "send" });
    }),
  );
  const statuses = answers.map(({ status }) => status);
  assertEquals(statuses.filter((status) => status === 202 || status === 303).length, 1);
  // The page shows its form again, and says why.
  const refused = statuses.filter((status) => status === 429 || status === 400);
  assertEquals(refused.length, 199, statuses.join());
  await t.drain();
  assertEquals(mailer.accepted.length, 50);
});

Deno.test("of 200 that reserve the last message at once, and do nothing else, exactly one has it", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const take = (count: number) =>
    transact(t.app, (tx) => reserve(t.app, tx, { accountId: ada.id, perDay: 50, count }));
  await take(49);
  const taken = await Promise.allSettled(Array.from({ length: 200 }, () => take(1)));
  assertEquals(taken.filter(({ status }) => status === "fulfilled").length, 1);
  assertEquals(await left(t, ada), 0);
});

Deno.test("a thousand requests with the same key are one mailing and take its messages once", async () => {
  const { t, mailer, ada, mail, note } = await world();
  await using _ = t;
  const to = people(3);
  const ids = await Promise.all(
    Array.from({ length: 1_000 }, () => mail(to, ada, note.id, "same")),
  );
  assertEquals(new Set(ids).size, 1);
  const jobs = await Array.fromAsync(t.kv.list<JobRecord>({ prefix: ["job"] }));
  assertEquals(jobs.filter(({ value }) => value.kind === "email_note").length, 1);
  assertEquals(await left(t, ada), 47);
  await t.drain();
  assertEquals(mailer.recipients(), to);
});

Deno.test("who asks by the API fifty times at once with one key has one mailing, at the last message of the day too", async () => {
  const { t, mailer, ada, mail, note } = await world();
  await using _ = t;
  for (const n of [20, 20, 9]) await mail(people(n));
  const browser = await visitor(t, ada);
  const to = people(1);
  const answers = await Promise.all(Array.from({ length: 50 }, async () => {
    const headers = { "idempotency-key": "same" };
    const answer = await browser.post(`/api/notes/${note.id}/mailings`, { to }, { headers });
    return [answer.status, (await answer.json()).jobId];
  }));
  assertEquals(new Set(answers.map(String)).size, 1);
  assertEquals([answers[0]![0], await left(t, ada)], [202, 0]);
  await t.drain();
  assertEquals(mailer.recipients().filter((one) => one === to[0]).length, 1);
});

Deno.test("what is left today and when there is more is told, and at midnight UTC it is all there", async () => {
  const { t, ada, mail } = await world();
  await using _ = t;
  await mail(people(20));
  const quota = await quotaOf(t.app, ada);
  assertEquals(quota, {
    perDay: 50,
    left: 30,
    renewsAt: Date.parse("2026-11-24T00:00:00Z"),
    recipients: 20,
  });
  await mail(people(20));
  await assertRejects(
    () => mail(people(11)),
    AppError,
    "Cannot mail to 11: only 10 of today’s 50 messages are left",
  );
  t.clock.advance(hours(14));
  assertEquals(await left(t, ada), 50);
});

Deno.test("twenty people at once at first, a hundred after fourteen clean days", async () => {
  const { t, mail } = await world();
  await using _ = t;
  await assertRejects(() => mail(people(21)), AppError, "at most 20 for now");
  t.clock.advance(days(13));
  await mail(people(100));
  await assertRejects(() => mail(people(101)), AppError, "at most 100 for now");
});

const unclean = { bounced: { sent: 40, bounced: 1 }, complained: { sent: 900, complained: 1 } };
for (const [what, counts] of Object.entries(unclean)) {
  Deno.test(`one whose mail was ${what} stays with what there is at first`, async () => {
    const { t, ada } = await world({}, days(100));
    await using _ = t;
    assertEquals((await quotaOf(t.app, ada))?.perDay, 200);
    await transact(t.app, (tx) => countInDay(t.app, tx, ada.id, counts));
    assertEquals((await quotaOf(t.app, ada))?.perDay, 50);
    t.clock.advance(days(14));
    assertEquals((await quotaOf(t.app, ada))?.perDay, 200, "forgotten after fourteen days");
  });
}

Deno.test("what an admin allows goes before the usual", async () => {
  const { t, ada, mail } = await world();
  await using _ = t;
  await transact(t.app, (tx) => tx.set(keys.sender(ada.id), { paused: null, perDay: 2 }));
  await assertRejects(() => mail(people(3)), AppError, "only 2 of today’s 2");
});

Deno.test("a reminder by mail beyond the day's messages comes when there are new ones", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  for (const n of [20, 20, 10]) await mail(people(n));
  await createReminder(t.app, {
    ownerId: ada.id,
    title: "Tea",
    schedule: scheduleAtInstant("UTC", t.clock.now() + minutes(5)),
    channels: { page: true, telegram: false, mail: [ada.email] },
  });
  t.clock.advance(minutes(5));
  await t.drain();
  assertEquals(mailer.accepted.length, 50);
  t.clock.advance(hours(14));
  await t.drain();
  assertEquals(mailer.recipients().at(-1), ada.email);
  assertEquals((await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now()))))?.reserved, 1);
});

Deno.test("one address gets three an hour and ten a day of one member, and the rest later", async () => {
  const { t, mailer, mail } = await world();
  await using _ = t;
  const [to] = people(1);
  for (let i = 0; i < 12; i++) await mail([to!]);
  const had = [];
  for (let hour = 0; hour < 30; hour++) {
    await t.drain();
    had.push(mailer.accepted.length);
    t.clock.advance(hours(1));
  }
  assertEquals([had[0], had[1], had[2], had[3], had[20]], [3, 6, 9, 10, 10]);
  assertEquals(had.at(-1), 12);
});

Deno.test("after fourteen clean days one address gets six an hour and twenty a day of one member", async () => {
  const { t, mailer, mail } = await world({}, days(15));
  await using _ = t;
  const [to] = people(1);
  for (let i = 0; i < 24; i++) await mail([to!]);
  const had = [];
  for (let hour = 0; hour < 26; hour++) {
    await t.drain();
    had.push(mailer.accepted.length);
    t.clock.advance(hours(1));
  }
  assertEquals([had[0], had[1], had[2], had[3], had[20]], [6, 12, 18, 20, 20]);
  assertEquals(had.at(-1), 24);
});

Deno.test("nobody new is asked for a note that the day has no room for, nor of many at once", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  for (const n of [20, 20, 8]) await mail(people(n));
  await t.drain();
  const before = mailer.accepted.length;
  const strangers = (n: number) => Array.from({ length: n }, (_, i) => `s${i}@stranger.example`);
  const asked = await Promise.allSettled(Array.from({ length: 20 }, () => mail(strangers(3))));
  assertEquals(asked.map(({ status }) => status), Array(20).fill("rejected"));
  await t.drain();
  assertEquals(mailer.accepted.length, before);
  const day = await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now())));
  assertEquals([day?.invited, day?.limited], [0, true]);
  await mail(strangers(2));
  await t.drain();
  assertEquals(mailer.recipients().slice(before).sort(), strangers(2), "two were left");
});

Deno.test("one address gets twenty a day of everybody", async () => {
  const { t, mailer } = await world();
  await using _ = t;
  const [to] = people(1);
  for (let i = 0; i < 10; i++) {
    const one = await t.person(`Member${i}`, { createdAt: 0 });
    const note = await createNote(t.app, { ownerId: one.id, title: "T", text: "x" });
    for (let n = 0; n < 3; n++) {
      await requestMailing(t.app, { noteId: note.id, ownerId: one.id, to: [to!] });
    }
  }
  await t.drain();
  assertEquals(mailer.accepted.length, 20);
  t.clock.advance(days(1) + 1);
  await t.drain();
  assertEquals(mailer.accepted.length, 30);
});

Deno.test("of the service's day a tenth is kept for letters about accounts, and none for claims", async () => {
  const { t, mailer, ada, mail } = await world({ MAIL_PER_DAY: "20" });
  await using _ = t;
  await mail(people(20));
  await t.drain();
  assertEquals(mailer.accepted.length, 18);
  await addOwnAddress(t.app, { accountId: ada.id, text: "further@example.org" });
  await t.drain();
  assertEquals(mailer.accepted.length, 18, "strangers could use it up");
  await askForLink(t.app, { letter: "sign_in", email: ada.email, address: "192.0.2.1" });
  await t.drain();
  assertEquals(mailer.recipients().at(-1), ada.email);
  t.clock.advance(DAY_MS);
  await t.drain();
  assertEquals(mailer.accepted.length, 21, "the others leave the next day");
});

Deno.test("new members send a fifth of the service's day together", async () => {
  const { t, mailer, mail } = await world({ MAIL_PER_DAY: "50" }, hours(1));
  await using _ = t;
  await mail(people(20));
  await t.drain();
  assertEquals(mailer.accepted.length, 10);
  t.clock.advance(DAY_MS);
  await t.drain();
  assertEquals(mailer.accepted.length, 20);
});

Deno.test("what waits for the next day takes nothing from what new members send together", async () => {
  const { t, mailer, ada } = await world({ MAIL_PER_DAY: "1000" }, hours(1));
  await using _ = t;
  for (let i = 0; i < 90; i++) {
    await createReminder(t.app, {
      ownerId: ada.id,
      title: `No. ${i}`,
      schedule: scheduleAtInstant("Europe/Berlin", t.clock.now() + minutes(5)),
      channels: { page: false, telegram: false, mail: [ada.email] },
    });
  }
  t.clock.advance(minutes(5));
  await t.drain();
  assertEquals(mailer.accepted.length, 50);
  const of = async (who: string) =>
    (await read(t.app, keys.mailDay(who, dayOf(t.clock.now()))))?.sent;
  assertEquals([await of(ada.id), await of(NEWCOMERS), await of(EVERYBODY)], [50, 50, 50]);
});

Deno.test("a message that was refused for now is counted once, however often it is tried", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  mailer.answer = (mail, call) =>
    call < 5 ? { is: "postponed", reason: "busy", retryAfterMs: 1_000 } : mailer.accept(mail);
  await mail(people(1));
  for (let i = 0; i < 6; i++) {
    await t.drain();
    t.clock.advance(1_000);
  }
  assertEquals(mailer.accepted.length, 1);
  const day = await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now())));
  assertEquals([day?.reserved, day?.sent], [1, 1]);
});

Deno.test("where nothing leaves, or the operator vouches for the members, there is no quota", async () => {
  await using outbox = await testApp();
  assertEquals(await quotaOf(outbox.app, await outbox.person("Ada")), null);
  const { t, ada } = await world({ RECIPIENT_CHECK: "off", SIGNUP: "closed" });
  await using _ = t;
  assertEquals(await quotaOf(t.app, ada), null);
});

Deno.test("what a day never has room for is given up after a week, and its owner reads why", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  const [to] = people(1);
  const jobId = await mail([to!]);
  await transact(t.app, (tx) => tx.set(keys.sender(ada.id), { paused: null, perDay: 0 }));
  t.clock.advance(days(1)); // the day for which it had a place is over
  for (let i = 0; i < 7; i++) {
    await t.drain();
    t.clock.advance(days(1));
  }
  await t.drain();
  assert(!mailer.recipients().includes(to!));
  const { deliveries: [one] } = await getWork(t.app, { id: jobId, ownerId: ada.id });
  assertEquals([one?.state, one?.reason], ["skipped", "today’s 0 messages are used up"]);
  assertEquals(one?.ledger.length, 3, "what is the same each day is said once");
});
