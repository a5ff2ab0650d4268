import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { listAudit } from "../../domain/admin/audit.ts";
import { countInDay, type DayChange } from "../../domain/mail/mail_days.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { releaseSender } from "../../domain/admin/member_acts.ts";
import { limitHit } from "../../domain/mail/quotas.ts";
import { judgeSender } from "../../domain/mail/senders.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { pageOf, visitor } from "../support/site.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailjetEvent, mailjetSays } from "../support/mailjet_events.ts";
import { mailNote, OPEN_MAIL, workOf } from "../support/mailing.ts";

async function world() {
  const mailer = new TestMailer({ name: "mailjet" });
  const t = await testApp({ env: OPEN_MAIL, mailer });
  const root = await t.person("Root", { role: "admin" });
  return { t, mailer, root, ada: await t.person("Ada") };
}

function counted({ app }: TestApp, accountId: string, change: DayChange): Promise<unknown> {
  return transact(app, (tx) => countInDay(app, tx, accountId, change));
}

const pauseOf = async ({ app }: TestApp, accountId: string) =>
  (await read(app, keys.sender(accountId)))?.paused?.why ?? null;

/** One more of these is heard, of a message that had left. */
async function hears(
  t: TestApp,
  owner: Awaited<ReturnType<TestApp["person"]>>,
  event: "spam" | "bounce",
  email: string,
): Promise<void> {
  const jobId = await mailNote(t, owner, [email]);
  await t.drain();
  await mailjetSays(t, mailjetEvent(t, { event, email, CustomID: `${jobId}-0` }));
  await t.drain();
}

Deno.test("the second complaint in a day pauses a member's mail to others, and they and the admins hear of it", async () => {
  const { t, mailer, root, ada } = await world();
  await using _ = t;
  await hears(t, ada, "spam", "p1@example.net");
  assertEquals(await pauseOf(t, ada.id), null);
  t.clock.advance(days(1) + minutes(1));
  await hears(t, ada, "spam", "p2@example.net");
  assertEquals(await pauseOf(t, ada.id), null, "the first is more than a day old");
  t.clock.advance(hours(23));
  await hears(t, ada, "spam", "p3@example.net");
  assertEquals(await pauseOf(t, ada.id), "people complained about it");

  const inbox = async (accountId: string) =>
    (await listNotifications(t.app, { accountId })).items.map(({ title }) => title);
  assert((await inbox(ada.id)).includes("Your mail to other people is paused"));
  assertEquals(await inbox(root.id), ["The mail of Ada is paused"]);
  assertEquals(mailer.accepted.at(-1)!.subject, "Your mail is paused");
  const { items: [line] } = await listAudit(t.app, { by: root });
  assertEquals([line!.act, line!.about], ["sender_paused", ada.id]);

  const before = mailer.accepted.length;
  const jobId = await mailNote(t, ada, ["p4@example.net"]);
  await mailNote(t, ada, [ada.email]);
  await t.drain();
  assertEquals(mailer.recipients().slice(before), [ada.email], "to oneself it still leaves");
  const { deliveries: [waits] } = await workOf(t, ada, jobId);
  assertEquals(waits!.state, "waiting");
  assertStringIncludes(waits!.reason!, "its sender is paused: people complained about it");

  await releaseSender(t.app, { by: root, id: ada.id });
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals(mailer.accepted.at(-1)!.to.address, "p4@example.net");
  await hears(t, ada, "spam", "p5@example.net");
  assertEquals(await pauseOf(t, ada.id), null, "those before are not held against her");
  await hears(t, ada, "spam", "p6@example.net");
  assertEquals(await pauseOf(t, ada.id), "people complained about it");
});

Deno.test("one person who complains twice is one", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const jobs = [
    await mailNote(t, ada, ["p1@example.net"]),
    await mailNote(t, ada, ["p1@example.net"]),
  ];
  await t.drain();
  for (const id of jobs) {
    const spam = { event: "spam", email: "p1@example.net", CustomID: `${id}-0` };
    await mailjetSays(t, mailjetEvent(t, spam));
  }
  await t.drain();
  assertEquals(await pauseOf(t, ada.id), null);
});

