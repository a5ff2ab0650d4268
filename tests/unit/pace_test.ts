import { assert, assertEquals } from "@std/assert";
import { type Asker, type Lane, Pace } from "../../core/pace.ts";
import { TestClock } from "../support/clock.ts";
import { seeded } from "../support/random.ts";

/** What keeps asking for `wanted` and comes back when it is told to, as a job does. */
interface Job extends Asker {
  wanted: number;
  at: number;
  had: number[];
}

/** Lets all of them ask until `forMs` have passed; each is asked at its time, by millisecond. */
function run(jobs: Job[], { perSecond, forMs }: { perSecond: number; forMs: number }): void {
  const clock = new TestClock();
  const pace = new Pace(perSecond, clock);
  for (let ms = 0; ms < forMs; ms++) {
    for (const job of jobs) {
      if (job.at > ms || job.wanted <= 0) continue;
      const { taken, waitMs } = pace.take(Math.min(10, job.wanted), job);
      for (let i = 0; i < taken; i++) job.had.push(ms);
      job.wanted -= taken;
      job.at = ms + Math.max(1, waitMs);
    }
    clock.advance(1);
  }
}

let jobs = 0;
const job = (lane: Lane, who: string, wanted: number, at = 0): Job => ({
  lane,
  who,
  id: `job ${++jobs}`,
  wanted,
  at,
  had: [],
});

Deno.test("alone, one takes a second's worth at once and then as much as the pace allows", () => {
  const one = job(2, "ada", 1_000);
  run([one], { perSecond: 10, forMs: 10_000 });
  assertEquals(one.had.filter((at) => at === 0).length, 10);
  assert(one.had.length >= 105 && one.had.length <= 110, `${one.had.length}`);
});

Deno.test("a letter about an account waits for nobody", () => {
  const crowd = Array.from({ length: 50 }, (_, i) => job(3, "service", 1_000, i));
  const letters = Array.from({ length: 20 }, (_, i) => job(0, "service", 1, 1_000 + 450 * i));
  run([...crowd, ...letters], { perSecond: 10, forMs: 12_000 });
  for (const [i, letter] of letters.entries()) {
    const lateMs = letter.had[0]! - (1_000 + 450 * i);
    assert(lateMs <= 200, `${lateMs} ms`);
  }
});

Deno.test("somebody's one reminder does not wait for another's thousand", () => {
  const many = Array.from({ length: 100 }, (_, i) => job(1, "ada", 1_000, i));
  const one = Array.from({ length: 20 }, (_, i) => job(1, "bob", 1, 1_000 + i * 5_000));
  run([...many, ...one], { perSecond: 10, forMs: 110_000 });
  for (const [i, { had }] of one.entries()) {
    assert(had[0] !== undefined && had[0] - (1_000 + i * 5_000) <= 500, `${i}: ${had[0]}`);
  }
});

Deno.test("members with much to send get the same, however many jobs they make of it", () => {
  const ada = Array.from({ length: 50 }, () => job(2, "ada", 1_000));
  const [bob, cem] = [job(2, "bob", 1_000), job(2, "cem", 1_000)];
  run([...ada, bob, cem], { perSecond: 10, forMs: 60_000 });
  const all = [ada.reduce((sum, { had }) => sum + had.length, 0), bob.had.length, cem.had.length];
  for (const had of all) assert(had >= 170 && had <= 240, all.join(" "));
});

Deno.test("within one member's jobs nobody is passed over", () => {
  const jobs = Array.from({ length: 30 }, () => job(2, "ada", 1));
  run(jobs, { perSecond: 2, forMs: 20_000 });
  assertEquals(jobs.map(({ had }) => had.length), jobs.map(() => 1));
});

Deno.test("lanes that all wait share by four, two and one, and none is starved", () => {
  const [reminders, notes, news] = [job(1, "a", 9_999), job(2, "b", 9_999), job(3, "c", 9_999)];
  run([reminders, notes, news], { perSecond: 20, forMs: 60_000 });
  const all = [reminders, notes, news].map(({ had }) => had.length);
  const sum = all.reduce((a, b) => a + b);
  assert(sum >= 1_150, `${sum} of 1,200`);
  for (const [i, share] of [4, 2, 1].entries()) {
    assert(Math.abs(all[i]! / sum - share / 7) < 0.05, all.join(" "));
  }
});

Deno.test("who gives up is not waited for, and nothing is left unused for long", () => {
  const gone = Array.from({ length: 20 }, (_, i) => ({ ...job(1, `gone ${i}`, 1), at: i }));
  const clock = new TestClock();
  const pace = new Pace(5, clock);
  for (const one of gone) pace.take(10, one);
  clock.advance(12_000);
  assertEquals(pace.take(5, job(3, "bob", 5)).taken, 5);
});

Deno.test("any mix of askers uses what the pace allows, never more, and all are served", () => {
  const random = seeded(7);
  for (let round = 0; round < 20; round++) {
    const perSecond = 1 + Math.floor(random() * 20);
    const jobs = Array.from({ length: 1 + Math.floor(random() * 20) }, () =>
      job(
        Math.floor(random() * 4) as Lane,
        `who ${Math.floor(random() * 5)}`,
        1 + Math.floor(random() * 12),
        Math.floor(random() * 3_000),
      ));
    const wanted = jobs.reduce((sum, one) => sum + one.wanted, 0);
    const forMs = 5_000 + Math.ceil(wanted / perSecond * 1_500) + 12_000;
    run(jobs, { perSecond, forMs });
    const had = jobs.flatMap((one) => one.had).sort((a, b) => a - b);
    assertEquals(had.length, wanted, `round ${round}: all are served`);
    for (const [i, at] of had.entries()) {
      const allowed = perSecond + Math.ceil(at * perSecond / 1_000);
      assert(i + 1 <= allowed, `round ${round}: ${i + 1} by ${at} ms`);
    }
  }
});
