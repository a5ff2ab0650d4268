import { assertEquals, assertMatch } from "@std/assert";
import { type AskedTime, understand } from "../../domain/when/asked_time.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import { repeatChoices, ruleOfRepeat } from "../../domain/when/repeat_menu.ts";
import { wasSeenFor } from "../../domain/when/seen_time.ts";
import { parseWall } from "../../domain/when/wall.ts";

const zone = "Europe/Berlin";
const now = Date.parse("2026-11-24T10:00:00+01:00"); // a Tuesday, the fourth and last of its month

function asked(change: Partial<AskedTime> = {}): AskedTime {
  return { words: "", date: "", time: "", repeat: "", until: "", zone, ...change };
}

const startOf = (change: Partial<AskedTime>, kept = null as ReturnType<typeof scheduleAt> | null) =>
  understand(asked(change), { now, kept }).meant?.schedule.start;

Deno.test("understand() takes the words where no field says anything", () => {
  const { title, meant, problem } = understand(asked({ words: "tea every friday 9:00" }), { now });
  assertEquals([title, meant?.preview.sentence, problem], ["tea", "Every Friday at 09:00", null]);
});

Deno.test("understand() fills up the fields by the words, and the words by what is usual", () => {
  assertEquals(startOf({ words: "tea tomorrow 17:00", date: "2026-12-24" }), "2026-12-24T17:00:00");
  assertEquals(startOf({ words: "tea tomorrow 17:00", time: "08:00" }), "2026-11-25T08:00:00");
  assertEquals(startOf({ date: "2026-12-24" }), "2026-12-24T09:00:00");
  assertEquals(startOf({ time: "11:00" }), "2026-11-24T11:00:00", "still ahead today");
  assertEquals(startOf({ time: "09:00" }), "2026-11-25T09:00:00", "past today");
});

Deno.test("understand() begins with the first time of the rule", () => {
  assertEquals(startOf({ date: "2026-11-28", repeat: "weekdays" }), "2026-11-30T09:00:00");
  assertEquals(startOf({ date: "2026-11-28", repeat: "last_day" }), "2026-11-30T09:00:00");
  assertEquals(startOf({ date: "2026-11-28", repeat: "first_day" }), "2026-12-01T09:00:00");
});

Deno.test("understand() keeps what a form changes where nothing else is asked", () => {
  const rule = { every: 2, unit: "week" as const, weekdays: [2], until: null };
  const kept = scheduleAt(zone, "2026-11-10T09:00:00", rule);
  const whole = understand(asked({ repeat: "keep" }), { now, kept });
  assertEquals(whole.meant?.schedule, kept);
  const moved = understand(asked({ repeat: "keep", time: "11:00" }), { now, kept });
  assertEquals(moved.meant?.schedule.start, "2026-11-24T11:00:00", "in the same fortnight");
  assertEquals(moved.meant?.schedule.rule, rule);
  const later = understand(asked({ repeat: "keep", time: "08:00" }), { now, kept });
  assertEquals(later.meant?.schedule.start, "2026-12-08T08:00:00");
  const away = understand(asked({ repeat: "keep", zone: "Asia/Tokyo" }), { now, kept });
  assertEquals(away.meant?.schedule.zone, "Asia/Tokyo");
  assertEquals(startOf({ repeat: "once", time: "11:00" }, kept), "2026-11-24T11:00:00");
});

Deno.test("understand() says what is wrong and where, and what to say instead", () => {
  const cases: [Partial<AskedTime>, string, RegExp][] = [
    [{ words: "yesterday 9:00 tea" }, "words", /past/],
    [{ date: "2026-11-23" }, "date", /past/],
    [{ date: "2026-13-01" }, "date", /no such time/],
    [{ date: "x".repeat(99) }, "date", /no such time/],
    [{ time: "25:00" }, "time", /no such time/],
    [{ until: "2027-01-01" }, "until", /does not repeat/],
    [{ repeat: "daily", until: "soon" }, "until", /no such day/],
    [{ zone: "Mars/Base", words: "tea tomorrow" }, "zone", /Cannot/],
    [{ date: "2099-01-01" }, "date", /10 years/],
  ];
  for (const [change, field, why] of cases) {
    const { problem, meant } = understand(asked(change), { now });
    assertEquals([problem?.field, meant], [field, null], JSON.stringify(change));
    assertMatch(problem!.text, why);
  }
  assertEquals(understand(asked({ words: "yesterday 9 tea" }), { now }).instead, "tomorrow 09:00");
});

Deno.test("what was seen holds for the same question and no other", () => {
  const question = asked({ words: "tea tomorrow 9:00" });
  const seen = JSON.parse(understand(question, { now }).meant!.seen);
  assertEquals(wasSeenFor(seen, { ...question, words: " tea tomorrow 9:00 " }), true);
  for (const change of [{ words: "tea" }, { date: "2026-12-01" }, { zone: "Asia/Tokyo" }]) {
    assertEquals(wasSeenFor(seen, { ...question, ...change }), false);
  }
});

Deno.test("the repeat menu speaks of the day that is meant", () => {
  const labels = repeatChoices("2026-11-24T09:00:00").map(({ label }) => label);
  assertEquals(labels, [
    "Once",
    "Every day",
    "Monday to Friday",
    "Every week on Tuesday",
    "Every month on the 24th",
    "First day of each month",
    "Last day of each month",
    "Every month on the last Tuesday",
    "Every year on 24 Nov",
  ]);
  assertEquals(repeatChoices(null)[3]!.label, "Every week on that day");
  const third = ruleOfRepeat("nth_weekday", parseWall("2026-11-17T09:00:00")!);
  assertEquals(third?.nth, { week: 3, weekday: 2 });
});
