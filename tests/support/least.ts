/**
 * How long something takes that always does the same, ms: the least of some times, since a machine
 * that does other things too only adds to it. Stops at the first time below `enoughMs`.
 */
export function leastMs(act: () => unknown, { enoughMs = 0, times = 20 } = {}): number {
  let least = Infinity;
  for (let i = 0; i < times && least >= enoughMs; i++) {
    const begun = performance.now();
    act();
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}
