import { assert, assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import {
  checkSchedule,
  countBetween,
  describe,
  latestBy,
  nextAfter,
  preview,
  scheduleAt,
  scheduleAtInstant,
  SHORTEST_SENT_MS,
  SHORTEST_SHOWN_MS,
  upcoming,
} from "../../domain/when/repeat.ts";
import { checkCron, nextCron } from "../../domain/when/cron_rule.ts";
import { DAY_MS, HOUR_MS } from "../../domain/when/wall.ts";
import type { Rule } from "../../kv/reminder_schema.ts";

const berlin = "Europe/Berlin";
const now = Date.parse("2026-11-23T09:00:00Z");
const daily: Rule = { every: 1, unit: "day", until: null };
const walls = (schedule: Parameters<typeof upcoming>[0], after: number, n: number) =>
  upcoming(schedule, after, n).map(({ wall }) => wall);
const iso = (at: number | undefined) => at === undefined ? null : new Date(at).toISOString();

Deno.test("every day goes by the calendar, every 24 hours by elapsed time", () => {
  const eve = "2027-03-27T10:00:00"; // clocks in Berlin go ahead on the 28th
  const day = scheduleAt(berlin, eve, daily);
  assertEquals(walls(day, day.startAt, 1), ["2027-03-28T10:00:00"]);
  const hours = scheduleAt(berlin, eve, { every: 24, unit: "hour", until: null });
  assertEquals(walls(hours, hours.startAt, 1), ["2027-03-28T11:00:00"]);
});

Deno.test("a time in the gap comes later by the gap on that day only", () => {
  const schedule = scheduleAt(berlin, "2027-03-27T02:30:00", daily);
  assertEquals(walls(schedule, schedule.startAt, 2), [
    "2027-03-28T03:30:00",
    "2027-03-29T02:30:00",
  ]);
});

Deno.test("a time that comes twice rings the first time, unless the second is the start", () => {
  const schedule = scheduleAt(berlin, "2026-10-24T02:30:00", daily);
  assertEquals(iso(nextAfter(schedule, schedule.startAt)?.at), "2026-10-25T00:30:00.000Z");
  assertEquals(
    iso(nextAfter(schedule, Date.parse("2026-10-25T00:30:00Z"))?.at),
    "2026-10-26T01:30:00.000Z",
  );
  const second = Date.parse("2026-10-25T01:30:00Z");
  const chosen = scheduleAtInstant(berlin, second, daily);
  assertEquals([chosen.start, nextAfter(chosen, 0)?.at], ["2026-10-25T02:30:00", second]);
});

Deno.test("a day that a zone leaves out is made up for once", () => {
  // Samoa had no 30 December 2011: both fall on the 31st
  const schedule = scheduleAt("Pacific/Apia", "2011-12-29T09:00:00", daily);
  assertEquals(walls(schedule, 0, 3), [
    "2011-12-29T09:00:00",
    "2011-12-31T09:00:00",
    "2012-01-01T09:00:00",
  ]);
});

Deno.test("a time moved behind midnight still belongs to its day", () => {
  // clocks in Pyongyang went from 23:30 to midnight on 4 May 2018
  const rule: Rule = { ...daily, until: "2018-05-04" };
  const schedule = scheduleAt("Asia/Pyongyang", "2018-05-03T23:45:00", rule);
  const moved = { at: Date.parse("2018-05-05T00:15:00+09:00"), wall: "2018-05-05T00:15:00" };
  assertEquals(nextAfter(schedule, schedule.startAt), moved);
  assertEquals(nextAfter(schedule, moved.at), null);
  assertEquals(latestBy(schedule, moved.at + DAY_MS), moved);
});

Deno.test("the 31st is the last day of shorter months, 29 February the 28th of common years", () => {
  const last = scheduleAt(berlin, "2027-01-31T09:00:00", { every: 1, unit: "month", until: null });
  assertEquals(walls(last, 0, 4).map((wall) => wall.slice(5, 10)), [
    "01-31",
    "02-28",
    "03-31",
    "04-30",
  ]);
  const thirtieth = scheduleAt(berlin, "2027-01-30T09:00:00", {
    every: 1,
    unit: "month",
    monthDay: 30,
    until: null,
  });
  assertEquals(walls(thirtieth, 0, 3).map((wall) => wall.slice(5, 10)), [
    "01-30",
    "02-28",
    "03-30",
  ]);
  const leap = scheduleAt(berlin, "2028-02-29T09:00:00", { every: 1, unit: "year", until: null });
  assertEquals(walls(leap, 0, 5).map((wall) => wall.slice(0, 10)), [
    "2028-02-29",
    "2029-02-28",
    "2030-02-28",
    "2031-02-28",
    "2032-02-29",
  ]);
});

Deno.test("weeks are counted from the Monday of the first", () => {
  const rule: Rule = { every: 2, unit: "week", weekdays: [1, 3], until: null };
  const schedule = scheduleAt(berlin, "2026-11-25T10:00:00", rule); // a Wednesday
  assertEquals(walls(schedule, 0, 4).map((wall) => wall.slice(5, 10)), [
    "11-25",
    "12-07",
    "12-09",
    "12-21",
  ]);
});

Deno.test("nothing comes after the last day", () => {
  const rule: Rule = { ...daily, until: "2026-11-25" };
  const schedule = scheduleAt(berlin, "2026-11-24T10:00:00", rule);
  assertEquals(upcoming(schedule, 0, 9).length, 2);
  assertEquals(nextAfter(schedule, Date.parse("2026-11-25T09:00:00Z")), null);
  assertEquals(latestBy(schedule, now + 999 * DAY_MS)?.wall, "2026-11-25T10:00:00");
  const often = scheduleAt(berlin, "2026-11-24T10:00:00", {
    every: 5,
    unit: "hour",
    until: "2026-11-24",
  });
  assertEquals(upcoming(often, 0, 9).length, 3);
  assertEquals(latestBy(often, now + 999 * DAY_MS)?.wall, "2026-11-24T20:00:00");
});

Deno.test("what comes once comes once", () => {
  const schedule = scheduleAt(berlin, "2026-11-24T10:00:00");
  const { startAt } = schedule;
  assertEquals(upcoming(schedule, 0, 5).map(({ at }) => at), [startAt]);
  assertEquals(nextAfter(schedule, startAt), null);
  assertEquals(latestBy(schedule, startAt - 1), null);
  assertEquals(latestBy(schedule, startAt)?.at, startAt);
  assertEquals(countBetween(schedule, 0, startAt), 1);
  assertEquals(countBetween(schedule, startAt, startAt + DAY_MS), 0);
});

Deno.test("years of missed minutes are counted and not walked", () => {
  const schedule = scheduleAtInstant("UTC", now, { every: 5, unit: "minute", until: null });
  const end = now + 400 * DAY_MS;
  assertEquals(countBetween(schedule, now, end), 1_000);
  assertEquals(countBetween(schedule, now, end, Infinity), 400 * 288);
  assertEquals(latestBy(schedule, end + 299_999)?.at, end);
  const far = now + 3_000_000 * DAY_MS;
  assertEquals(countBetween(schedule, now, far, Infinity), 3_000_000 * 288);
});

Deno.test("a search for what is centuries ahead ends", () => {
  const rule: Rule = { every: 999, unit: "year", until: null };
  const schedule = scheduleAt(berlin, "2026-12-24T10:00:00", rule);
  assertEquals(nextAfter(schedule, schedule.startAt), null);
  assertEquals(latestBy(schedule, now + 50_000 * DAY_MS)?.at, schedule.startAt);
});

Deno.test("scheduleAt() refuses zones and days that there are not", () => {
  for (const zone of ["Mars/Olympus", "", "../etc/passwd", "+25:00"]) {
    assertEquals(refused(() => scheduleAt(zone, "2026-11-24T10:00")).field, "zone");
  }
  for (const wall of ["2026-02-30T10:00", "2026-11-24T24:00", "2026-11-24", "9999999", "soon"]) {
    assertEquals(refused(() => scheduleAt(berlin, wall)).field, "when");
  }
});

function refused(act: () => unknown): AppError {
  const error = assertThrows(act, AppError) as AppError;
  assertEquals(error.code, "invalid");
  return error;
}

Deno.test("checkSchedule() refuses what is past, too soon or too far", () => {
  const check = (wall: string) =>
    checkSchedule(scheduleAt(berlin, wall), { now, shortestMs: SHORTEST_SENT_MS });
  assertEquals(
    refused(() => check("2026-11-22T09:00")).message,
    "Cannot remind on Sun 22 Nov 2026 at 09:00: it is past; say tomorrow 09:00",
  );
  assert(refused(() => check("2026-11-23T10:00:20")).message.includes("less than a minute"));
  assert(refused(() => check("2036-11-24T10:00")).message.includes("more than 10 years"));
  check("2026-11-23T10:00:30");
  check("2036-11-23T09:00");
});

Deno.test("checkSchedule() refuses rules that come too often for mail and Telegram", () => {
  const every = (n: number, shortestMs: number) =>
    checkSchedule(
      scheduleAtInstant(berlin, now + HOUR_MS, { every: n, unit: "minute", until: null }),
      { now, shortestMs },
    );
  assertEquals(
    refused(() => every(1, SHORTEST_SENT_MS)).message,
    "Cannot repeat every minute: at most every 5 minutes by mail and Telegram",
  );
  assert(refused(() => every(4, SHORTEST_SENT_MS)).message.startsWith("Cannot repeat every 4 min"));
  every(5, SHORTEST_SENT_MS);
  every(1, SHORTEST_SHOWN_MS);
});

Deno.test("checkSchedule() refuses rules that mean nothing", () => {
  const wrong: Partial<Rule>[] = [
    { every: 0 },
    { every: 1_000 },
    { every: 1.5 },
    { every: NaN },
    { until: "2026-11-23" },
    { until: "2026-02-30" },
    { unit: "week", weekdays: [] },
    { unit: "week", weekdays: [2, 1] },
    { unit: "week", weekdays: [2, 2] },
    { unit: "week", weekdays: [0, 2] },
    { unit: "week", weekdays: [2, 8] },
    { weekdays: [2] },
    { unit: "week", monthDay: 24 },
    { unit: "month", monthDay: 0 },
    { unit: "month", monthDay: 32 },
    { unit: "month", monthDay: -2 },
    { unit: "month", monthDay: 24, nth: { week: 4, weekday: 2 } },
    { unit: "month", nth: { week: 4, weekday: 8 } },
    { unit: "month", nth: { week: 6 as 5, weekday: 2 } },
    // the start, Tuesday 24 November, is none of these
    { unit: "week", weekdays: [1, 3] },
    { unit: "month", monthDay: 23 },
    { unit: "month", monthDay: -1 },
    { unit: "month", nth: { week: 3, weekday: 2 } },
    { unit: "month", nth: { week: 5, weekday: 2 } },
  ];
  for (const change of wrong) {
    const schedule = scheduleAt(berlin, "2026-11-24T10:00", { ...daily, ...change });
    const error = refused(() => checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS }));
    assertEquals(error.field, "when", JSON.stringify(change));
  }
  const right: Partial<Rule>[] = [
    { every: 999 },
    { until: "2026-11-24" },
    { unit: "week", weekdays: [1, 2, 3, 4, 5, 6, 7] },
    { unit: "month", nth: { week: 4, weekday: 2 } },
    { unit: "month", nth: { week: -1, weekday: 2 } },
    { unit: "year", monthDay: 24 },
  ];
  for (const change of right) {
    const schedule = scheduleAt(berlin, "2026-11-24T10:00", { ...daily, ...change });
    if (change.nth?.week === -1) {
      assertEquals(nextAfter(schedule, 0)?.at, schedule.startAt); // the 24th is the last Tuesday
    }
    checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS });
  }
});

