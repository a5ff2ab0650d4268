/**
 * Wall time: what clocks in a zone show. Here it is a number, the ms since 1970 as if the zone were
 * UTC, so that days and hours can be counted; `instantOf` and `wallOf` lead to instants and back.
 */
export type Wall = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export interface WallParts {
  year: number;
  /** 1–12 */
  month: number;
  /** 1–31 */
  day: number;
  /** ISO: 1 Monday … 7 Sunday */
  weekday: number;
  hour: number;
  minute: number;
  second: number;
}

/** The wall time in "2026-11-23T10:30:00" (seconds may be left out), or null if there is none such. */
export function parseWall(text: string): Wall | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const start = startOfDay(Number(year), Number(month), Number(day));
  if (start === null || Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) {
    return null;
  }
  return start + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS +
    Number(second ?? 0) * SECOND_MS;
}

/** "2026-11-23T10:30:00" */
export function formatWall(wall: Wall): string {
  return new Date(wall).toISOString().slice(0, 19);
}

/** Midnight of a day, or null for a day that no calendar has. */
export function startOfDay(year: number, month: number, day: number): Wall | null {
  if (!(year >= 1000 && year <= 9999)) return null;
  const wall = Date.UTC(year, month - 1, day);
  const date = new Date(wall);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? wall : null;
}

/** Midnight of the day in "2026-12-24", or null if there is none such. */
export function parseDay(text: string): Wall | null {
  return parseWall(`${text}T00:00`);
}

/** "2026-12-24" */
export function formatDay(wall: Wall): string {
  return formatWall(wall).slice(0, 10);
}

export function dayOf(wall: Wall): Wall {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

export function partsOf(wall: Wall): WallParts {
  const date = new Date(wall);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: (date.getUTCDay() + 6) % 7 + 1,
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** How many days a month has; months beyond 12 or below 1 count on into other years. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** So many months later on the same day, or on the last day of a shorter month. */
export function plusMonths(wall: Wall, months: number): Wall {
  const { year, month, day } = partsOf(wall);
  const to = month + months;
  const day2 = Math.min(day, daysInMonth(year, to));
  return Date.UTC(year, to - 1, day2) + wall - dayOf(wall);
}

/**
 * The instant at which clocks in the zone show this, ms. Of a time that comes twice the first; a
 * time that is left out is read with the offset from before, so 02:30 is 03:30 (RFC 5545 §3.3.5;
 * Temporal calls this "compatible"). The zone must be a known one.
 */
export function instantOf(wall: Wall, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

/** What clocks in the zone show at an instant. */
export function wallOf(at: number, zone: string): Wall {
  return at + offsetAt(at, zone);
}

/** By how many ms clocks in the zone are ahead of UTC at an instant. */
export function offsetAt(at: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds /
    1_000_000;
}
