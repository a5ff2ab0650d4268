const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970 was a Thursday; a week begins on Monday. */
const MONDAY_MS = 3 * DAY_MS;

/**
 * How many backups are kept: of each of the last hours, days and weeks that have one, the newest; and
 * all of the last hour, for who makes some by hand.
 */
export const KEPT = { hours: 24, days: 14, weeks: 8 };

/** The name of a backup made at `at`; its time is in UTC. */
export function backupName(at: number): string {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
  return `clock_work-${time}Z.sqlite3`;
}

/** When a backup of ours was made, by its name; null for any other file. */
export function madeAt(name: string): number | null {
  const match = /^clock_work-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.sqlite3(\.age)?$/.exec(name);
  if (match === null) return null;
  const [, day, hour, minute, second] = match;
  const at = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}

/** Which of these files are backups that are no longer kept. */
export function tooOld(names: readonly string[]): string[] {
  const made = names.flatMap((name) => {
    const at = madeAt(name);
    return at === null ? [] : [{ name, at }];
  }).sort((a, b) => b.at - a.at);
  const kept = new Set<string>();
  const keep = (most: number, part: (at: number) => number) => {
    const parts = new Set<number>();
    for (const { name, at } of made) {
      if (parts.has(part(at))) continue;
      if (parts.size === most) return;
      parts.add(part(at));
      kept.add(name);
    }
  };
  for (const { name, at } of made) {
    if (at > made[0]!.at - HOUR_MS) kept.add(name);
  }
  keep(KEPT.hours, (at) => Math.floor(at / HOUR_MS));
  keep(KEPT.days, (at) => Math.floor(at / DAY_MS));
  keep(KEPT.weeks, (at) => Math.floor((at + MONDAY_MS) / WEEK_MS));
  return made.map(({ name }) => name).filter((name) => !kept.has(name));
}