Deno.test("describe() says a schedule in a sentence", () => {
  const said = (rule: Partial<Rule> | null, wall = "2026-11-23T10:00") =>
    describe(scheduleAt(berlin, wall, rule && { ...daily, ...rule }));
  assertEquals(said(null, "2026-11-23T10:30"), "Once, Mon 23 Nov 2026 at 10:30");
  assertEquals(said({ unit: "week", weekdays: [1, 2, 3, 4, 5] }), "Every weekday at 10:00");
  assertEquals(
    said({ every: 2, unit: "week", weekdays: [1, 3], until: "2026-12-24" }),
    "Every 2 weeks on Mon and Wed at 10:00 until 24 Dec 2026",
  );
  assertEquals(
    said({ unit: "month", monthDay: -1 }, "2026-11-30T18:00"),
    "On the last day of each month at 18:00",
  );
  assertEquals(said({ every: 2, unit: "day" }), "Every 2 days at 10:00");
  assertEquals(
    said({ unit: "year", nth: { week: 4, weekday: 1 } }),
    "Every year on the fourth Monday of November at 10:00",
  );
  assertEquals(
    said({ every: 90, unit: "minute" }),
    "Every 90 minutes from Mon 23 Nov 2026 at 10:00",
  );
  const ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23].map((day) => {
    const wall = `2026-12-${String(day).padStart(2, "0")}T10:00`;
    return said({ unit: "month" }, wall).match(/the (\w+) at/)![1];
  });
  assertEquals(ordinals.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd");
});

