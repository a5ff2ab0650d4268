import { assert, assertEquals } from "@std/assert";
import {
  countBetween,
  latestBy,
  nextAfter,
  scheduleAt,
  upcoming,
} from "../../domain/when/repeat.ts";
import type { Rule } from "../../kv/reminder_schema.ts";

/** Zone, start, rule, an instant, and the next five after it: see tests/oracle/make_vectors.py. */
type Vector = [zone: string, start: string, rule: Rule | null, after: number, steps: number[]];

const vectors: Vector[] = JSON.parse(
  Deno.readTextFileSync(new URL("../oracle/vectors.json", import.meta.url)),
);

/** The instants in ms that an oracle's steps in seconds lead to. */
function instantsOf(steps: number[]): number[] {
  let at = 0;
  return steps.map((step) => (at += step) * 1_000);
}

Deno.test("the oracle asks often and everywhere", () => {
  assert(vectors.length >= 2_000, String(vectors.length));
  assert(new Set(vectors.map(([zone]) => zone)).size >= 40);
});

Deno.test("upcoming() agrees with dateutil and zoneinfo round each clock change", () => {
  const wrong = vectors.filter(([zone, start, rule, after, steps]) => {
    const schedule = scheduleAt(zone, start, rule);
    const found = upcoming(schedule, after * 1_000, 5).map(({ at }) => at);
    return found.join() !== instantsOf(steps).join();
  });
  assertEquals(wrong.map((vector) => JSON.stringify(vector)), []);
});

Deno.test("nextAfter(), latestBy() and countBetween() agree with the same", () => {
  const wrong = vectors.filter(([zone, start, rule, after, steps]) => {
    const ats = instantsOf(steps);
    const last = ats.at(-1);
    if (last === undefined) return nextAfter(scheduleAt(zone, start, rule), after * 1_000) !== null;
    const schedule = scheduleAt(zone, start, rule);
    const agrees = nextAfter(schedule, after * 1_000)?.at === ats[0] &&
      latestBy(schedule, last)?.at === last &&
      latestBy(schedule, last + 1)?.at === last &&
      (ats.length < 2 || latestBy(schedule, last - 1)?.at === ats.at(-2)) &&
      countBetween(schedule, after * 1_000, last) === ats.length &&
      countBetween(schedule, after * 1_000, last - 1) === ats.length - 1;
    return !agrees;
  });
  assertEquals(wrong.map((vector) => JSON.stringify(vector)), []);
});
