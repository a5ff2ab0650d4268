import { assertEquals } from "@std/assert";
import { relative } from "../../islands/times.ts";

Deno.test("how far a time is away is said in the unit that people count in", () => {
  const now = Date.UTC(2026, 10, 23, 10);
  const day = 86_400_000;
  for (
    const [away, words] of [
      [20_000, "in a moment"],
      [20 * 60_000, "in 20 min"],
      [3 * 3_600_000, "in 3 h"],
      [59.6 * 60_000, "in 1 h"],
      [day - 60_000, "in 1 day"],
      [day, "in 1 day"],
      [2 * day - 60_000, "in 2 days"],
      [89 * day, "in 89 days"],
      [150 * day, "in 5 months"],
      [3_018 * day, "in 8 years"],
      [-3 * day, "3 days ago"],
      [-800 * day, "2 years ago"],
    ] as const
  ) assertEquals(relative(now + away, now), words);
});