Deno.test("preview() shows the sentence and the next five times with their zone", () => {
  const schedule = scheduleAt(berlin, "2027-03-26T10:30", daily);
  const { sentence, next, warnings } = preview(schedule, now);
  assertEquals(sentence, "Every day at 10:30");
  assertEquals(next.map(({ text }) => text), [
    "Fri 26 Mar 2027 10:30 CET",
    "Sat 27 Mar 2027 10:30 CET",
    "Sun 28 Mar 2027 10:30 CEST",
    "Mon 29 Mar 2027 10:30 CEST",
    "Tue 30 Mar 2027 10:30 CEST",
  ]);
  assertEquals(next[0], {
    at: Date.parse("2027-03-26T09:30:00Z"),
    wall: "2027-03-26T10:30:00",
    text: "Fri 26 Mar 2027 10:30 CET",
  });
  assertEquals(warnings, []);
});

Deno.test("preview() warns of what may surprise", () => {
  const warned = (rule: Partial<Rule> | null, wall: string, zone = berlin) =>
    preview(scheduleAt(zone, wall, rule && { ...daily, ...rule }), now).warnings;
  const gap = "02:30 does not exist on Sun 28 Mar 2027 in Berlin: it rings at 03:30";
  assertEquals(warned(null, "2027-03-28T02:30"), [gap]);
  assertEquals(warned(null, "2027-03-28T03:30"), []);
  assertEquals(warned({}, "2026-12-01T02:30"), [
    gap,
    "02:30 happens twice on Sun 31 Oct 2027 in Berlin: it rings the first time",
  ]);
  assertEquals(warned({ unit: "week" }, "2026-12-01T02:30"), []); // clocks change on Sundays
  assertEquals(warned({ every: 24, unit: "hour" }, "2026-12-01T02:30"), []);
  assertEquals(warned({ unit: "month" }, "2026-12-31T09:00"), [
    "Months without a 31st: it rings on their last day",
  ]);
  assertEquals(warned({ unit: "month" }, "2026-12-29T09:00"), [
    "Months without a 29th: it rings on their last day",
  ]);
  assertEquals(warned({ unit: "month", monthDay: -1 }, "2026-12-31T09:00"), []);
  assertEquals(warned({ unit: "year" }, "2028-02-29T09:00"), [
    "Common years have no 29 February: it rings on the 28th",
  ]);
  assertEquals(warned({ unit: "month", nth: { week: 5, weekday: 5 } }, "2027-01-29T09:00"), [
    "Months without a fifth Friday are left out: say the last",
  ]);
  assertEquals(warned(null, "2026-11-20T09:00"), ["Fri 20 Nov 2026 at 09:00 is past"]);
  assertEquals(warned({}, "2026-11-20T09:00"), []); // goes on
  assertEquals(warned({ until: "2026-11-22" }, "2026-11-20T09:00"), [
    "Its last day, Sun 22 Nov 2026, is past",
  ]);
  assertEquals(warned({}, "2026-12-01T00:30", "America/New_York"), []);
});

