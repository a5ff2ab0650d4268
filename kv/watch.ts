/** How long until a watch that broke is begun again, ms. */
const AGAIN_AFTER_MS = 1_000;

/**
 * Yields once at the start, at each change of a key, and after each time that it had to begin again.
 * Ends when `signal` aborts or the store is closed.
 */
export async function* watch(
  kv: Deno.Kv,
  key: Deno.KvKey,
  signal: AbortSignal,
): AsyncGenerator<void> {
  while (!signal.aborted) {
    const reader = kv.watch([key]).getReader();
    const stop = () => void reader.cancel().catch(() => {});
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!(await reader.read()).done) yield;
      return;
    } catch {
      await pause(AGAIN_AFTER_MS, signal);
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", over, { once: true });
  });
}