Deno.test("five in a hundred that bounce pause a member, of forty or more", async () => {
  const cases = [
    { sent: 39, bounced: 20, paused: false },
    { sent: 40, bounced: 1, paused: false },
    { sent: 40, bounced: 2, paused: true },
    { sent: 100, bounced: 4, paused: false },
    { sent: 100, bounced: 5, paused: true },
    { sent: 140, bounced: 6, paused: false },
    { sent: 140, bounced: 7, paused: true },
    { sent: 20, invited: 19, bounced: 20, paused: false },
    { sent: 20, invited: 20, bounced: 1, paused: false },
    { sent: 20, invited: 20, bounced: 2, paused: true },
    { sent: 1, invited: 39, bounced: 2, paused: true },
  ];
  for (const { sent, invited = 0, bounced, paused } of cases) {
    const { t, ada } = await world();
    await using _ = t;
    await counted(t, ada.id, { sent: sent - 1, invited, bounced: bounced - 1 });
    t.clock.advance(days(3));
    await hears(t, ada, "bounce", "p1@example.net"); // which is sent, too
    assertEquals(await pauseOf(t, ada.id) !== null, paused, `${bounced} of ${sent} + ${invited}`);
  }
});

Deno.test("bounces of more than a week ago do not count", async () => {
  const { t, ada } = await world();
  await using _ = t;
  await counted(t, ada.id, { sent: 40, bounced: 40 });
  t.clock.advance(days(7));
  await judgeSender(t.app, ada.id);
  assertEquals(await pauseOf(t, ada.id), null);
  t.clock.advance(-days(1));
  await judgeSender(t.app, ada.id);
  assertEquals(await pauseOf(t, ada.id), "40 of 40 messages came back");
});

Deno.test("three in ten refused invitations pause a member, of ten or more", async () => {
  const cases = [
    { invited: 9, refused: 9, paused: false },
    { invited: 10, refused: 2, paused: false },
    { invited: 10, refused: 3, paused: true },
  ];
  for (const { invited, refused, paused } of cases) {
    const { t, ada } = await world();
    await using _ = t;
    await counted(t, ada.id, { invited, refused });
    await judgeSender(t.app, ada.id);
    assertEquals(await pauseOf(t, ada.id) !== null, paused, `${refused} of ${invited}`);
  }
});

Deno.test("a limit that is hit on three days in a row pauses a member, two and a gap do not", async () => {
  const { t, ada, root } = await world();
  await using _ = t;
  const hit = async (afterDays: number) => {
    t.clock.advance(days(afterDays));
    await limitHit(t.app, ada.id);
    await t.drain();
    return await pauseOf(t, ada.id);
  };
  assertEquals([await hit(0), await hit(1), await hit(2), await hit(1)], [null, null, null, null]);
  assertEquals(await hit(1), "its limit was hit on 3 days in a row");
  await releaseSender(t.app, { by: root, id: ada.id });
  assertEquals([await hit(0), await hit(1), await hit(1)], [null, null, null]);
  assertEquals(await hit(1), "its limit was hit on 3 days in a row");
});

Deno.test("what a release forgives is what was counted until then, also of its own day", async () => {
  const { t, ada, root } = await world();
  await using _ = t;
  await counted(t, ada.id, { sent: 40, bounced: 10 });
  await judgeSender(t.app, ada.id);
  await releaseSender(t.app, { by: root, id: ada.id });
  await counted(t, ada.id, { sent: 40, bounced: 1 });
  await judgeSender(t.app, ada.id);
  assertEquals(await pauseOf(t, ada.id), null);
  await counted(t, ada.id, { bounced: 1 });
  await judgeSender(t.app, ada.id);
  assertEquals(await pauseOf(t, ada.id), "2 of 40 messages came back");
});

Deno.test("only an admin releases", async () => {
  const { t, ada } = await world();
  await using _ = t;
  await counted(t, ada.id, { sent: 40, bounced: 10 });
  await judgeSender(t.app, ada.id);
  const error = await assertRejects(
    () => releaseSender(t.app, { by: ada, id: ada.id }),
    AppError,
  );
  assertEquals(error.code, "not_found");
  assert(await pauseOf(t, ada.id));
});

Deno.test("a paused member reads why where they mail, and nobody else does", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  await counted(t, ada.id, { sent: 40, bounced: 10 });
  await judgeSender(t.app, ada.id);
  const note = await createNote(t.app, { ownerId: ada.id, title: "Milk", text: "Buy milk" });
  const hers = await visitor(t, ada);
  for (const path of ["/mailings", `/notes/${note.id}/mail`]) {
    const page = await pageOf(hers, path);
    assertStringIncludes(page, "Your mail to other people is paused");
    assertStringIncludes(page, "10 of 40 messages came back");
  }
  const other = await pageOf(await visitor(t, root), "/mailings");
  assertEquals(other.includes("is paused"), false);
  await releaseSender(t.app, { by: root, id: ada.id });
  assertEquals((await pageOf(hers, "/mailings")).includes("is paused"), false);
});
