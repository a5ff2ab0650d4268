import { assert, assertEquals } from "@std/assert";
import { backupName, madeAt, tooOld } from "../../tasks/backup/keep.ts";
import { seeded } from "../support/random.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse("2026-11-25T10:30:00Z");

/** What is left of a folder after a year of hourly backups, each followed by a look at the folder. */
function yearOfHours(): string[] {
  let names: string[] = [];
  for (let at = NOW - 365 * DAY_MS; at <= NOW; at += HOUR_MS) {
    names.push(backupName(at));
    const old = new Set(tooOld(names));
    names = names.filter((name) => !old.has(name));
  }
  return names;
}

Deno.test("of a year of hourly backups there are 24 hours, 14 days and 8 weeks", () => {
  const made = yearOfHours().map((name) => madeAt(name)!);
  const within = (ms: number) => made.filter((at) => at > NOW - ms).length;
  assertEquals(within(DAY_MS), 24);
  const perDay = new Set(made.map((at) => Math.floor(at / DAY_MS)));
  for (let day = 0; day < 14; day++) assert(perDay.has(Math.floor(NOW / DAY_MS) - day), `${day}`);
  const oldest = Math.min(...made);
  assert(
    oldest > NOW - 8 * 7 * DAY_MS && oldest < NOW - 6 * 7 * DAY_MS,
    new Date(oldest).toJSON(),
  );
  assert(made.length <= 24 + 14 + 8);
});

Deno.test("the newest is never removed, and nothing that is not one of ours", () => {
  const random = seeded(7);
  const others = ["closed.txt", ".lock", "clock_work.sqlite3", "clock_work-2026-11-25.sqlite3"];
  for (let round = 0; round < 200; round++) {
    const times = Array.from({ length: 60 }, () => NOW - Math.floor(random() * 400 * DAY_MS));
    const names = times.map(backupName);
    const old = tooOld([...names, ...others]);
    const newest = backupName(Math.max(...times));
    assert(!old.includes(newest));
    assert(old.every((name) => madeAt(name) !== null));
    assertEquals(tooOld(names.filter((name) => !old.includes(name))), [], "a second look is idle");
  }
});

Deno.test("of several in an hour all stay for that hour, and then the newest", () => {
  const minutes = (n: number) => backupName(NOW + n * 60_000);
  const made = [0, 1, 5, 20].map(minutes);
  assertEquals(tooOld(made), []);
  assertEquals(tooOld([...made, minutes(70)]).sort(), made.slice(0, 3));
});

Deno.test("a name says the second in UTC at which the backup was made", () => {
  assertEquals(backupName(NOW), "clock_work-2026-11-25T10-30-00Z.sqlite3");
  assertEquals(madeAt(backupName(NOW)), NOW);
  assertEquals(madeAt("clock_work-2026-11-25T10-30-00Z.sqlite3.sha256"), null);
  assertEquals(madeAt("clock_work-2026-99-25T10-30-00Z.sqlite3"), null);
});
