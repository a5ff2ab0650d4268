import { assert, assertEquals } from "@std/assert";
import { askForLink } from "../../domain/accounts/account_links.ts";
import { readAnnouncement } from "../../domain/broadcasts/announcements.ts";
import { cancelBroadcast } from "../../domain/broadcasts/broadcast_acts.ts";
import { listBroadcasts } from "../../domain/broadcasts/broadcasts.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { markDone } from "../../domain/reminders/occurrences.ts";
import type { BroadcastWhen } from "../../kv/schema.ts";
import { testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { assertSound, daily, remind } from "../support/reminders.ts";

/** How many entries there are of each kind. */
async function census(kv: Deno.Kv): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const { key } of kv.list({ prefix: [] })) {
    const kind = String(key[0]);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

Deno.test("what has been over for 90 days goes, with all that belongs to it, and nothing sooner", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "words" });
  for (let i = 0; i < 130; i++) {
    await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: ["a@example.org"] });
  }
  await startSession(t.app, { accountId: ada.id, epoch: 0, agent: "Test" });
  await t.server.lookAhead(); // as the minute's cron does
  await t.drain();
  t.clock.advance(days(89));
  await t.drain();
  const kept = await census(t.kv);
  assertEquals([kept.mailing, kept.delivery, kept.outbox_mail], [130, 130, 130]);
  assertEquals(kept.session, undefined, "the session ran out long ago");

  t.clock.advance(days(2));
  await t.drain();
  const left = await census(t.kv);
  for (
    const kind of ["mailing", "mailing_text", "mailing_by_note", "mailing_by_owner", "delivery"]
  ) {
    assertEquals(left[kind], undefined, kind);
  }
  for (const kind of ["job_by_owner", "outbox_mail", "outbox_body", "outbox_by_sender"]) {
    assertEquals(left[kind], undefined, kind);
  }
  assertEquals(left.note, 1, "what people wrote stays");
});

Deno.test("one broom a day, however often it is asked for", async () => {
  await using t = await testApp();
  for (let i = 0; i < 5; i++) await t.server.lookAhead();
  await t.drain();
  assertEquals((await census(t.kv)).job_by_due, 1, "tomorrow's");
  t.clock.advance(hours(26));
  await t.drain();
  await t.server.lookAhead();
  assertEquals((await census(t.kv)).job_by_due, 1, "and the day after tomorrow's");
});

Deno.test("past times and reminders that are over go after 90 days, with all that belongs to them", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "words" });
  await remind(t.app, ada, { rule: daily, noteId: note.id });
  const { id, nextAt } = await remind(t.app, ada, { noteId: note.id });
  await markDone(t.app, { reminderId: id, dueAt: nextAt!, ownerId: ada.id }, "page");
  await remind(t.app, ada, { title: "rings and rings" });
  await t.server.lookAhead();
  for (let i = 0; i < 89; i++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  const kept = await census(t.kv);
  assertEquals([kept.reminder, kept.occurrence], [3, 92]);
  for (let i = 0; i < 92; i++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  const left = await census(t.kv);
  assertEquals([left.reminder, left.reminder_by_owner, left.reminder_by_note], [2, 2, 1]);
  assert(left.occurrence! <= 94, `${left.occurrence} occurrences are kept`);
  assertEquals(left.occurrence_by_owner, 3, "what waits and what rings");
  await assertSound(t);
});

Deno.test("announcements and runs that are over go after 90 days; inboxes keep what was said", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { MAIL_FROM: "clock@example.org" }, mailer });
  const { root, people: [bob] } = await crowd(t, 3);
  const adminId = root.id;
  const sent = async (change: Parameters<typeof written>[2] = {}) => {
    const { id, version } = await written(t, root, change);
    t.clock.advance(minutes(10));
    await confirmBroadcast(t.app, { id, adminId, version, members: 4 });
    await t.drain();
    return id;
  };
  await sent();
  const later: BroadcastWhen = { is: "at", wall: "2027-11-24T09:00", zone: "UTC" };
  await cancelBroadcast(t.app, { id: await sent({ when: later }), adminId });
  const rule = await sent({ when: { is: "cron", pattern: "0 9 1 * *", zone: "UTC" } });
  const waiting = await sent({ when: later });
  const draft = (await written(t, root)).id;
  await t.server.lookAhead();
  for (let i = 0; i < 89; i++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  const kept = await census(t.kv);
  assertEquals([kept.broadcast, kept.broadcast_by_time, kept.broadcast_run], [5, 5, 4]);

  for (let i = 0; i < 100; i++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  const left = await census(t.kv);
  assertEquals([left.broadcast, left.broadcast_by_time], [3, 3]);
  const { items } = await listBroadcasts(t.app, { adminId });
  assertEquals(
    items.map(({ broadcast }) => broadcast.id).toSorted(),
    [rule, waiting, draft].toSorted(),
  );
  assertEquals(left.broadcast_run, 2, "of the rule, those of the last 90 days");
  const inbox = await listNotifications(t.app, { accountId: bob!.id });
  const oldest = inbox.items.at(-1)!;
  const ref = oldest.href.split("/").at(-1)!;
  const { from, text } = await readAnnouncement(t.app, { ref, accountId: bob!.id });
  assertEquals([from, text], [null, "We move to the new house.\nBring boxes."]);
});

Deno.test("what a letter's link left behind, and what was audited lately, goes when it is over", async () => {
  await using t = await testApp();
  await t.person("Ada");
  const ask = { email: "ada@example.org", address: "203.0.113.7" };
  await askForLink(t.app, { ...ask, letter: "reset" });
  await askForLink(t.app, { ...ask, letter: "sign_in" });
  await t.server.lookAhead();
  await t.drain();
  const before = await census(t.kv);
  assertEquals([before.token, before.newest_token, before.audited_lately], [2, 1, 1]);
  t.clock.advance(days(1));
  await t.drain();
  const left = await census(t.kv);
  assertEquals([left.token, left.newest_token, left.audited_lately], [
    undefined,
    undefined,
    undefined,
  ]);
});
