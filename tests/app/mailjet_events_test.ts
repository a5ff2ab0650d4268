import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { retryMailing } from "../../domain/mail/mailings.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { dayOf } from "../../domain/mail/mail_days.ts";
import { liftProven } from "../../domain/recipients/suppressing.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailjetEvent, mailjetSays } from "../support/mailjet_events.ts";
import { mailNote, OPEN_MAIL, suppressions, workOf } from "../support/mailing.ts";

const BOB = "bob@example.net";

async function world() {
  const mailer = new TestMailer({ name: "mailjet" });
  const t = await testApp({ env: OPEN_MAIL, mailer });
  return { t, mailer, ada: await t.person("Ada") };
}

/** A note that has left, and what Mailjet would call it. */
async function sentTo(t: TestApp, ada: Awaited<ReturnType<TestApp["person"]>>, to = [BOB]) {
  const jobId = await mailNote(t, ada, to);
  await t.drain();
  return { jobId, ref: `${jobId}-0` };
}

const bounce = (t: TestApp, ref = "", more: Record<string, unknown> = {}) =>
  mailjetEvent(t, { event: "bounce", email: BOB, CustomID: ref, ...more });

Deno.test("a bounce keeps all mail from the address, and the mailing's owner sees what became of it", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const { jobId, ref } = await sentTo(t, ada, [BOB, "eve@example.net"]);
  assertEquals((await workOf(t, ada, jobId)).progress.done, 2);
  assertEquals(await mailjetSays(t, bounce(t, ref)), 200);
  await t.drain();
  const { progress, deliveries: [first, second] } = await workOf(t, ada, jobId);
  assertEquals([first!.state, second!.state], ["failed", "sent"]);
  assertEquals(first!.reason, "Bounced: user unknown: 550 5.1.1 No such user");
  assertEquals(first!.ledger.at(-1)!.text, first!.reason);
  assertEquals([progress.done, progress.failed], [1, 1]);

  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "mail to this address came back");
  await t.drain();
  assertEquals(mailer.recipients(), [BOB, "eve@example.net"]);
});

Deno.test("a bounce told a hundred times, alone and in lists, counts once", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { jobId, ref } = await sentTo(t, ada);
  const one = bounce(t, ref);
  const all = Array.from({ length: 30 }, () => mailjetSays(t, one));
  assertEquals(new Set(await Promise.all(all)), new Set([200]));
  assertEquals(await mailjetSays(t, Array(70).fill(one)), 200);
  await t.drain();
  assertEquals(await mailjetSays(t, one), 200);
  await t.drain();
  const { ledger } = (await workOf(t, ada, jobId)).deliveries[0]!;
  assertEquals(ledger.filter(({ text }) => text.startsWith("Bounced")).length, 1);
  const day = await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now())));
  assertEquals(day?.bounced, 1);
  assertEquals(await suppressions(t), ["bounce all"]);
});

Deno.test("an address that bounced before, or between asking and sending, gets nothing", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  assertEquals(await mailjetSays(t, bounce(t)), 200, "of a message nobody knows here");
  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "mail to this address came back");
  const between = await mailNote(t, ada, ["eve@example.net", "sam@example.net"]);
  const spam = mailjetEvent(t, { event: "spam", email: "eve@example.net" });
  assertEquals(await mailjetSays(t, spam), 200);
  await t.drain();
  assertEquals((await workOf(t, ada, between)).deliveries.map(({ state }) => state), [
    "skipped",
    "sent",
  ]);
  assertEquals(mailer.recipients(), ["sam@example.net"]);
});

Deno.test("what is told while messages are being sent keeps those that have not begun", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const jobId = await mailNote(t, ada, [BOB, "eve@example.net", "sam@example.net"]);
  let told = 0;
  mailer.answer = async (mail, call) => {
    if (call === 1) {
      told = await mailjetSays(t, [
        bounce(t, `${jobId}-0`), // of the very message that is being sent
        mailjetEvent(t, { event: "spam", email: "sam@example.net" }),
      ]);
    }
    return mailer.accept(mail);
  };
  await t.drain();
  assertEquals(told, 200);
  assertEquals(mailer.recipients(), [BOB, "eve@example.net"]);
  t.clock.advance(minutes(1));
  await t.drain();
  const { deliveries, progress } = await workOf(t, ada, jobId);
  assertEquals(deliveries.map(({ state }) => state), ["failed", "sent", "skipped"]);
  assertStringIncludes(deliveries[0]!.ledger.at(-1)!.text, "Bounced");
  assertEquals([progress.done, progress.failed], [1, 1]);
});

