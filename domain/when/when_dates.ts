import { calendarOf, mondayOf } from "./calendar.ts";
import { dayWords, WEEKDAYS } from "./schedule_words.ts";
import { readPart } from "./when_clock.ts";
import { type DateMatch, type DateWords, dayOfYear, fullDate, oneDay } from "./when_days.ts";
import { monthAt, weekdayAt } from "./when_names.ts";
import { readOfMonth } from "./when_month_days.ts";
import { readNumericDate } from "./when_numeric_dates.ts";
import { digitsAt, isSign, isWord, ordinalAt, past, type Tokens } from "./when_tokens.ts";
import { DAY_MS, partsOf, startOfDay, type Wall } from "./wall.ts";

const WEEK_MS = 7 * DAY_MS;
/** Of these the short form is a word of its own, so that they need company. */
const ALSO_WORDS = ["sat", "sun", "wed"];

/** The day that begins at a token; `today` is the midnight it began with. */
export function readDate(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const prefixed = isWord(tokens, i, "on", "by");
  const j = prefixed ? i + 1 : i;
  const found = readNumericDate(tokens, j, today) ?? readNearDay(tokens, j, today) ??
    readWeekday(tokens, j, today) ?? readMonthDate(tokens, j, today) ??
    readMonthDay(tokens, j, today, prefixed);
  return found && prefixed && !found.date.problem ? { ...found, strength: "sure" } : found;
}

function readNearDay(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const sure = (date: DateWords, to: number): DateMatch => ({ date, to, strength: "sure" });
  const { year, month } = partsOf(today);
  if (isWord(tokens, i, "today")) return sure({ ...oneDay(today), today: true }, i + 1);
  if (isWord(tokens, i, "tonight")) return sure(oneDay(today, "night"), i + 1);
  if (isWord(tokens, i, "tomorrow", "tmr", "tmrw")) return sure(oneDay(today + DAY_MS), i + 1);
  if (isWord(tokens, i, "yesterday")) {
    return { date: oneDay(today - DAY_MS), to: i + 1, strength: "edge" };
  }
  const the = past(tokens, i, "the");
  if (
    isWord(tokens, the, "day") && isWord(tokens, the + 1, "after") &&
    isWord(tokens, the + 2, "tomorrow")
  ) {
    return sure(oneDay(today + 2 * DAY_MS), the + 3);
  }
  if (isWord(tokens, i, "this")) {
    const part = readPart(tokens, i + 1);
    if (part) return sure(oneDay(today, part.part), part.to);
  }
  const saturday = mondayOf(today) + 5 * DAY_MS;
  if (isWord(tokens, i, "this") && isWord(tokens, i + 1, "weekend")) {
    return sure(
      { days: [Math.max(saturday, today), saturday + DAY_MS], others: [], part: null },
      i + 2,
    );
  }
  if (isWord(tokens, i, "next")) {
    if (isWord(tokens, i + 1, "week")) {
      const on = past(tokens, i + 2, "on");
      const found = weekdayAt(tokens, on); // "next week on wednesday"
      const day = mondayOf(today) + WEEK_MS + ((found?.weekday ?? 1) - 1) * DAY_MS;
      return sure(oneDay(day), found ? on + 1 : i + 2);
    }
    if (isWord(tokens, i + 1, "weekend")) return sure(oneDay(saturday + WEEK_MS), i + 2);
    if (isWord(tokens, i + 1, "month")) {
      const the = past(tokens, past(tokens, i + 2, "on"), "the");
      const found = dayOfNextMonth(tokens, the, today); // "next month on the 5th"
      return found ?? sure(oneDay(Date.UTC(year, month, 1)), i + 2);
    }
    if (isWord(tokens, i + 1, "year")) return sure(oneDay(Date.UTC(year + 1, 0, 1)), i + 2);
  }
  return readMonthEnd(tokens, i, today);
}

/** "5th", of the month after this one; null where that has no such day. */
function dayOfNextMonth(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const ordinal = tokens[i]?.kind === "number" ? ordinalAt(tokens, i) : null;
  const next = partsOf(Date.UTC(partsOf(today).year, partsOf(today).month, 1));
  const day = ordinal && startOfDay(next.year, next.month, ordinal.n);
  return day === null ? null : { date: oneDay(day), to: ordinal!.to, strength: "sure" };
}

/** "end of month", "last day of the month". */
function readMonthEnd(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const the = past(tokens, past(tokens, i, "at"), "the");
  const end = isWord(tokens, the, "end")
    ? the + 1
    : isWord(tokens, the, "last") && isWord(tokens, the + 1, "day")
    ? the + 2
    : null;
  if (end === null || !isWord(tokens, end, "of")) return null;
  const month = past(tokens, end + 1, "the", "this", "next");
  if (!isWord(tokens, month, "month")) return null;
  const { year, month: now } = partsOf(today);
  const days = [1, 2].map((ahead) => Date.UTC(year, now - 1 + ahead, 0));
  if (isWord(tokens, month - 1, "next")) days.shift();
  return { date: { days, others: [], part: null }, to: month + 1, strength: "edge" };
}

