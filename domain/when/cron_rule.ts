import { AppError } from "../../core/errors.ts";
import { type Calendar, cronOf, nextInstant } from "./calendar.ts";
import type { Occurrence } from "./series.ts";
import { parseZone } from "../accounts/profile.ts";
import { formatWall, HOUR_MS, wallOf } from "./wall.ts";

const MAX_CHARS = 100;
/** Where it is looked whether a pattern comes at all; any day's first moment would do. */
const SOME_DAY = Date.UTC(2026, 0, 1);

/**
 * Whether a cron rule may be used: five fields as croner reads them, at most once an hour.
 *
 * @throws {AppError} `invalid` of "cron" or "zone".
 */
export function checkCron(pattern: string, zone: string): void {
  parseZone(zone);
  const calendar = parseCron(pattern);
  const first = calendar(SOME_DAY - 1);
  if (first === null) throw refuse("it never comes");
  // its minutes are the same in each of its hours: two in one hour show at once
  const second = calendar(first);
  if (second !== null && second - first < HOUR_MS) {
    throw refuse("it comes oftener than once an hour; say one minute, as in 0 9 * * 1-5");
  }
}

/**
 * The first time of a cron rule strictly after an instant, or null if none comes. A time that clocks
 * leave out comes later by the gap, one that they show twice comes the first time (RFC 5545 §3.3.5).
 *
 * @throws {AppError} `invalid` of "cron" or "zone".
 */
export function nextCron(pattern: string, zone: string, after: number): Occurrence | null {
  const known = parseZone(zone);
  const at = nextInstant(parseCron(pattern), known, after);
  return at === null ? null : { at, wall: formatWall(wallOf(at, known)) };
}

function parseCron(pattern: string): Calendar {
  const text = pattern.trim().toUpperCase();
  if (text.length > MAX_CHARS) throw refuse(`it is longer than ${MAX_CHARS} characters`);
  const fields = text.split(/\s+/);
  if (fields.length !== 5) {
    throw refuse("it needs five fields: minute, hour, day, month, weekday, as in 0 9 * * 1-5");
  }
  if (!/^[\dA-Z*,/#+ -]+$/.test(fields.join(" "))) throw refuse("it has signs of no meaning");
  try {
    return cronOf(fields.join(" "));
  } catch (error) {
    throw refuse("one of its five fields cannot be read, as in 0 9 * * 1-5", error);
  }
}

function refuse(why: string, cause?: unknown): AppError {
  return new AppError("invalid", `Cannot use this cron rule: ${why}`, { field: "cron", cause });
}
