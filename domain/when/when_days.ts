import { MONTHS } from "./schedule_words.ts";
import type { DayPart } from "./when_clock.ts";
import { daysInMonth, partsOf, startOfDay, type Wall } from "./wall.ts";

/**
 * How sure it is that words are about time: "sure" anywhere in a text; "edge" at its beginning or
 * end or beside other such words; "end" at its end or beside such words.
 */
export type Strength = "sure" | "edge" | "end";

/** A day in words. */
export interface DateWords {
  /** Midnights of the days that may be meant, ascending; the first that is ahead at its time is. */
  days: Wall[];
  /** What else may be meant by the words. */
  others: Wall[][];
  /** "tonight", "this morning". */
  part: DayPart | null;
  /** Nothing but "today", which may be nearly over. */
  today?: boolean;
  problem?: string;
}

export interface DateMatch {
  date: DateWords;
  to: number;
  strength: Strength;
}

/** A day of which nothing more is to be known. */
export function oneDay(day: Wall, part: DayPart | null = null): DateWords {
  return { days: [day], others: [], part };
}

/** A day and month without a year: this year's if it is not over, and the one after. */
export function dayOfYear(day: number, month: number, today: Wall): DateWords {
  const { year } = partsOf(today);
  const days: Wall[] = [];
  for (let y = year; y <= year + 8 && days.length < 2; y++) { // 8: from 2096 to 2104, for 29 February
    const found = startOfDay(y, month, day);
    if (found !== null && found >= today) days.push(found);
  }
  return days.length > 0 ? { days, others: [], part: null } : noSuchDay(day, month);
}

/** A full date. */
export function fullDate(day: number, month: number, year: number): DateWords {
  const found = startOfDay(year, month, day);
  return found === null ? noSuchDay(day, month, year) : oneDay(found);
}

function noSuchDay(day: number, month: number, year?: number): DateWords {
  const name = MONTHS[month - 1];
  const of = year === undefined ? "" : ` ${year}`;
  const last = name && `${daysInMonth(year ?? 2028, month)} ${name.slice(0, 3)}${of}`; // 2028: a leap year
  const problem = last && day >= 1
    ? `Cannot use ${day} ${name}${of}: there is no such day; say ${last}`
    : "Cannot use this date: there is no such day; say one as in 23 Nov";
  return { days: [], others: [], part: null, problem };
}
