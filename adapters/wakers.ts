import type { Clock, Waker } from "../core/app.ts";
import type { Log } from "../core/log.ts";

/** How far ahead a drain may sleep to the exact instant, ms; also the longest blind time. */
const NEAR_MS = 1_000;
/** What is due later than this gets no queue message yet: the minute's cron comes by before. */
export const QUEUE_AHEAD_MS = 120_000;

type Drain = (options?: { lookAheadMs?: number }) => Promise<void>;

/** Passes a ring on to every doorbell there is. Without one it is silent. */
export class Wakers implements Waker {
  #bells: Waker[] = [];

  add(bell: Waker): void {
    this.#bells.push(bell);
  }

  wake(dueAt: number): void {
    for (const bell of this.#bells) bell.wake(dueAt);
  }
}

/**
 * Looks every second, and at once for what is due within one. Counts elapsed time only, so a clock
 * that steps back does not stop it. Ends when `signal` aborts.
 */
export function timerWaker(clock: Clock, drain: Drain, signal: AbortSignal): Waker {
  const look = () => void drain({ lookAheadMs: NEAR_MS }).catch(() => {}); // drain logs its own
  const tick = async () => {
    while (!signal.aborted) {
      look();
      await clock.sleep(NEAR_MS, signal);
    }
  };
  void tick();
  return {
    wake(dueAt) {
      if (!signal.aborted && dueAt <= clock.now() + NEAR_MS) look();
    },
  };
}

/**
 * A doorbell made of KV queue messages, or null where there are no queues (Deno Deploy, KV Connect).
 * Messages carry nothing and at most one is sent for each second of due time: the native queue scans
 * its whole table at every look, and a backlog would ruin it.
 */
export async function queueWaker(
  kv: Deno.Kv,
  { clock, drain, log }: { clock: Clock; drain: Drain; log: Log },
): Promise<Waker | null> {
  try {
    await kv.enqueue("look");
  } catch {
    return null;
  }
  // Looks into the next second, whose message may be late. Returns at once: the queue gives a message
  // to others while its handler still runs.
  kv.listenQueue(() => void drain({ lookAheadMs: 2 * NEAR_MS }).catch(() => {}))
    .catch((error) => log.error("queue_ended", {}, error));
  const asked = new Set<number>();
  return {
    wake(dueAt) {
      const now = clock.now();
      if (dueAt - now > QUEUE_AHEAD_MS) return;
      // Rings when the second begins: the drain sleeps on to the exact instants within it.
      let second = Math.floor(Math.max(dueAt, now) / 1_000) * 1_000;
      if (second <= now && asked.has(second)) second += 1_000; // that one has rung already
      if (asked.has(second)) return;
      for (const other of asked) {
        if (other < now - 1_000 || other > now + QUEUE_AHEAD_MS) asked.delete(other);
      }
      asked.add(second);
      kv.enqueue("look", { delay: Math.max(0, second - now) }).catch(() => asked.delete(second));
    },
  };
}
