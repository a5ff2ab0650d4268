/** How often is looked, ms. */
const STEP_MS = 50;

type Falsy = false | null | undefined;

/**
 * Looks until there is something to see, and gives that back.
 *
 * @throws {Error} saying `what` was waited for when there is nothing in time.
 */
export async function until<T>(
  what: string,
  look: () => T | Falsy | Promise<T | Falsy>,
  withinMs = 20_000,
): Promise<T> {
  const last = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > last) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
