/** How something comes again, by the calendar of its zone. Weekdays are ISO: 1 Monday … 7 Sunday. */
export interface Rule {
  /** Every so many units, from 1. */
  every: number;
  unit: "minute" | "hour" | "day" | "week" | "month" | "year";
  /** Of a week, ascending; without: the weekday of the start. */
  weekdays?: number[];
  /** Of a month: 1–31, or -1 for the last day. Where a month has no such day, its last. */
  monthDay?: number;
  /** Of a month: its nth such weekday, -1 the last; instead of monthDay. */
  nth?: { week: 1 | 2 | 3 | 4 | 5 | -1; weekday: number };
  /** The last day on which it may come, "2026-12-24"; null without end. */
  until: string | null;
}

/** When something comes: a wall time in a zone, once or again and again. */
export interface Schedule {
  /** IANA name. */
  zone: string;
  /** Wall time of the first, "2026-11-23T10:30:00". */
  start: string;
  /** The instant of the first, ms; tells which one is meant where a wall time comes twice. */
  startAt: number;
  rule: Rule | null;
}
