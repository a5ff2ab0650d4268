import { AppError } from "../../core/errors.ts";
import type { Rule, Schedule } from "../../kv/reminder_schema.ts";
import { checkSchedule, scheduleAt, scheduleAtInstant, SHORTEST_SHOWN_MS } from "./schedule.ts";
import { clock as clockWords, dayWords, describe } from "./schedule_words.ts";
import { roughMs } from "./when_amounts.ts";
import { hoursOf, NAMED_MS } from "./when_clock.ts";
import type { Choice } from "./when_choice.ts";
import type { PieceOf } from "./when_pieces.ts";
import { isAhead, type Moment, type Resolved } from "./when_moment.ts";
import { scheduleOfRule } from "./when_series.ts";
import {
  DAY_MS,
  dayOf,
  formatWall,
  instantOf,
  MINUTE_MS,
  parseWall,
  partsOf,
  plusMonths,
  type Wall,
  wallOf,
} from "./wall.ts";

/** What the chosen words come to. */
export interface Meaning {
  schedule: Schedule | null;
  assumed: string[];
  alternatives: { label: string; schedule: Schedule }[];
  problem: string | null;
}

const TOO_FAR_MS = 11 * 366 * DAY_MS;

/** The schedule that the words ask for, or why there is none. */
export function meaningOf(choice: Choice, moment: Moment): Meaning {
  const none = { schedule: null, assumed: [], alternatives: [] };
  const problem = choice.time?.clock.problem ?? choice.time?.second?.problem ??
    choice.date?.clock?.problem ?? choice.date?.date.problem ?? choice.rule?.rule.problem;
  if (problem) return { ...none, problem };
  try {
    const { schedule, assumed, others } = resolve(choice, moment);
    checkSchedule(schedule, { now: moment.now, shortestMs: SHORTEST_SHOWN_MS });
    const alternatives = others.filter((other) => {
      return other.startAt !== schedule.startAt && isGood(other, moment.now);
    }).map((other) => ({ label: labelOf(other), schedule: other }));
    return { schedule, assumed, alternatives, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.field !== "when") throw error;
    return { ...none, problem: error.message };
  }
}

function resolve(choice: Choice, moment: Moment): Resolved {
  if (choice.in) return resolveIn(choice.in, choice, moment);
  const second = choice.time?.second;
  if (second && !choice.rule) {
    const both = [choice.time!.clock, second].map((clock) => clockWords(hoursOf(clock, null)[0]!));
    throw new AppError(
      "invalid",
      `Cannot remind at two times: make two reminders, at ${both.join(" and at ")}`,
      { field: "when" },
    );
  }
  if (choice.rule) return scheduleOfRule(choice.rule, choice, moment);
  if (choice.date) return resolveDate(choice.date, choice, moment);
  const today = dayOf(wallOf(moment.now, moment.zone));
  const hours = hoursOf(choice.time!.clock, null);
  const at = (ms: number) => once(aheadOf([today, today + DAY_MS], ms, moment), moment);
  const [schedule, ...others] = hours.map(at) as [Schedule, ...Schedule[]];
  return {
    schedule,
    others: sooner(others, schedule),
    assumed: [dayLabel(parseWall(schedule.start)!, moment)],
  };
}

function resolveIn({ amount }: PieceOf<"in">, { time }: Choice, moment: Moment): Resolved {
  const { now, zone } = moment;
  const resolved = { assumed: [], others: [] };
  if (roughMs(amount) < MINUTE_MS) {
    throw new AppError("invalid", "Cannot remind so soon: say in 1 min or more", { field: "when" });
  }
  if (roughMs(amount) > TOO_FAR_MS) {
    throw new AppError("invalid", "Cannot remind then: it is more than 10 years ahead", {
      field: "when",
    });
  }
  if (amount.days === 0 && amount.months === 0) {
    return { ...resolved, schedule: scheduleAtInstant(zone, now + amount.ms) };
  }
  const shown = Math.floor(wallOf(now, zone) / MINUTE_MS) * MINUTE_MS;
  const day = plusMonths(shown, amount.months) + amount.days * DAY_MS;
  if (amount.ms > 0) {
    return { ...resolved, schedule: scheduleAtInstant(zone, instantOf(day, zone) + amount.ms) };
  }
  if (!time) {
    const others = [once(dayOf(day) + NAMED_MS.morning, moment)];
    return { ...resolved, schedule: once(day, moment), others };
  }
  const [schedule, ...others] = hoursOf(time.clock, null).map((ms) =>
    once(dayOf(day) + ms, moment)
  ) as [Schedule, ...Schedule[]];
  return { schedule, others: sooner(others, schedule), assumed: [] };
}

/** The other half of the day is worth a question only where it comes first. */
function sooner(others: Schedule[], { startAt }: Schedule): Schedule[] {
  return others.filter((other) => other.startAt < startAt);
}

function resolveDate(
  { date, clock, offsetMs }: PieceOf<"date">,
  { time }: Choice,
  moment: Moment,
): Resolved {
  const said = clock ?? time?.clock;
  if (said && offsetMs !== null) {
    const at = date.days[0]! + said.ms - offsetMs;
    return { schedule: scheduleAtInstant(moment.zone, at), assumed: [], others: [] };
  }
  const hours = said
    ? hoursOf(said, date.part)
    : date.part
    ? [NAMED_MS[date.part]]
    : unsaid(date, moment);
  const choices = [date.days, ...date.others].flatMap((days) => {
    return hours.map((ms) => ({ days, ms }));
  });
  // "today at 9" said at ten is this evening, not the past
  const ahead = choices.filter(({ days, ms }) => days.some((day) => isAhead(day + ms, moment)));
  const possible = ahead.length > 0 ? ahead : choices;
  const first = possible[0]!;
  const at = ({ days, ms }: typeof first) => once(aheadOf(days, ms, moment), moment);
  const schedule = at(first);
  const sameDays = possible.filter(({ days }) => days === first.days).slice(1);
  const others = [
    ...sooner(sameDays.map(at), schedule),
    ...possible.filter(({ days, ms }) => days !== first.days && ms === first.ms).map(at),
  ];
  const assumed = said ? [] : [clockWords(parseWall(schedule.start)!)];
  return { schedule, assumed, others };
}

/** The time of a day of which no time was said: its morning, or of today what is left of it. */
function unsaid({ today, days }: PieceOf<"date">["date"], moment: Moment): number[] {
  const named = Object.values(NAMED_MS);
  if (!today) return [NAMED_MS.morning];
  return [named.find((ms) => isAhead(days[0]! + ms, moment)) ?? NAMED_MS.night];
}

/** The first of some days that is ahead at a time, or else the last. */
function aheadOf(days: Wall[], ms: number, moment: Moment): Wall {
  return (days.find((day) => isAhead(day + ms, moment)) ?? days.at(-1)!) + ms;
}

function once(wall: Wall, { zone }: Moment, rule: Rule | null = null): Schedule {
  return scheduleAt(zone, formatWall(wall), rule);
}

function isGood(schedule: Schedule, now: number): boolean {
  try {
    checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS });
    return true;
  } catch {
    return false;
  }
}

function labelOf(schedule: Schedule): string {
  if (schedule.rule) return describe(schedule);
  const wall = parseWall(schedule.start)!;
  return `${dayWords(wall)} ${clockWords(wall)}`;
}

/** "Tue 24 Nov", with the year where it is another. */
export function dayLabel(day: Wall, { now, zone }: Moment): string {
  return dayWords(day, { year: partsOf(day).year !== partsOf(wallOf(now, zone)).year });
}
