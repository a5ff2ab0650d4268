import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  checkSchedule,
  countBetween,
  describe,
  latestBy,
  nextAfter,
  scheduleAt,
  scheduleAtInstant,
  SHORTEST_SHOWN_MS,
  upcoming,
} from "../../domain/when/repeat.ts";
import { parseWhen, type When } from "../../domain/when/when.ts";
import { DAY_MS, formatWall, MINUTE_MS, parseWall, partsOf } from "../../domain/when/wall.ts";
import type { Rule, Schedule } from "../../kv/reminder_schema.ts";

const zones = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Antarctica/Troll",
  "America/Santiago",
);
const nows = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2036, 0, 1) });

/** Pieces of what people say, so that random texts come upon the grammar. */
const words = fc.constantFrom(
  ..."in at on by every each until for from next this the of and other second last first a an half"
    .split(" "),
  ..."20 min 2 h 3 days weeks month hour 5 9 17:30 5pm 25:00 9:75 noon midnight morning evening"
    .split(" "),
  ..."today tomorrow tonight yesterday monday fri sun mon,wed weekday weekend daily weekly times"
    .split(" "),
  ..."23 nov november 23rd 15th 30 feb 29 31. 23.11. 23.11.2026 3/4 2026-11-23 2030-02-29 2040-01-01"
    .split(" "),
  ..."2026-11-23T10:30Z T10:30 call Bob about , - . : ( ) ' & @ 🎂 1h30 0 999 9999 -1 1e9".split(
    " ",
  ),
);
const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(words, { maxLength: 5 }).map((list) => list.join(" ")),
  fc.array(words, { maxLength: 14 }).map((list) => list.join(" ")),
  fc.array(words, { maxLength: 14 }).map((list) => list.join("")),
);

/** The letters and figures of a text, in order of the alphabet. */
function signsOf(text: string): string {
  return [...text.replace(/[^\p{L}\p{N}]/gu, "")].sort().join("");
}

function checkWhen(text: string, when: When, now: number): void {
  let from = 0;
  for (const { start, end, text: words, label } of when.spans) {
    assert(start >= from && end > start && end <= text.length, "spans lie in the text, in order");
    assertEquals(words, text.slice(start, end));
    assert(label !== "");
    from = end;
  }
  const said = when.rest + when.spans.map(({ text }) => text).join("");
  assertEquals(signsOf(said), signsOf(text), "no word is lost or made up");
  if (when.spans.length > 0) {
    assert((when.schedule === null) !== (when.problem === null), "either good or a problem");
  }
  if (when.problem !== null) assert(when.problem.startsWith("Cannot "), when.problem);
  const schedules = [when.schedule, ...when.alternatives.map(({ schedule }) => schedule)];
  for (const schedule of schedules) {
    if (!schedule) continue;
    checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS });
    const first = nextAfter(schedule, now);
    assert(first !== null && first.at > now && first.at === schedule.startAt);
    assert(!describe(schedule).includes("undefined"));
  }
}

Deno.test("parseWhen() has an answer for any text, keeps its words and means what is ahead", () => {
  let schedules = 0;
  let rules = 0;
  fc.assert(
    fc.property(texts, nows, zones, (text, now, zone) => {
      const when = parseWhen(text, { now, zone });
      checkWhen(text, when, now);
      if (when.schedule) schedules++;
      if (when.schedule?.rule) rules++;
    }),
    { numRuns: 3_000 },
  );
  assert(schedules > 100 && rules > 20, `${schedules} schedules, ${rules} rules`);
});

