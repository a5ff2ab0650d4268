import { queueWaker, timerWaker } from "../adapters/wakers.ts";
import { benchEngine, byCallers } from "./app.ts";

export interface Lateness {
  p50: number;
  p99: number;
  max: number;
}

/** How long after its due time the handler of a job is called, ms, when `bell` alone asks for looks. */
export async function lateness(
  bell: "timer" | "queue",
  { times, overMs }: { times: number; overMs: number },
): Promise<Lateness> {
  const dueAt = new Map<string, number>();
  const late: number[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  {
    await using t = await benchEngine((id) => {
      late.push(performance.timeOrigin + performance.now() - dueAt.get(id)!);
      if (late.length === times) resolve();
    });
    const drain = t.runner.drain.bind(t.runner);
    const { clock, log } = t.app;
    t.wakers.add(
      bell === "timer"
        ? timerWaker(clock, drain, stop.signal)
        : (await queueWaker(t.kv, { clock, drain, log }))!,
    );
    const first = Date.now() + 2_000;
    await byCallers({ callers: 50, times }, async (number) => {
      const { id, dueAt: at } = await t.add(first + Math.round(number * overMs / times));
      dueAt.set(id, at);
    });
    await all;
    stop.abort();
  }
  late.sort((a, b) => a - b);
  const at = (share: number) => late[Math.ceil(share * late.length) - 1]!;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