/** "monday", "this friday", "next friday", "friday next week", "Tue 24 Nov". */
function readWeekday(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const which = isWord(tokens, i, "this", "next", "coming") ? tokens[i]!.text : null;
  const j = which ? i + 1 : i;
  const found = weekdayAt(tokens, j);
  if (!found || found.plural) return null;
  const { weekday } = found;
  if (!which) {
    const dot = isSign(tokens, j + 1, ",", ".") ? j + 2 : j + 1;
    const dated = readMonthDate(tokens, dot, today) ?? readNumericDate(tokens, dot, today);
    if (dated) return { ...dated, date: onWeekday(dated.date, weekday), strength: "sure" };
  }
  const coming = today + (weekday - partsOf(today).weekday + 7) % 7 * DAY_MS;
  const inNextWeek = mondayOf(today) + WEEK_MS + (weekday - 1) * DAY_MS;
  const behind = past(tokens, j + 1, "of");
  if (!which && isWord(tokens, behind, "next") && isWord(tokens, behind + 1, "week")) {
    return { date: oneDay(inNextWeek), to: behind + 2, strength: "sure" };
  }
  if (which === "next") {
    // said on a Monday "next friday" is mostly the one in eleven days, but not to everybody
    const near = coming > today && coming !== inNextWeek ? [[coming]] : [];
    return { date: { ...oneDay(inNextWeek), others: near }, to: j + 1, strength: "sure" };
  }
  const strength = which ? "sure" : ALSO_WORDS.includes(tokens[j]!.text) ? "end" : "edge";
  return {
    date: { days: [coming, coming + WEEK_MS], others: [], part: null },
    to: j + 1,
    strength,
  };
}

/** Of the days those on a weekday that was said as well. */
function onWeekday(date: DateWords, weekday: number): DateWords {
  const fits = (days: Wall[]) => days.filter((day) => partsOf(day).weekday === weekday);
  const [days, ...others] = [date.days, ...date.others].map(fits).filter((days) => days.length > 0);
  if (date.problem || days) return { ...date, days: days ?? [], others };
  const day = dayWords(date.days[0]!);
  return {
    ...date,
    problem: `Cannot use both: the day is a ${
      WEEKDAYS[partsOf(date.days[0]!).weekday - 1]
    }; say ${day}`,
  };
}

/** "23 nov", "23rd of november 2026", "nov 23rd, 2026". */
export function readMonthDate(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const the = past(tokens, i, "the");
  let day = dayNumberAt(tokens, the);
  let month = day && monthAt(tokens, past(tokens, day.to, "of"));
  let to = day ? past(tokens, day.to, "of") + 1 : i;
  if (!month) {
    month = monthAt(tokens, i);
    day = month ? dayNumberAt(tokens, past(tokens, i + 1, "the")) : null;
    if (!month || !day) return null;
    to = day.to;
  }
  if (!day || day.n > 99) return null;
  const comma = isSign(tokens, to, ",") ? to + 1 : to;
  const year = tokens[comma]?.text.length === 4 ? digitsAt(tokens, comma, 4) : null;
  if (year !== null && year >= 1900 && year <= 2999) {
    return { date: fullDate(day.n, month, year), to: comma + 1, strength: "sure" };
  }
  return { date: dayOfYear(day.n, month, today), to, strength: "edge" };
}

function dayNumberAt(tokens: Tokens, i: number): { n: number; to: number } | null {
  const ordinal = ordinalAt(tokens, i);
  if (ordinal && ordinal.n > 0) return ordinal;
  const n = digitsAt(tokens, i, 2);
  if (n === null) return null;
  return { n, to: isSign(tokens, i + 1, ".") && monthAt(tokens, i + 2) ? i + 2 : i + 1 };
}

/** "the 15th", "on 15th", "the first monday of the month". */
function readMonthDay(tokens: Tokens, i: number, today: Wall, on: boolean): DateMatch | null {
  const the = past(tokens, i, "the");
  const monthly = readOfMonth(tokens, the);
  if (monthly?.of === "the" && !monthly.rule.problem) {
    const first = today - (partsOf(today).day - 1) * DAY_MS;
    const calendar = calendarOf({ ...monthly.rule, until: null }, first);
    const days = [calendar(today - 1)!];
    days.push(calendar(days[0]!)!);
    return { date: { days, others: [], part: null }, to: monthly.to, strength: "edge" };
  }
  const ordinal = ordinalAt(tokens, the);
  const of = ordinal && isWord(tokens, ordinal.to, "of") ? ordinal.to + 1 : null;
  if (of !== null && isWord(tokens, of, "next") && isWord(tokens, of + 1, "month")) {
    const found = dayOfNextMonth(tokens, the, today);
    return found && { ...found, to: of + 2 };
  }
  if (!ordinal || !(on || the > i) || tokens[the]!.kind !== "number") return null;
  const { n, to } = ordinal;
  const { year, month } = partsOf(today);
  const days: Wall[] = [];
  for (let ahead = 0; days.length < 2 && ahead < 4; ahead++) {
    const first = partsOf(Date.UTC(year, month - 1 + ahead, 1));
    const day = startOfDay(first.year, first.month, n);
    if (day !== null && day >= today) days.push(day);
  }
  if (days.length === 0) return null;
  return { date: { days, others: [], part: null }, to, strength: "end" };
}
