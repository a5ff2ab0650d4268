import type { Reminder } from "../../kv/schema.ts";
import { icsInstant, icsLine, icsText, icsWall } from "./ics.ts";
import { rruleOf, startsInUtc } from "./ics_rule.ts";
import { icsZone } from "./ics_zone.ts";
import { scheduleAt } from "../when/repeat.ts";
import { parseWall } from "../when/wall.ts";

/** How far ahead the clock changes of a zone are told, ms: ten years. */
const ZONES_AHEAD_MS = 3_653 * 86_400_000;

/** Reminders as one calendar (RFC 5545); `host` stands behind their names. */
export function icsCalendar(
  reminders: readonly Reminder[],
  { now, host }: { now: number; host: string },
): string {
  const zones = new Map<string, number>();
  for (const { schedule } of reminders) {
    if (inUtc(schedule)) continue;
    const { zone, startAt } = schedule;
    zones.set(zone, Math.min(startAt, zones.get(zone) ?? startAt));
  }
  const until = now + ZONES_AHEAD_MS;
  return [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clock Work//Reminders//EN"].map(icsLine),
    ...[...zones].map(([zone, from]) => icsZone(zone, { from, until })),
    ...reminders.map((reminder) => event(reminder, host)),
    icsLine("END:VCALENDAR"),
  ].join("");
}

function event({ id, title, text, schedule, state, createdAt, updatedAt }: Reminder, host: string) {
  const { zone, start, startAt } = schedule;
  const rrule = rruleOf(schedule);
  const begins = inUtc(schedule)
    ? `DTSTART:${icsInstant(startAt)}`
    : `DTSTART;TZID=${zone}:${icsWall(parseWall(start)!)}`;
  const lines = [
    "BEGIN:VEVENT",
    `UID:${id}@${host}`,
    `DTSTAMP:${icsInstant(updatedAt)}`,
    `CREATED:${icsInstant(createdAt)}`,
    begins,
    ...rrule === null ? [] : [`RRULE:${rrule}`],
    `SUMMARY:${icsText(title)}`,
    ...text === "" ? [] : [`DESCRIPTION:${icsText(text)}`],
    `STATUS:${state === "cancelled" ? "CANCELLED" : "CONFIRMED"}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${icsText(title)}`,
    "TRIGGER:PT0S",
    "END:VALARM",
    "END:VEVENT",
  ];
  return lines.map(icsLine).join("");
}

/** Also the second of two equal wall times, which a wall time alone cannot mean (§3.3.5). */
function inUtc(schedule: Reminder["schedule"]): boolean {
  const { zone, start, startAt } = schedule;
  return zone === "UTC" || startsInUtc(schedule) || scheduleAt(zone, start).startAt !== startAt;
}
