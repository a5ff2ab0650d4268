import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { requestMailing, retryMailing } from "../../domain/mail/mailings.ts";
import { createNote, updateNote } from "../../domain/notes/notes.ts";
import { listNotifications, unreadCount } from "../../domain/notifications.ts";
import { cancelWork, getWork } from "../../domain/work.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };

async function mailed(t: TestApp, to: string[], text = "Release on *Thursday*.") {
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "Standup", text });
  const jobId = await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
  const work = () => getWork(t.app, { id: jobId, ownerId: ada.id });
  return { ada, note, jobId, work };
}

const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}@example.org`);

Deno.test("a note goes to each recipient as a message of their own, and its owner hears of it once", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { ada, work } = await mailed(t, people(3));
  assertEquals((await work()).progress, { done: 0, total: 3, failed: 0, label: "" });

  await t.drain();
  assertEquals(mailer.recipients(), people(3));
  const done = await work();
  assertEquals([done.state, done.progress.done, done.progress.failed], ["completed", 3, 0]);
  assert(done.deliveries.every(({ state }) => state === "sent"));
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.map(({ text }) => text), ["Mailed to 3 people"]);
  assertEquals(await unreadCount(t.app, ada.id), 1);
});

Deno.test("nobody but the owner hears of a finished mailing", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const bob = await t.person("Bob");
  const { jobId } = await mailed(t, people(1));
  await t.drain();
  assertEquals((await listNotifications(t.app, { accountId: bob.id })).items, []);
  await assertRejects(
    () => getWork(t.app, { id: jobId, ownerId: bob.id }),
    AppError,
    "Cannot find",
  );
});

Deno.test("what is mailed is the note as it was when that was asked for", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { ada, note } = await mailed(t, people(1), "first words");
  await updateNote(t.app, {
    id: note.id,
    ownerId: ada.id,
    version: 1,
    title: "New",
    text: "second",
  });
  await t.drain();
  assertStringIncludes(mailer.accepted[0]!.text, "first words");
  assertEquals(mailer.accepted[0]!.subject, "Standup");
});

Deno.test("a batch mailer gets as many messages to a call as it takes", async () => {
  const mailer = new TestMailer({ name: "mailjet", batch: 50, lookup: true });
  await using t = await testApp({ env, mailer });
  await mailed(t, people(120));
  await t.drain();
  assertEquals(mailer.calls.map(({ length }) => length), [50, 50, 20]);
});

Deno.test("a refusal for good fails that delivery alone, and only the failed are retried", async () => {
  const mailer = new TestMailer();
  mailer.answer = (mail) =>
    mail.to.address === "p1@example.org"
      ? { is: "refused", reason: "no such mailbox", badAddress: false }
      : mailer.accept(mail);
  await using t = await testApp({ env, mailer });
  const { ada, jobId, work } = await mailed(t, people(3));
  await t.drain();
  const first = await work();
  assertEquals([first.state, first.progress.done, first.progress.failed], ["completed", 2, 1]);
  assertEquals(first.deliveries[1]!.reason, "no such mailbox");

  mailer.answer = (mail) => mailer.accept(mail);
  const retry = await retryMailing(t.app, { jobId, ownerId: ada.id });
  assertEquals(await retryMailing(t.app, { jobId, ownerId: ada.id }), retry, "asked twice is once");
  await t.drain();
  assertEquals(mailer.recipients(), ["p0@example.org", "p2@example.org", "p1@example.org"]);
  assertEquals((await work()).retriedBy, retry);
});

Deno.test("a refusal for now is tried again later, and given up after a day", async () => {
  const mailer = new TestMailer();
  mailer.answer = () => ({ is: "postponed", reason: "mailbox busy" });
  await using t = await testApp({ env, mailer });
  const { work } = await mailed(t, people(1));
  await t.drain();
  assertEquals((await work()).state, "scheduled");
  const calls = mailer.calls.length;
  await t.drain();
  assertEquals(mailer.calls.length, calls, "not before its time");
  for (let i = 0; i < 60; i++) {
    t.clock.advance(hours(1));
    await t.drain();
  }
  const over = await work();
  assertEquals([over.state, over.deliveries[0]!.state], ["completed", "failed"]);
  assertStringIncludes(over.deliveries[0]!.reason!, "Given up after a day");
});

Deno.test("a provider that is down costs no attempt, however long it is", async () => {
  const mailer = new TestMailer();
  mailer.answer = () => ({ is: "down", reason: "connection refused" });
  await using t = await testApp({ env, mailer });
  const { work } = await mailed(t, people(2));
  for (let i = 0; i < 100; i++) {
    await t.drain();
    t.clock.advance(minutes(30));
  }
  mailer.answer = (mail) => mailer.accept(mail);
  await t.drain();
  const done = await work();
  assertEquals([done.state, done.progress.done], ["completed", 2]);
  assert(done.deliveries.every(({ attempts }) => attempts === 0));
});

Deno.test("in doubt, a provider that can be asked is asked before anything is sent again", async () => {
  const mailer = new TestMailer({ name: "mailjet", batch: 50, lookup: true });
  mailer.answer = (mail, call) => {
    if (call > 1) return mailer.accept(mail);
    if (mail.to.address === "p0@example.org") mailer.accept(mail); // and the answer is lost
    return { is: "unclear", reason: "connection reset" };
  };
  await using t = await testApp({ env, mailer });
  const { work } = await mailed(t, people(2));
  await t.drain();
  assertEquals((await work()).deliveries.map(({ state }) => state), ["in_doubt", "in_doubt"]);
  t.clock.advance(seconds(59));
  await t.drain();
  assertEquals(mailer.asked, [], "the provider's index may lag");
  t.clock.advance(seconds(1));
  await t.drain();
  assertEquals(mailer.calls.length, 1, "unknown once is not yet unsent");
  t.clock.advance(seconds(60));
  await t.drain();
  assertEquals(mailer.recipients().sort(), people(2), "each exactly once");
  assertEquals((await work()).state, "completed");
});

Deno.test("in doubt, one that cannot be asked gets it again and the ledger says so", async () => {
  const mailer = new TestMailer();
  mailer.answer = (mail, call) => {
    mailer.accept(mail);
    return call === 1
      ? { is: "unclear", reason: "connection lost" }
      : { is: "accepted", providerId: "2" };
  };
  await using t = await testApp({ env, mailer });
  const { work } = await mailed(t, people(1));
  await t.drain();
  const [delivery] = (await work()).deliveries;
  assertEquals([delivery!.state, delivery!.maybeTwice], ["sent", true]);
  assert(delivery!.ledger.some(({ text }) => text.includes("may be a repeat")));
  assertEquals(new Set(mailer.accepted.map(({ ref }) => ref)).size, 1, "under the same name");
  assertEquals(new Set(mailer.accepted.map(({ date }) => date)).size, 1, "with the same date");
});

Deno.test("a mailing cancelled before it begins sends nothing", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { ada, jobId, work } = await mailed(t, people(3));
  assertEquals((await cancelWork(t.app, { id: jobId, ownerId: ada.id })).state, "cancelled");
  await t.drain();
  assertEquals(mailer.calls, []);
  assert((await work()).deliveries.every(({ state }) => state === "skipped"));
  await assertRejects(
    () => cancelWork(t.app, { id: jobId, ownerId: ada.id }),
    AppError,
    "cancelled",
  );
});

Deno.test("a mailing cancelled while it runs stops at the next message", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { ada, jobId, work } = await mailed(t, people(5));
  mailer.answer = async (mail, call) => {
    if (call === 2) {
      const job = await cancelWork(t.app, { id: jobId, ownerId: ada.id });
      assertEquals(job.state, "running", "the end follows");
    }
    return mailer.accept(mail);
  };
  await t.drain();
  assertEquals(mailer.recipients(), people(2));
  const over = await work();
  assertEquals(over.state, "cancelled");
  assertEquals(over.deliveries.map(({ state }) => state), [
    "sent",
    "sent",
    "skipped",
    "skipped",
    "skipped",
  ]);
});

Deno.test("0 and 201 recipients are refused and change nothing", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  for (const to of [[], people(201)]) {
    await assertRejects(
      () => requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to }),
      AppError,
      "Cannot mail to",
    );
  }
  const jobs = await Array.fromAsync(t.kv.list({ prefix: ["job"] }));
  assertEquals(jobs, []);
});

Deno.test("the same key asks once, whatever happens in parallel; another request under it is refused", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const ask = (to: string[]) =>
    requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to, key: "k1" });
  const ids = await Promise.all(Array.from({ length: 50 }, () => ask(["a@example.org"])));
  assertEquals(new Set(ids).size, 1);
  assertEquals((await Array.fromAsync(t.kv.list({ prefix: ["mailing"] }))).length, 1);
  await assertRejects(() => ask(["b@example.org"]), AppError, "another request");
});

Deno.test("someone who did not agree is not mailed over a real service", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { ...env, RECIPIENT_CHECK: "on" }, mailer });
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const ask = (to: string[]) => requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
  await ask(["stranger@example.net"]);
  await ask([ada.email]);
  await t.drain();
  const left = mailer.accepted.map(({ to, subject }) => `${to.address}: ${subject}`);
  assertEquals(left.sort(), [
    `${ada.email}: T`,
    "stranger@example.net: Ada would like to send you notes",
  ]);

  const eve = await t.person("Eve", { verified: null });
  const hers = await createNote(t.app, { ownerId: eve.id, title: "T", text: "x" });
  await assertRejects(
    () => requestMailing(t.app, { noteId: hers.id, ownerId: eve.id, to: [eve.email] }),
    AppError,
    "is yours, but not confirmed yet",
  );
});

Deno.test("mail leaves no faster than the pace allows, and nothing waits for it in a sleep", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { ...env, MAIL_PER_SECOND: "10" }, mailer });
  const { work } = await mailed(t, people(25));
  await t.drain();
  assertEquals(mailer.accepted.length, 10);
  assertEquals(
    (await work()).progress.label,
    "Waiting to send 15",
    "none of these was tried before",
  );
  t.clock.advance(seconds(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 20);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals((await work()).state, "completed");
});

Deno.test("a mailing that is given up ends every delivery, tells its owner, and can be retried", async () => {
  const mailer = new TestMailer();
  mailer.answer = (mail, call) => {
    if (call > 1) throw new Error("a bug in the mailer");
    return mailer.accept(mail);
  };
  await using t = await testApp({ env, mailer });
  const { ada, jobId, work } = await mailed(t, people(3));
  for (let i = 0; i < 12; i++) {
    await t.drain();
    t.clock.advance(hours(2));
  }
  const over = await work();
  assertEquals([over.state, over.progress.done, over.progress.failed], ["discarded", 1, 2]);
  assertEquals(over.deliveries.map(({ state }) => state), ["sent", "failed", "failed"]);
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.map(({ text }) => text), ["Given up after 1 of 3: 8 tries failed"]);

  mailer.answer = (mail) => mailer.accept(mail);
  await retryMailing(t.app, { jobId, ownerId: ada.id });
  await t.drain();
  assertEquals(new Set(mailer.recipients()), new Set(people(3)));
});