Deno.test("whoever does not have the password changes nothing, and nothing of theirs is read", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const { jobId, ref } = await sentTo(t, ada);
  const before = (await Array.fromAsync(t.kv.list({ prefix: [] }))).length;
  const wrong = [
    null,
    "",
    "Basic",
    "Basic Og==",
    `Basic ${btoa("clockwork:")}`,
    `Basic ${btoa(`clockwork:${"A".repeat(43)}`)}`,
    `Bearer ${btoa("clockwork:x")}`,
    `Basic ${"A".repeat(9_000)}`,
  ];
  for (const authorization of wrong) {
    let asked = 0;
    const raw = new ReadableStream<Uint8Array>({
      pull() { // would wait for ever
        asked++;
        return new Promise(() => {});
      },
    }, { highWaterMark: 0 });
    assertEquals(await mailjetSays(t, null, { authorization, raw }), 401, String(authorization));
    assertEquals(asked, 0, "nobody has asked for the body");
    assertEquals(await mailjetSays(t, bounce(t, ref), { authorization }), 401);
  }
  assertEquals((await Array.fromAsync(t.kv.list({ prefix: [] }))).length, before);
  await t.drain();
  assertEquals((await workOf(t, ada, jobId)).deliveries[0]!.state, "sent");
  await mailNote(t, ada, [BOB]);
  await t.drain();
  assertEquals(mailer.recipients(), [BOB, BOB]);
});

Deno.test("what is not JSON is refused; what is nothing to us is taken and changes nothing", async () => {
  const { t } = await world();
  await using _ = t;
  for (const raw of ["", "{", "[{]", "7", "null", '"x"']) {
    assertEquals(await mailjetSays(t, null, { raw }), 400, raw);
  }
  assertEquals(await mailjetSays(t, null, { raw: new Uint8Array([0x5b, 0xff]) }), 400);
  assertEquals(await mailjetSays(t, { x: "x".repeat(1_048_576) }), 413);
  const nothing = [
    [],
    {},
    [null, 7, "x", [], { event: 7 }],
    mailjetEvent(t, { event: "open", email: BOB }),
    mailjetEvent(t, { event: "sent", email: BOB }),
    mailjetEvent(t, { event: "something new", email: BOB }),
    mailjetEvent(t, { event: "bounce", email: "no address" }),
    mailjetEvent(t, { event: "bounce", email: "a@b\r\nx" }),
  ];
  for (const one of nothing) assertEquals(await mailjetSays(t, one), 200, JSON.stringify(one));
  assertEquals(await suppressions(t), []);
  const mixed = [{}, mailjetEvent(t, { event: "click", email: BOB }), bounce(t)];
  assertEquals(await mailjetSays(t, mixed), 200);
  assertEquals(await suppressions(t), ["bounce all"]);
});

Deno.test("an event about another address than its message went to leaves that message alone", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { jobId, ref } = await sentTo(t, ada);
  for (const CustomID of [ref, `${ref}9`, "x-0", `${"0".repeat(26)}-0`, "../../x"]) {
    const one = mailjetEvent(t, { event: "bounce", email: "eve@example.net", CustomID });
    assertEquals(await mailjetSays(t, one), 200);
  }
  await t.drain();
  assertEquals((await workOf(t, ada, jobId)).deliveries[0]!.state, "sent");
  assertEquals(await suppressions(t), ["bounce all"]);
});

Deno.test("the third soft bounce in a week lets an address rest for seven days, then for fourteen", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const soft = async () => {
    const { ref } = await sentTo(t, ada);
    assertEquals(await mailjetSays(t, bounce(t, ref, { hard_bounce: false })), 200);
    await t.drain();
  };
  const leaves = async () => {
    const before = mailer.accepted.length;
    await mailNote(t, ada, [BOB]).catch((error) => assert(error instanceof AppError));
    await t.drain();
    return mailer.accepted.length > before;
  };
  await soft();
  t.clock.advance(days(8)); // forgotten by the third
  await soft();
  await soft();
  assert(await leaves(), "two in a week");
  await soft();
  assert(!await leaves(), "three in a week");
  t.clock.advance(days(7) - 1);
  assert(!await leaves());
  t.clock.advance(1);
  assert(await leaves(), "seven days later");
  for (let i = 0; i < 3; i++) await soft();
  t.clock.advance(days(14) - 1);
  assert(!await leaves(), "rests twice as long");
  t.clock.advance(1);
  assert(await leaves());
  assertEquals((await workOf(t, ada, await mailNote(t, ada, [BOB]))).title, "Milk");
});

