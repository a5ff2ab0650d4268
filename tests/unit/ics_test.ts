import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import ICAL from "ical.js";
import { icsCalendar } from "../../domain/data/ics_calendar.ts";
import { rruleOf } from "../../domain/data/ics_rule.ts";
import { icsLine, icsText } from "../../domain/data/ics.ts";
import { checkRule, scheduleAt, scheduleAtInstant, upcoming } from "../../domain/when/repeat.ts";
import { parseWall } from "../../domain/when/wall.ts";
import type { Reminder, Rule, Schedule } from "../../kv/schema.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
/** The file tells of clock changes for ten years. */
const ZONES_TOLD = Date.parse("2036-11-23T00:00:00Z");

const reminder = (change: Partial<Reminder>): Reminder => ({
  id: "01jd00000000000000000000ab",
  ownerId: "01jd00000000000000000000ow",
  noteId: null,
  title: "T",
  text: "",
  channels: { page: true, telegram: false, mail: [] },
  schedule: scheduleAt("Europe/Berlin", "2026-11-24T09:00"),
  missed: "once",
  state: "active",
  nextAt: null,
  version: 1,
  createdAt: NOW,
  updatedAt: NOW,
  ...change,
});

/** What an independent reader finds. */
function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  return calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
}

const calendarOf = (...reminders: Reminder[]) =>
  icsCalendar(reminders, { now: NOW, host: "example.org" });

Deno.test("no line is over 75 bytes, and what was folded is whole again when it is unfolded", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 400 });
  fc.assert(
    fc.property(text, (raw) => {
      const line = `SUMMARY:${icsText(raw)}`;
      const folded = icsLine(line);
      for (const part of folded.split("\r\n")) {
        assertLessOrEqual(new TextEncoder().encode(part).length, 75);
        assert(part.isWellFormed());
      }
      assert(!/[^\r]\n|\r[^\n]/.test(folded), "line ends are CRLF");
      assertEquals(folded.replaceAll("\r\n ", ""), `${line.toWellFormed()}\r\n`);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("an independent reader finds the words as they are, whatever is in them", () => {
  const words = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.constantFrom(
      "a;b,c\\d",
      "x\r\nBEGIN:VEVENT\r\nUID:evil",
      "\\n",
      "END:VCALENDAR",
      "é".repeat(99),
    ),
  );
  const clean = (text: string) =>
    text.replace(/\r\n?/g, "\n").replace(
      /\p{Cc}/gu,
      (char) => /[\t\n\u0080-\u009f]/.test(char) ? char : "",
    );
  fc.assert(
    fc.property(words, words, (title, text) => {
      const events = eventsOf(calendarOf(reminder({ title, text: `${text}.` })));
      assertEquals(events.length, 1);
      assertEquals(events[0]?.summary, clean(title));
      assertEquals(events[0]?.description, clean(`${text}.`));
      assertEquals(events[0]?.uid, "01jd00000000000000000000ab@example.org");
    }),
    { numRuns: 500 },
  );
});

const rules: [start: string, rule: Rule][] = [
  ["2026-11-24T09:00", { every: 1, unit: "day", until: null }],
  ["2026-11-24T09:00", { every: 3, unit: "day", until: "2026-12-24" }],
  ["2026-11-23T18:30", { every: 2, unit: "week", weekdays: [1, 3, 7], until: null }],
  ["2026-11-24T09:00", { every: 1, unit: "week", until: null }],
  ["2026-11-24T02:30", { every: 90, unit: "minute", until: null }],
  ["2026-11-24T02:30", { every: 24, unit: "hour", until: null }],
  ["2027-01-31T09:00", { every: 1, unit: "month", until: null }],
  ["2026-11-30T09:00", { every: 1, unit: "month", monthDay: -1, until: null }],
  ["2026-12-11T09:00", { every: 1, unit: "month", nth: { week: 2, weekday: 5 }, until: null }],
  ["2026-11-30T09:00", { every: 1, unit: "month", nth: { week: -1, weekday: 1 }, until: null }],
  ["2026-12-24T20:00", { every: 1, unit: "year", until: null }],
  ["2028-02-29T20:00", { every: 1, unit: "year", until: null }],
  ["2027-04-30T20:00", { every: 1, unit: "year", until: null }],
  ["2027-03-14T20:00", { every: 1, unit: "year", nth: { week: 2, weekday: 7 }, until: null }],
];
const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];

/** When an independent reader says it comes. */
function timesOf(schedule: Schedule, most: number): number[] {
  const [event] = eventsOf(calendarOf(reminder({ schedule })));
  const iterator = event!.iterator();
  const times: number[] = [];
  for (let at = iterator.next(); at && times.length < most; at = iterator.next()) {
    times.push(at.toJSDate().getTime());
  }
  return times;
}

for (const zone of zones) {
  Deno.test(`an independent reader has every rule come at our times (${zone})`, () => {
    for (const [start, rule] of rules) {
      const schedule = scheduleAt(zone, start, rule);
      checkRule(rule, parseWall(schedule.start)!, 0);
      const ours = upcoming(schedule, schedule.startAt - 1, 40).map(({ at }) => at);
      const told = (times: number[]) => times.filter((at) => at < ZONES_TOLD);
      const theirs = timesOf(schedule, 40);
      assertEquals(told(theirs), told(ours), `${start} ${JSON.stringify(rule)}`);
    }
  });
}

Deno.test("the 29th and the 30th, or the last day of shorter months, are said as the RFC can say it", () => {
  const said = (start: string) =>
    rruleOf(scheduleAt("UTC", start, { every: 1, unit: "month", until: null }));
  assertEquals(said("2027-01-28T09:00"), "FREQ=MONTHLY;BYMONTHDAY=28");
  // Read so by dateutil; the reader of this test takes all of the days.
  assertEquals(said("2027-01-29T09:00"), "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1");
  assertEquals(said("2027-01-30T09:00"), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1");
  assertEquals(said("2027-01-31T09:00"), "FREQ=MONTHLY;BYMONTHDAY=-1");
});

Deno.test("the second of two equal wall times is said as the instant it is", () => {
  const schedule = scheduleAtInstant("Europe/Berlin", Date.parse("2027-10-31T01:30:00Z"));
  assertEquals(schedule.start, "2027-10-31T02:30:00");
  assertEquals(timesOf(schedule, 1), [schedule.startAt]);
});
