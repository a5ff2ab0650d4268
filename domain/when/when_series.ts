import { AppError } from "../../core/errors.ts";
import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { calendarOf } from "./calendar.ts";
import { upcoming } from "./series.ts";
import { scheduleAt, scheduleAtInstant } from "./schedule.ts";
import { clock as clockWords, describeRule } from "./schedule_words.ts";
import type { Choice } from "./when_choice.ts";
import { hoursOf, NAMED_MS } from "./when_clock.ts";
import type { PieceOf } from "./when_pieces.ts";
import type { End } from "./when_ends.ts";
import type { RuleWords } from "./when_month_days.ts";
import { isAhead, type Moment, type Resolved } from "./when_moment.ts";
import {
  DAY_MS,
  dayOf,
  formatDay,
  formatWall,
  HOUR_MS,
  MINUTE_MS,
  parseWall,
  partsOf,
  plusMonths,
  type Wall,
  wallOf,
} from "./wall.ts";

const MAX_TIMES = 1_000;

/** The schedule of a rule in words, which begins with the first of its times that is ahead. */
export function scheduleOfRule(
  { rule: { part, month, problem: _, ...rule } }: PieceOf<"rule">,
  { date, time, until }: Choice,
  moment: Moment,
): Resolved {
  const today = dayOf(wallOf(moment.now, moment.zone));
  const from = date?.date.days[0] ?? today;
  const said = time?.clock ?? date?.clock ?? null;
  const elapsing = rule.unit === "minute" || rule.unit === "hour";
  const hour = said
    ? hoursOf(said, part ?? date?.date.part ?? null)[0]!
    : NAMED_MS[part ?? date?.date.part ?? "morning"];
  const starting = (ms: number) => startingOn(from, { rule, month, ms: ms % DAY_MS, moment });
  if (time?.second) {
    const both = [time.clock, time.second].map((clock) => {
      const schedule = starting(hoursOf(clock, part ?? null)[0]!);
      return describeRule(schedule.rule!, parseWall(schedule.start)!);
    });
    throw refuse(`Cannot repeat at two times of a day: make two reminders, ${both.join(" and ")}`);
  }
  const begun = elapsing && !said && !date ? elapsed(rule, moment) : starting(hour);
  const schedule = until ? ending(begun, until.end) : begun;
  const assumed = said || part || elapsing && !date ? [] : [clockWords(parseWall(schedule.start)!)];
  return { schedule, others: [], assumed };
}

/** Every so many minutes or hours from now, on the full minute. */
function elapsed(rule: RuleWords, { now, zone }: Moment): Schedule {
  const step = rule.every * (rule.unit === "hour" ? HOUR_MS : MINUTE_MS);
  const at = Math.floor((now + step) / MINUTE_MS) * MINUTE_MS;
  const soon = at < now + MINUTE_MS / 2;
  return scheduleAtInstant(zone, soon ? at + MINUTE_MS : at, whole(rule));
}

function startingOn(
  from: Wall,
  { rule, month, ms, moment }: {
    rule: Omit<Rule, "until">;
    month: number | undefined;
    ms: number;
    moment: Moment;
  },
): Schedule {
  const { every, unit } = rule;
  const at = (wall: Wall, full: Rule) => scheduleAt(moment.zone, formatWall(wall), full);
  const said = rule.weekdays ?? rule.monthDay ?? rule.nth;
  if (said === undefined) {
    // by the day it begins on; of days, hours and minutes any day will do
    const later = unit === "week"
      ? from + every * 7 * DAY_MS
      : unit === "month"
      ? plusMonths(from, every)
      : unit === "year"
      ? plusMonths(from, 12 * every)
      : from + DAY_MS;
    const full = whole(unit === "month" ? { ...rule, monthDay: partsOf(from).day } : rule);
    return at((isAhead(from + ms, moment) ? from : later) + ms, full);
  }
  // the calendar takes the month of a year from the start
  const base = month === undefined ? from : Date.UTC(partsOf(from).year, month - 1, 1);
  const calendar = calendarOf(whole({ ...rule, every: 1 }), base + ms);
  let wall = calendar(from + ms - 1);
  while (wall !== null && !isAhead(wall, moment)) wall = calendar(wall);
  return at(wall ?? from + ms, whole(rule));
}

function whole({ every, unit, weekdays, monthDay, nth }: RuleWords): Rule {
  return {
    every,
    unit,
    ...weekdays && { weekdays },
    ...monthDay !== undefined && { monthDay },
    ...nth && { nth },
    until: null,
  };
}

/** The same with its last day. */
function ending(schedule: Schedule, end: End): Schedule {
  const start = parseWall(schedule.start)!;
  const first = dayOf(start);
  const rule = schedule.rule!;
  let last: Wall | undefined;
  if ("date" in end) {
    if (end.date.problem) throw refuse(end.date.problem);
    last = end.date.days.find((day) => day >= first) ?? end.date.days.at(-1);
  } else if ("amount" in end) {
    last = plusMonths(first, end.amount.months) + (end.amount.days - 1) * DAY_MS;
  } else if (rule.unit === "minute" || rule.unit === "hour") {
    throw refuse("Cannot count times within a day: say until when, as in until 24 Dec");
  } else {
    if (end.times < 1 || end.times > MAX_TIMES) {
      throw refuse(`Cannot repeat ${end.times} times: say 1 to ${MAX_TIMES}`);
    }
    const wall = upcoming(schedule, schedule.startAt - 1, end.times).at(-1)?.wall;
    last = wall === undefined ? first : dayOf(parseWall(wall)!);
  }
  return { ...schedule, rule: { ...rule, until: formatDay(last ?? first) } };
}

function refuse(message: string): AppError {
  return new AppError("invalid", message, { field: "when" });
}
