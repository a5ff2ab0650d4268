import { assertEquals, assertStringIncludes } from "@std/assert";
import { cancelBroadcast } from "../../domain/broadcasts/broadcast_acts.ts";
import { nextTimes } from "../../domain/broadcasts/broadcast_words.ts";
import { getBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, crowd, written } from "../support/broadcasts.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
const zone = "Europe/Berlin";

/** A broadcast by a rule, confirmed. */
async function byRule(t: TestApp, root: Account, pattern: string) {
  const when = { is: "cron", pattern, zone } as const;
  const { id, version } = await written(t, root, { when });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 2 });
  return { id, adminId: root.id };
}

/** When somebody heard, newest first. */
async function heard(t: TestApp, { id }: Account): Promise<string[]> {
  const { items } = await listNotifications(t.app, { accountId: id });
  return items.map(({ at }) => new Date(at).toISOString());
}

async function until(t: TestApp, time: string): Promise<void> {
  t.clock.advance(Date.parse(time) - t.clock.now());
  await t.drain();
}

Deno.test("a rule keeps to the clock on the wall when clocks change", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  await until(t, "2026-10-23T12:00:00Z"); // clocks go back on Sunday the 25th
  const { root, people: [bob] } = await crowd(t, 1);
  const ref = await byRule(t, root, "0 9 * * *");
  for (let day = 24; day <= 26; day++) {
    await until(t, `2026-10-${day}T06:59:59Z`);
    await until(t, `2026-10-${day}T07:00:00Z`);
    await until(t, `2026-10-${day}T08:00:00Z`);
  }
  assertEquals((await heard(t, bob!)).toReversed(), [
    "2026-10-24T07:00:00.000Z",
    "2026-10-25T08:00:00.000Z",
    "2026-10-26T08:00:00.000Z",
  ]);
  const { broadcast } = await getBroadcast(t.app, ref);
  assertEquals(
    [broadcast.state, new Date(broadcast.nextAt!).toISOString()],
    ["scheduled", "2026-10-27T08:00:00.000Z"],
  );
});

Deno.test("a time that clocks leave out comes later by the gap, one that they show twice comes once", () => {
  const night = { is: "cron", pattern: "30 2 * * *", zone } as const;
  const times = (from: string, n: number) =>
    nextTimes(night, Date.parse(from), n).map((at) => new Date(at).toISOString());
  assertEquals(times("2027-03-27T12:00:00Z", 2), [
    "2027-03-28T01:30:00.000Z", // 03:30, as there is no 02:30
    "2027-03-29T00:30:00.000Z",
  ]);
  assertEquals(times("2026-10-24T12:00:00Z", 2), [
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

Deno.test("of the times that were missed one is made up for, and it says how many", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const ref = await byRule(t, root, "0 9 * * *");
  await until(t, "2026-11-27T10:00:00Z"); // 24, 25, 26 and 27 November have passed
  await t.drain();
  assertEquals(await heard(t, bob!), ["2026-11-27T10:00:00.000Z"]);
  const { broadcast, runs } = await getBroadcast(t.app, ref);
  assertEquals(runs.map(({ missed }) => missed), [3]);
  assertEquals(new Date(broadcast.nextAt!).toISOString(), "2026-11-28T08:00:00.000Z");
  await until(t, "2026-11-28T08:00:00Z");
  assertEquals((await heard(t, bob!)).length, 2);
});

Deno.test("one that is due once and was missed comes late", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const when = { is: "at", wall: "2026-11-24T09:00", zone } as const;
  const { id, version } = await written(t, root, { when });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 2 });
  t.clock.advance(days(3));
  await t.drain();
  assertEquals((await heard(t, bob!)).length, 1);
});

Deno.test("a rule that is cancelled does not come again", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const ref = await byRule(t, root, "0 9 * * *");
  await until(t, "2026-11-24T08:00:00Z");
  await cancelBroadcast(t.app, ref);
  t.clock.advance(days(3));
  await t.drain();
  assertEquals((await heard(t, bob!)).length, 1);
  const { broadcast: { state, nextAt } } = await getBroadcast(t.app, ref);
  assertEquals([state, nextAt], ["cancelled", null]);
});

Deno.test("where a run cannot begin, a rule goes on with its next time, and what comes once ends", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const { root, people: [bob] } = await crowd(t, 1);
  const adminId = root.id;
  const rule = await byRule(t, root, "0 9 * * *");
  const when = { is: "at", wall: "2026-11-24T09:00", zone } as const;
  const { id, version } = await written(t, root, { when });
  t.clock.advance(minutes(10));
  await confirmBroadcast(t.app, { id, adminId, version, members: 2 });
  for (const jobId of await list(t.app, ranges.jobsDue)) {
    await transact(t.app, async (tx) => {
      const job = await tx.get(keys.job(jobId));
      tx.set(keys.job(jobId), { ...job!, attempt: 99 }); // as after so many deaths
    });
  }
  await until(t, "2026-11-24T08:00:00Z");
  assertEquals(await heard(t, bob!), []);
  const once = (await getBroadcast(t.app, { id, adminId })).broadcast;
  assertEquals([once.state, once.nextAt], ["cancelled", null]);
  assertStringIncludes(once.ledger.at(-1)!.text, "Could not begin: given up");
  const again = (await getBroadcast(t.app, rule)).broadcast;
  assertEquals([again.state, again.nextAt], ["scheduled", Date.parse("2026-11-25T08:00:00Z")]);
  await until(t, "2026-11-25T08:00:00Z");
  assertEquals(await heard(t, bob!), ["2026-11-25T08:00:00.000Z"]);
});

Deno.test("runs may overlap where one waits for its mail, and each ends by itself", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { root, people: [bob] } = await crowd(t, 1);
  const ref = await byRule(t, root, "0 * * * *");
  mailer.answer = () => ({ is: "postponed", reason: "busy", retryAfterMs: minutes(90) });
  await until(t, "2026-11-23T11:00:00Z");
  await until(t, "2026-11-23T12:00:00Z");
  const now = (await getBroadcast(t.app, ref)).broadcast;
  assertEquals([now.state, now.openRuns.length], ["running", 2]);
  mailer.answer = (mail) => mailer.accept(mail);
  await until(t, "2026-11-23T12:45:00Z");
  assertEquals((await getBroadcast(t.app, ref)).broadcast.openRuns.length, 1);
  t.clock.advance(hours(1) - minutes(50));
  await t.drain();
  assertEquals((await heard(t, bob!)).length, 2);
});
