import { assert, assertEquals, assertLess } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { checkCron, nextCron } from "../../domain/when/cron_rule.ts";
import {
  checkSchedule,
  countBetween,
  latestBy,
  preview,
  scheduleAt,
  SHORTEST_SHOWN_MS,
} from "../../domain/when/repeat.ts";
import { parseWhen } from "../../domain/when/when.ts";
import type { Rule } from "../../kv/reminder_schema.ts";
import { leastMs } from "../support/least.ts";

const ZONE = "Europe/Berlin";
const NOW = Date.parse("2026-11-25T10:00:00Z");
/** What tells a bomb from a slow moment, ms; on a machine at rest each took less than 20. */
const MOST_MS = 2_000;

function isRefused(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}

/** Rules that would come for ever, at once, or never; units that there are not no door lets in. */
const rules: [what: string, start: string, rule: Record<string, unknown> | null][] = [
  ["nought at a time", "2026-12-01T09:00", { every: 0, unit: "minute" }],
  ["backwards", "2026-12-01T09:00", { every: -1, unit: "day" }],
  ["a fraction of a minute", "2026-12-01T09:00", { every: 1e-9, unit: "minute" }],
  ["a thousand million years", "2026-12-01T09:00", { every: 1e9, unit: "year" }],
  ["no number", "2026-12-01T09:00", { every: NaN, unit: "day" }],
  ["without end", "2026-12-01T09:00", { every: Infinity, unit: "day" }],
  ["the year 9999", "9999-12-31T23:59", null],
  ["the year 9999, each minute until then", "2026-12-01T09:00", {
    every: 1,
    unit: "minute",
    until: "9999-13-31",
  }],
  ["30 February", "2027-02-30T09:00", { every: 1, unit: "year" }],
  ["the hundredth day of a month", "2026-12-01T09:00", { every: 1, unit: "month", monthDay: 100 }],
  ["a weekday of a thousand", "2026-12-01T09:00", {
    every: 1,
    unit: "week",
    weekdays: Array.from({ length: 1_000 }, () => 2),
  }],
];

for (const [what, start, rule] of rules) {
  Deno.test(`a schedule is refused at once: ${what}`, () => {
    const whole = rule === null ? null : { until: null, ...rule } as Rule;
    const check = () =>
      checkSchedule(scheduleAt(ZONE, start, whole), { now: NOW, shortestMs: SHORTEST_SHOWN_MS });
    const ms = leastMs(() => assert(isRefused(check)), { enoughMs: MOST_MS });
    assertLess(ms, MOST_MS);
  });
}

const crons = [
  "* * * * *",
  "* * * * * *",
  "*/1 * * * *",
  "0-59 9 * * *",
  Array.from({ length: 33 }, () => "* ").join(""),
  "0 0 30 2 *",
  "0 0 31 2,4,6,9,11 *",
  "0 0 * * * 9999",
  "0 0 1/1000000000 * *",
  "0 0 0 0 0",
];

for (const pattern of crons) {
  Deno.test(`a cron rule is refused at once: ${pattern.slice(0, 30).trim()}`, () => {
    const check = () => checkCron(pattern, ZONE);
    assertLess(leastMs(() => assert(isRefused(check)), { enoughMs: MOST_MS }), MOST_MS);
  });
}

Deno.test("words that ask for too much, or for what never comes, make no schedule, at once", () => {
  for (
    const words of [
      "every second",
      "every millisecond",
      "every 0 minutes",
      "every 1000000000 years",
      "in 999999999999 years",
      "on 30 february every year",
      "31.12.9999",
    ]
  ) {
    const read = () => parseWhen(words, { now: NOW, zone: ZONE });
    assertLess(leastMs(read, { enoughMs: MOST_MS }), MOST_MS, words);
    assertEquals(read().schedule, null, words);
  }
});

Deno.test("the next five times of any rule that is taken are found at once, however rare they are", () => {
  const taken: [string, Partial<Rule>][] = [
    ["2026-12-01T09:00", { every: 1, unit: "minute" }],
    ["2026-12-01T09:00", { every: 999, unit: "minute" }],
    ["2028-02-29T09:00", { every: 1, unit: "year" }],
    ["2026-12-31T09:00", { every: 1, unit: "month", monthDay: 31 }],
    ["2026-12-01T09:00", { every: 99, unit: "year" }],
    ["2026-12-01T09:00", { every: 99, unit: "month" }],
    ["2027-03-28T02:30", { every: 1, unit: "day" }],
    ["2026-12-01T09:00", { every: 99, unit: "week" }],
  ];
  for (const [start, rule] of taken) {
    const whole = { until: null, ...rule } as Rule;
    const schedule = scheduleAt(ZONE, start, whole);
    const what = `${start} ${JSON.stringify(rule)}`;
    checkSchedule(schedule, { now: NOW, shortestMs: SHORTEST_SHOWN_MS });
    const soon = (act: () => unknown) => leastMs(act, { enoughMs: MOST_MS });
    assertLess(soon(() => preview(schedule, NOW)), MOST_MS, what);
    // After a year in which nothing ran.
    const late = NOW + 365 * 86_400_000;
    assertLess(soon(() => countBetween(schedule, NOW, late, 1_000)), MOST_MS, what);
    assertLess(soon(() => latestBy(schedule, late)), MOST_MS, what);
  }
  for (const pattern of ["0 9 29 2 *", "0 0 L * *", "59 23 31 12 *", "0 9 * * 1#5"]) {
    const next = () => nextCron(pattern, ZONE, NOW);
    assertLess(leastMs(next, { enoughMs: MOST_MS }), MOST_MS, pattern);
  }
});