Deno.test("an answer is the same for the same words in capitals and with wider spaces", () => {
  const list = fc.array(words, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(list, nows, zones, (list, now, zone) => {
      const { schedule } = parseWhen(list.join(" "), { now, zone });
      const text = `  ${list.join(" \t ").toUpperCase()} `;
      assertEquals(parseWhen(text, { now, zone }).schedule, schedule);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a schedule's own time in ISO 8601, with its offset, and in words leads back to it", () => {
  fc.assert(
    fc.property(nows, fc.integer({ min: 1, max: 5_000_000 }), zones, (now, minutes, zone) => {
      const at = Math.ceil(now / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS;
      const schedule = scheduleAtInstant(zone, at);
      const again = (text: string) => parseWhen(text, { now, zone }).schedule;
      assertEquals(again(new Date(at).toISOString()), schedule);
      const plain = again(schedule.start);
      const said = again(describe(schedule).replace("Once, ", ""));
      // where the clock shows it twice, words mean the first time, and that may be past
      if (scheduleAt(zone, schedule.start).startAt !== schedule.startAt) return;
      assertEquals(plain, schedule);
      assertEquals(said, schedule);
    }),
    { numRuns: 500 },
  );
});

/** Sound schedules of all forms. */
const schedules: fc.Arbitrary<Schedule> = fc.record({
  zone: zones,
  wall: nows,
  unit: fc.constantFrom<Rule["unit"]>("minute", "hour", "day", "week", "month", "year"),
  every: fc.constantFrom(1, 1, 1, 2, 3, 7, 90),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 4 }),
  form: fc.constantFrom("plain", "monthDay", "last", "nth"),
  days: fc.option(fc.integer({ min: 0, max: 2_000 })),
}).map(({ zone, wall: at, unit, every, weekdays, form, days }) => {
  let wall = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const rule: Rule = { every, unit, until: null };
  if (unit === "week" && form !== "plain") {
    rule.weekdays = [...new Set([...weekdays, partsOf(wall).weekday])].sort();
  }
  if (unit === "month" && form === "last") {
    const { year, month } = partsOf(wall);
    wall = Date.UTC(year, month, 0) + wall % DAY_MS;
    rule.monthDay = -1;
  }
  if (unit === "month" && form === "monthDay") rule.monthDay = partsOf(wall).day;
  if (unit === "month" && form === "nth") {
    const { day, weekday } = partsOf(wall);
    rule.nth = { week: Math.ceil(day / 7) as 1, weekday };
  }
  if (days !== null) rule.until = formatWall(wall + days * DAY_MS).slice(0, 10);
  return scheduleAt(zone, formatWall(wall), rule);
});

Deno.test("occurrences go up, and counting and looking back agree with walking", () => {
  const after = fc.integer({ min: -100 * DAY_MS, max: 2_000 * DAY_MS });
  fc.assert(
    fc.property(schedules, after, fc.integer({ min: 0, max: 30 }), (schedule, offset, n) => {
      checkSchedule(schedule, { now: schedule.startAt - DAY_MS, shortestMs: SHORTEST_SHOWN_MS });
      const from = schedule.startAt + offset;
      const walked: number[] = [];
      for (let at = nextAfter(schedule, from)?.at; at !== undefined && walked.length < n;) {
        assert(at > (walked.at(-1) ?? from));
        walked.push(at);
        at = nextAfter(schedule, at)?.at;
      }
      assertEquals(upcoming(schedule, from, n).map(({ at }) => at), walked);
      const last = walked.at(-1);
      if (last === undefined) return;
      assertEquals(countBetween(schedule, from, last), walked.length);
      assertEquals(countBetween(schedule, from, last - 1), walked.length - 1);
      assertEquals(countBetween(schedule, from, last, 3), Math.min(3, walked.length));
      assertEquals(latestBy(schedule, last)?.at, last);
      const before = latestBy(schedule, last - 1)?.at ?? null;
      assert(before === null ? last === schedule.startAt : before < last);
      if (walked.length > 1) assertEquals(before, walked.at(-2));
      if (before !== null) assertEquals(nextAfter(schedule, before)?.at, last);
    }),
    { numRuns: 500 },
  );
});

Deno.test("what describe() says of a rule leads back to it", () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const { unit } = schedule.rule!;
      if (unit === "minute" || unit === "hour") return; // these begin when they are said
      const now = schedule.startAt - DAY_MS / 2;
      const sentence = describe(schedule);
      const { schedule: again, problem, rest } = parseWhen(sentence, { now, zone: schedule.zone });
      if (problem?.startsWith("Cannot end before")) return; // its last day is over before it can come
      assertEquals([problem, rest], [null, ""], sentence);
      assertEquals(describe(again!), sentence);
    }),
    { numRuns: 500 },
  );
});

Deno.test("texts made to take long are answered at once, or refused before they are read", () => {
  const now = parseWall("2026-11-23T10:00:00")!;
  const shapes = [
    ..." .:-/,@('0".split(""),
    ..."9:|1.|1/|1-|at |in |in 1 |on |every |every mon,|mon,|mon-|mon and |1h|1h1|and |the |for 1 "
      .split("|"),
    ..."until |until until 24 |a.m.|5 p.|next |2026-|2026-11-23T|23 nov |nov |first |last day of |1st "
      .split("|"),
    ..."every second |half past |in half an |1 hour and |\u00a0|\u2028|🎂|e\u0301|\ud800|\u0000|ﷺ|𝟙"
      .split("|"),
  ];
  assert(shapes.length >= 50, String(shapes.length));
  for (const shape of shapes) {
    for (const length of [1_000, 10_000, 100_000]) {
      const text = shape.repeat(Math.ceil(length / shape.length)).slice(0, length);
      const when = parseWhen(text, { now, zone: "Europe/Berlin" });
      if (length > 1_000) assertEquals([when.schedule, when.spans], [null, []]);
      else checkWhen(text, when, now);
    }
  }
});
