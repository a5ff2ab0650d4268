import { assertEquals, assertStringIncludes } from "@std/assert";
import { listNotifications } from "../../domain/notifications.ts";
import { insteadOf } from "../../domain/reminders/missed.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import type { Missed } from "../../kv/schema.ts";
import { testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import {
  assertSound,
  daily,
  hourly,
  occurrences,
  type Plan,
  remind,
} from "../support/reminders.ts";

/** What rings, and what is told of it, when everything was down for so long past the first time. */
async function after(downMs: number, missed: Missed, plan: Plan) {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const { schedule } = await remind(t.app, ada, { ...plan, missed });
  t.clock.advance(schedule.startAt - t.clock.now() + downMs);
  await t.drain();
  await assertSound(t);
  const all = await occurrences(t.kv);
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  const at = (state: string) =>
    all.filter((one) => one.state === state).map(({ dueAt }) => new Date(dueAt).toISOString());
  return {
    said: items.map(({ text }) => text).reverse(),
    ringing: at("ringing"),
    waiting: at("waiting"),
    missedBefore: all.find(({ state }) => state === "ringing")?.missedBefore,
  };
}

Deno.test("down for an hour: a single one rings late and says so", async () => {
  for (const missed of ["once", "all"] as const) {
    const { said, ringing, waiting } = await after(hours(1), missed, {});
    assertEquals(said, ["due Tue 24 Nov 09:00, sent Tue 24 Nov 10:00"]);
    assertEquals([ringing, waiting], [["2026-11-24T08:00:00.000Z"], []]);
  }
});

Deno.test("down for an hour: one that is to be skipped does not ring, and a series goes on", async () => {
  assertEquals((await after(hours(1), "skip", {})).said, []);
  const { said, waiting } = await after(hours(1), "skip", { rule: daily });
  assertEquals([said, waiting], [[], ["2026-11-25T08:00:00.000Z"]]);
});

Deno.test("a few minutes late is not missed", async () => {
  const { said, ringing } = await after(minutes(15), "skip", { rule: daily });
  assertEquals(said, ["due Tue 24 Nov 09:00, sent Tue 24 Nov 09:15 · every day"]);
  assertEquals(ringing.length, 1);
});

Deno.test("down for three days: the latest rings once and says how many were missed", async () => {
  const { said, ringing, waiting, missedBefore } = await after(days(3) + hours(5), "once", {
    rule: daily,
  });
  assertEquals(said, [
    "due Fri 27 Nov 09:00, sent Fri 27 Nov 14:00; 3 earlier ones were missed · every day",
  ]);
  assertEquals([ringing, waiting, missedBefore], [
    ["2026-11-27T08:00:00.000Z"],
    ["2026-11-28T08:00:00.000Z"],
    3,
  ]);
});

Deno.test("down for three days: skipped, the series goes on from now; all, each of them rings", async () => {
  const skipped = await after(days(3) + hours(5), "skip", { rule: daily });
  assertEquals([skipped.said, skipped.waiting], [[], ["2026-11-28T08:00:00.000Z"]]);
  const all = await after(days(3) + hours(5), "all", { rule: daily });
  assertEquals(all.said.length, 4);
  assertStringIncludes(all.said[0]!, "due Tue 24 Nov 09:00, sent Fri 27 Nov 14:00");
  assertStringIncludes(all.said[3]!, "due Fri 27 Nov 09:00, sent Fri 27 Nov 14:00");
});

Deno.test("down for 400 days: one, none, or the latest ten, whatever the rule", async () => {
  for (const [rule, times] of [[daily, 401], [hourly, 400 * 24 + 1]] as const) {
    const once = await after(days(400) + minutes(30), "once", { rule });
    assertEquals([once.said.length, once.missedBefore], [1, times - 1]);
    const skipped = await after(days(400) + minutes(30), "skip", { rule });
    assertEquals([skipped.said.length, skipped.waiting.length], [0, 1]);
    const all = await after(days(400) + minutes(30), "all", { rule });
    assertEquals([all.said.length, all.waiting.length], [10, 1]);
    assertStringIncludes(all.said[0]!, `${times - 10} earlier ones were missed`);
    assertEquals(all.said.filter((text) => text.includes("missed")).length, 1);
  }
});

Deno.test("down every minute for 400 days costs no more than once", () => {
  const schedule = scheduleAt("Europe/Berlin", "2026-11-24T09:00", {
    every: 1,
    unit: "minute",
    until: null,
  });
  const now = schedule.startAt + days(400);
  const instead = insteadOf({ schedule, missed: "once" }, schedule.startAt, now);
  assertEquals(instead, { dueAt: now, missed: 400 * 1_440 });
});

Deno.test("a letter that comes late says since when, and for how many it stands", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({
    env: { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" },
    mailer,
  });
  const ada = await t.person("Ada");
  await remind(t.app, ada, {
    rule: { every: 1, unit: "week", weekdays: [1, 2, 3, 4, 5], until: null },
    channels: { page: false, telegram: false, mail: [ada.email] },
  });
  t.clock.advance(Date.parse("2026-11-26T13:10:00Z") - t.clock.now());
  await t.drain();
  assertStringIncludes(
    mailer.accepted[0]!.text,
    "due Thu 26 Nov 09:00, sent Thu 26 Nov 14:10; 2 earlier ones were missed · every weekday",
  );
});
