const FIRST_MS = 30_000;
const LONGEST_MS = 3_600_000;

/**
 * How long to wait after the `attempt`th failure, ms: 30 s doubling to an hour, times a random half
 * to whole so that what failed together does not come back together.
 */
export function backoff(attempt: number, random = Math.random()): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
