import type { Schedule } from "../kv/reminder_schema.ts";
import { type Calendar, calendarOf, longMonthDay } from "./when/calendar.ts";
import { stepMs, upcoming } from "./when/series.ts";
import { clock, dayAndTime, dayWords, describe, ordinal, WEEKDAYS } from "./when/schedule_words.ts";
import {
  DAY_MS,
  instantOf,
  offsetAt,
  parseDay,
  parseWall,
  type Wall,
  wallOf,
} from "./when/wall.ts";

export interface Preview {
  sentence: string;
  /** At most five; `text` is as in "Mon 23 Nov 2026 10:30 CET". */
  next: { at: number; wall: string; text: string }[];
  warnings: string[];
}

const SHOWN = 5;
/** How far clock changes are looked for. */
const AHEAD_MS = 2 * 366 * DAY_MS;

/** What a person sees before saving: the schedule in words, its next times and what may surprise. */
export function preview(schedule: Schedule, now: number): Preview {
  const named = new Intl.DateTimeFormat("en-GB", {
    timeZone: schedule.zone,
    timeZoneName: "short",
  });
  const next = upcoming(schedule, now, SHOWN).map(({ at, wall }) => {
    const zone = named.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value;
    const shown = parseWall(wall)!;
    return { at, wall, text: `${dayWords(shown)} ${clock(shown)} ${zone ?? schedule.zone}` };
  });
  const warnings = next.length > 0 ? warningsOf(schedule, now) : [overWords(schedule)];
  return { sentence: describe(schedule), next, warnings };
}

/** Of a schedule that does not come any more. */
function overWords({ start, rule }: Schedule): string {
  const last = rule?.until && parseDay(rule.until);
  return last
    ? `Its last day, ${dayWords(last)}, is past`
    : `${dayAndTime(parseWall(start)!)} is past`;
}

function warningsOf(schedule: Schedule, now: number): string[] {
  const { rule, startAt } = schedule;
  const start = parseWall(schedule.start)!;
  const warnings: string[] = [];
  if (rule && stepMs(rule) !== null) return warnings;
  const long = rule && longMonthDay(rule, start);
  if (long) {
    warnings.push(
      rule.unit === "year"
        ? "Common years have no 29 February: it rings on the 28th"
        : `Months without a ${ordinal(long)}: it rings on their last day`,
    );
  }
  if (rule?.nth?.week === 5) {
    warnings.push(
      `Months without a fifth ${WEEKDAYS[rule.nth.weekday - 1]} are left out: say the last`,
    );
  }
  const calendar: Calendar = rule
    ? calendarOf(rule, start)
    : (after) => after < start ? start : null;
  return [...warnings, ...changes(schedule, calendar, Math.max(now, startAt - DAY_MS))];
}

/** The first of its times that clocks leave out and the first that they show twice, from `from` on. */
function changes({ zone, startAt }: Schedule, calendar: Calendar, from: number): string[] {
  const place = zone.split("/").at(-1)!.replaceAll("_", " ");
  const found = new Map<string, string>();
  for (const at of changesOf(zone, from, Math.max(startAt, from) + AHEAD_MS)) {
    const [before, after] = [offsetAt(at - 1, zone), offsetAt(at, zone)];
    const wall = calendar(at + Math.min(before, after) - 1);
    if (wall === null || wall >= at + Math.max(before, after)) continue;
    if (after > before && !found.has("gap")) {
      found.set(
        "gap",
        `${clock(wall)} does not exist on ${dayWords(wall)} in ${place}: it rings at ${
          later(wall, zone)
        }`,
      );
    }
    const second = instantOf(wall, zone) + before - after === startAt;
    if (after < before && !found.has("overlap")) {
      found.set(
        "overlap",
        `${clock(wall)} happens twice on ${dayWords(wall)} in ${place}: it rings the ${
          second ? "second" : "first"
        } time`,
      );
    }
  }
  return [...found.values()];
}

function later(wall: Wall, zone: string): string {
  const shown = wallOf(instantOf(wall, zone), zone);
  const sameDay = Math.floor(shown / DAY_MS) === Math.floor(wall / DAY_MS);
  return sameDay ? clock(shown) : `${clock(shown)} on ${dayWords(shown)}`;
}

/** The instants in which clocks of a zone are moved. */
function* changesOf(zone: string, from: number, to: number): Generator<number> {
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
    .getTimeZoneTransition("next");
  while (at && at.epochMilliseconds <= to) {
    yield at.epochMilliseconds;
    at = at.getTimeZoneTransition("next");
  }
}