Deno.test("a soft bounce told three times is one", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { ref } = await sentTo(t, ada);
  for (let i = 0; i < 3; i++) await mailjetSays(t, bounce(t, ref, { hard_bounce: false }));
  await t.drain();
  assertEquals(await suppressions(t), []);
});

Deno.test("a complaint keeps all mail from the address, and the sender's ledger says so", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const eve = await t.person("Eve");
  const { jobId, ref } = await sentTo(t, ada);
  await mailjetSays(t, mailjetEvent(t, { event: "spam", email: "BOB@example.net", CustomID: ref }));
  await t.drain();
  const { deliveries: [one] } = await workOf(t, ada, jobId);
  assertEquals([one!.state, one!.ledger.at(-1)!.text], [
    "sent",
    "Its reader reported it as unwanted",
  ]);
  await assertRejects(() => mailNote(t, eve, [BOB]), AppError, "does not want mail");
  await t.drain();
  assertEquals(mailer.recipients(), [BOB], "not by anybody else either");
});

Deno.test("who unsubscribes at Mailjet hears no more from that member, and goes on hearing from others", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const eve = await t.person("Eve");
  const { ref } = await sentTo(t, ada);
  const unsub = { event: "unsub", email: BOB, CustomID: ref };
  assertEquals(await mailjetSays(t, mailjetEvent(t, unsub)), 200);
  assertEquals(await suppressions(t), ["unsubscribe sender"]);
  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "does not want mail");
  await mailNote(t, eve, [BOB]);
  await t.drain();
  assertEquals(mailer.accepted.map(({ from }) => from.name), [
    "Ada via Clock Work",
    "Eve via Clock Work",
  ]);
});

Deno.test("who unsubscribes from an announcement gets no more of them, and notes all the same", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  const announce = async () => {
    const { id, version } = await written(t, root, { channels: { mail: true, telegram: false } });
    const { members } = await broadcastCounts(t.app, { channels: { mail: true, telegram: false } });
    await confirmBroadcast(t.app, { id, adminId: root.id, version, members });
    t.clock.advance(minutes(20));
    await t.drain();
  };
  await announce();
  const ref = mailer.accepted.find(({ to }) => to.address === ada.email)!.ref;
  const unsub = mailjetEvent(t, { event: "unsub", email: ada.email, CustomID: ref });
  assertEquals(await mailjetSays(t, unsub), 200);
  assertEquals(await suppressions(t), ["unsubscribe broadcasts"]);
  mailer.accepted.length = 0;
  await announce();
  await mailNote(t, root, [ada.email]);
  await t.drain();
  assertEquals(mailer.recipients(), [root.email, ada.email]);
});

Deno.test("a bounce that tells of what was before somebody proved the address again is old news", async () => {
  const { t } = await world();
  await using _ = t;
  const old = mailjetEvent(t, { event: "bounce", email: BOB });
  t.clock.advance(hours(1));
  await t.person("Bob", { email: BOB });
  assertEquals(await mailjetSays(t, old), 200);
  assertEquals(await suppressions(t), []);
  t.clock.advance(seconds(2));
  await mailjetSays(t, mailjetEvent(t, { event: "bounce", email: BOB }));
  assertEquals(await suppressions(t), ["bounce all"]);
});

Deno.test("told again after its owner has lifted it, a bounce has no effect", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const { ref } = await sentTo(t, ada);
  const one = bounce(t, ref);
  await mailjetSays(t, one);
  await transact(t.app, (tx) => liftProven(t.app, tx, { address: BOB, by: ada.id }));
  await mailjetSays(t, one);
  assertEquals(await suppressions(t), []);
});

Deno.test("an answer that nobody is there counts as a bounce", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  mailer.answer = () => ({ is: "refused", reason: "550 5.1.1 nobody", badAddress: true });
  const { jobId } = await sentTo(t, ada);
  assertEquals(await suppressions(t), ["bounce all"]);
  const day = await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now())));
  assertEquals(day?.bounced, 1);
  const { deliveries: [one] } = await workOf(t, ada, jobId);
  assertEquals([one!.state, one!.reason], ["failed", "550 5.1.1 nobody"]);
  mailer.answer = () => ({ is: "refused", reason: "we do not like you", badAddress: false });
  await sentTo(t, ada, ["eve@example.net"]);
  assertEquals(await suppressions(t), ["bounce all"], "but no other refusal");
});

