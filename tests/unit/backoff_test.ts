import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { backoff } from "../../jobs/backoff.ts";

const HOUR_MS = 3_600_000;

Deno.test("backoff() is half to whole of 30 s doubled for each failure, up to an hour", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), share, (attempt, random) => {
    const full = Math.min(HOUR_MS, 30_000 * 2 ** (attempt - 1));
    const ms = backoff(attempt, random);
    assert(Number.isInteger(ms) && ms >= full / 2 && ms <= full, `${ms} of ${full}`);
  }));
});

Deno.test("backoff() spreads what failed together", () => {
  const waits = new Set(Array.from({ length: 100 }, () => backoff(3)));
  assert(waits.size > 90);
});

Deno.test("backoff() never gets shorter for the same share", () => {
  for (let attempt = 1; attempt < 20; attempt++) {
    assert(backoff(attempt + 1, 0.5) >= backoff(attempt, 0.5));
  }
  assertEquals(backoff(1, 0), 15_000);
});