Deno.test("checkCron() takes five fields that come at most once an hour", () => {
  for (
    const pattern of ["0 9 * * *", "30 * * * *", " 0  9 * * MON-FRI ", "15 8 L * *", "0 9 * * 1#1"]
  ) checkCron(pattern, berlin);
  const wrong = [
    "* * * * *",
    "*/30 * * * *",
    "0,59 9 * * *",
    "* 9 1 1 *",
    "0 0 9 * * *",
    "0 9 * * * 2030",
    "0 9 * *",
    "",
    "@daily",
    "@hourly @x @y @z @w",
    "0 9 30 2 *",
    "0 9 31 4 *",
    "61 9 * * *",
    "0 9 * * 9",
    "0 9 ? * *",
    "0 9 * * \u0000",
    "2026-11-24T10:00:00",
    `0 9 ${"1,".repeat(5_000)}1 * *`,
    "*".repeat(100_000),
  ];
  for (const pattern of wrong) {
    assertEquals(refused(() => checkCron(pattern, berlin)).field, "cron", pattern.slice(0, 40));
  }
  assertEquals(refused(() => checkCron("0 9 * * *", "Mars/Olympus")).field, "zone");
});

Deno.test("nextCron() comes once for each time, also where clocks change", () => {
  const run = (pattern: string, zone: string, after: string, n: number) => {
    const found: string[] = [];
    let at = Date.parse(after);
    while (found.length < n) {
      const next = nextCron(pattern, zone, at)!;
      assert(next.at > at);
      found.push(`${next.wall.slice(5, 16)} ${iso(next.at)!.slice(11, 16)}`);
      at = next.at;
    }
    return found;
  };
  assertEquals(run("30 2 * * *", berlin, "2027-03-27T12:00:00Z", 2), [
    "03-28T03:30 01:30",
    "03-29T02:30 00:30",
  ]);
  assertEquals(run("30 2 * * *", berlin, "2026-10-24T12:00:00Z", 2), [
    "10-25T02:30 00:30",
    "10-26T02:30 01:30",
  ]);
  // the hour that is left out falls on the one after it, and both are one
  assertEquals(run("30 * * * *", berlin, "2027-03-28T00:00:00Z", 3), [
    "03-28T01:30 00:30",
    "03-28T03:30 01:30",
    "03-28T04:30 02:30",
  ]);
  // two hours are left out: 01:00 is moved behind none that comes before it
  assertEquals(run("0 * * * *", "Antarctica/Troll", "2026-03-28T23:30:00Z", 4), [
    "03-29T00:00 00:00",
    "03-29T03:00 01:00",
    "03-29T04:00 02:00",
    "03-29T05:00 03:00",
  ]);
  assertEquals(nextCron("0 9 29 2 *", "UTC", now)?.wall, "2028-02-29T09:00:00");
});