Deno.test("a retry leaves out those who bounced, and is none when nobody else was missed", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  mailer.answer = (mail) =>
    mail.to.address === "eve@example.net"
      ? { is: "refused", reason: "too large", badAddress: false }
      : mailer.accept(mail);
  const { jobId, ref } = await sentTo(t, ada, [BOB, "eve@example.net"]);
  await mailjetSays(t, bounce(t, ref));
  await t.drain();
  mailer.answer = (mail) => mailer.accept(mail);
  const retry = await retryMailing(t.app, { jobId, ownerId: ada.id });
  assertEquals((await workOf(t, ada, retry)).deliveries.map(({ to }) => to), ["eve@example.net"]);
  const { jobId: alone, ref: second } = await sentTo(t, ada, ["sam@example.net"]);
  const lost = { event: "bounce", email: "sam@example.net", CustomID: second };
  await mailjetSays(t, mailjetEvent(t, lost));
  await t.drain();
  const said = await retryMailing(t.app, { jobId: alone, ownerId: ada.id }).catch((e) => e.message);
  assertEquals(said, "Cannot retry: those who were missed cannot be mailed now");
});

Deno.test("more than fifty suppressions in an hour are told to the admins, once an hour", async () => {
  const { t } = await world();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  const flood = async (from: number, count: number) => {
    const events = Array.from(
      { length: count },
      (_, i) => mailjetEvent(t, { event: "bounce", email: `p${from + i}@example.net` }),
    );
    assertEquals(await mailjetSays(t, events), 200);
    await t.drain();
    const { items } = await listNotifications(t.app, { accountId: root.id });
    return items.filter(({ title }) => title.startsWith("Many addresses")).length;
  };
  const alarms = () => t.lines.filter((line) => line.includes("many_suppressed")).length;
  assertEquals([await flood(0, 50), alarms()], [0, 0]);
  assertEquals([await flood(50, 1), alarms()], [1, 1]);
  assertEquals([await flood(51, 40), alarms()], [1, 1]);
  t.clock.advance(hours(1));
  assertEquals([await flood(100, 50), alarms()], [1, 1]);
  assertEquals([await flood(150, 1), alarms()], [2, 2]);
});

Deno.test("addresses stand nowhere in what is kept of a suppression, nor in the log", async () => {
  const { t } = await world();
  await using _ = t;
  await mailjetSays(t, bounce(t));
  await t.drain();
  const hash = await addressHash(t.app, BOB);
  assertEquals((await read(t.app, keys.suppression(hash, "all")))?.shown, "b…@example.net");
  const all = JSON.stringify(
    await Array.fromAsync(t.kv.list({ prefix: [] })),
    (_, v) => typeof v === "bigint" ? String(v) : v,
  );
  assert(!(all + t.lines.join()).includes(BOB));
});

Deno.test("a message that was refused and then bounces as well counts once", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  mailer.answer = () => ({ is: "refused", reason: "550 5.1.1 nobody", badAddress: true });
  const { ref } = await sentTo(t, ada);
  await mailjetSays(t, bounce(t, ref));
  await t.drain();
  const day = await read(t.app, keys.mailDay(ada.id, dayOf(t.clock.now())));
  assertEquals(day?.bounced, 1);
});

Deno.test("what is told of a message in doubt waits until it is known what became of it", async () => {
  const mailer = new TestMailer({ name: "mailjet", lookup: true });
  await using t = await testApp({ env: OPEN_MAIL, mailer });
  const ada = await t.person("Ada");
  mailer.answer = (mail) => {
    mailer.accept(mail);
    return { is: "unclear", reason: "no answer" };
  };
  const { jobId, ref } = await sentTo(t, ada);
  assertEquals((await workOf(t, ada, jobId)).deliveries[0]!.state, "in_doubt");
  await mailjetSays(t, bounce(t, ref));
  await t.drain();
  assertEquals(await suppressions(t), ["bounce all"], "but counts at once");
  t.clock.advance(minutes(2));
  await t.drain();
  t.clock.advance(seconds(15));
  await t.drain();
  const { deliveries: [one], progress } = await workOf(t, ada, jobId);
  assertEquals(one!.ledger.map(({ text }) => text.split(":")[0]).slice(-2), [
    "The mail service has it",
    "Bounced",
  ]);
  assertEquals([one!.state, progress.done, progress.failed], ["failed", 0, 1]);
});
