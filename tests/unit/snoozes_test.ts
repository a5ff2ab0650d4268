import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { dueLine } from "../../domain/reminders/reminder_words.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import {
  parseSnoozeChoice,
  SNOOZE_CHOICES,
  snoozeChoices,
  snoozeUntil,
} from "../../domain/reminders/snoozes.ts";
import { moment } from "../../domain/reminders/reminder_words.ts";

const zone = "Europe/Berlin";
const ends = (now: string) => {
  const at = { now: Date.parse(now), zone };
  return SNOOZE_CHOICES.map((choice) => moment(snoozeUntil(choice, at), zone, at.now));
};
const offered = (now: string) =>
  snoozeChoices({ now: Date.parse(now), zone }).map(({ choice }) => choice);

Deno.test("snoozeUntil() goes by the clocks of the zone", () => {
  assertEquals(ends("2026-11-24T08:00:00Z"), [
    "Tue 24 Nov 09:20",
    "Tue 24 Nov 10:00",
    "Tue 24 Nov 12:00",
    "Tue 24 Nov 18:00",
    "Wed 25 Nov 09:00",
    "Mon 30 Nov 09:00",
  ]);
  assertEquals(ends("2026-11-24T22:59:00Z").slice(3), [ // 23:59 there
    "Wed 25 Nov 18:00",
    "Wed 25 Nov 09:00",
    "Mon 30 Nov 09:00",
  ]);
  assertEquals(ends("2026-11-30T08:00:00Z").at(-1), "Mon 7 Dec 09:00", "on a Monday the next one");
  assertEquals(ends("2027-03-27T20:00:00Z")[4], "Sun 28 Mar 09:00", "the night clocks go forward");
});

Deno.test("snoozeChoices() offers no evening that is near and no Monday twice", () => {
  assertEquals(offered("2026-11-24T08:00:00Z"), [...SNOOZE_CHOICES]);
  assertEquals(offered("2026-11-24T16:00:00Z"), ["20m", "1h", "3h", "tomorrow", "monday"]);
  assertEquals(offered("2026-11-29T08:00:00Z"), ["20m", "1h", "3h", "evening", "tomorrow"]);
});

Deno.test("parseSnoozeChoice() takes what buttons offer and nothing else", () => {
  for (const choice of SNOOZE_CHOICES) assertEquals(parseSnoozeChoice(choice), choice);
  for (const text of ["", "2h", "1H", "toString"]) {
    assertThrows(() => parseSnoozeChoice(text), AppError, "no such choice");
  }
});

Deno.test("dueLine() says when it was due, when it comes and for how many it stands", () => {
  const at = (wall: string) => scheduleAt(zone, wall).startAt;
  const once = { schedule: scheduleAt(zone, "2026-11-23T09:00") };
  const steps = { every: 2, unit: "hour", until: null } as const;
  const [dueAt, ringAt] = [at("2026-11-23T09:00"), at("2026-11-23T10:00")];
  const said = (missedBefore: number, sent: string, ring = dueAt, of = once) =>
    dueLine(of, { dueAt, ringAt: ring, missedBefore }, at(sent));
  assertEquals(said(0, "2026-11-23T09:01"), "due Mon 23 Nov 09:00");
  assertEquals(said(0, "2026-11-25T14:10"), "due Mon 23 Nov 09:00, sent Wed 25 Nov 14:10");
  assertEquals(
    said(1, "2027-01-01T14:10"),
    "due Mon 23 Nov 2026 09:00, sent Fri 1 Jan 14:10; 1 earlier one was missed",
  );
  assertEquals(
    said(0, "2026-11-23T10:00", ringAt),
    "due Mon 23 Nov 09:00, snoozed until Mon 23 Nov 10:00",
  );
  const often = { schedule: scheduleAt(zone, "2026-11-23T09:00", steps) };
  assertEquals(said(0, "2026-11-23T09:00", dueAt, often), "due Mon 23 Nov 09:00 · every 2 hours");
});
