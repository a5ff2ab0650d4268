import { icsLine, icsWall } from "./ics.ts";
import { wallOf } from "../when/wall.ts";

/** Longest list of clock changes of one zone: forty years of two a year. */
const MOST_CHANGES = 80;

/**
 * What clocks of a zone do between two instants, as VTIMEZONE (RFC 5545 §3.6.5): each change on its
 * own, as the registry of zones has them.
 */
export function icsZone(zone: string, { from, until }: { from: number; until: number }): string {
  const lines = ["BEGIN:VTIMEZONE", `TZID:${zone}`];
  let at = zoned(zone, from).startOfDay();
  const before = at.getTimeZoneTransition("previous");
  if (before !== null) at = before;
  lines.push(...observance(zone, at, before === null));
  for (let n = 0; n < MOST_CHANGES; n++) {
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds > until) break;
    lines.push(...observance(zone, next));
    at = next;
  }
  lines.push("END:VTIMEZONE");
  return lines.map(icsLine).join("");
}

function observance(zone: string, at: Temporal.ZonedDateTime, first = false): string[] {
  const after = at.offsetNanoseconds;
  const before = first ? after : zoned(zone, at.epochMilliseconds - 1).offsetNanoseconds;
  const kind = after > before ? "DAYLIGHT" : "STANDARD";
  // The onset is told by the clocks of before (§3.6.5).
  const onset = wallOf(at.epochMilliseconds, zone) - (after - before) / 1e6;
  return [
    `BEGIN:${kind}`,
    `DTSTART:${icsWall(onset)}`,
    `TZOFFSETFROM:${offset(before)}`,
    `TZOFFSETTO:${offset(after)}`,
    `END:${kind}`,
  ];
}

function zoned(zone: string, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

/** "+0530"; with seconds where an old zone has some. */
function offset(nanoseconds: number): string {
  const seconds = Math.abs(nanoseconds) / 1e9;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const rest = seconds % 60 === 0 ? "" : two(seconds % 60);
  return `${nanoseconds < 0 ? "-" : "+"}${two(seconds / 3_600)}${two(seconds / 60 % 60)}${rest}`;
}
