import { benchEngine, byCallers } from "./app.ts";

export interface Load {
  /** How many are added, one by one. */
  times: number;
  /** How many add at once. */
  callers: number;
}

/** Jobs a second from the first that is added to the last that is settled, each added in a commit that is on the disk. */
export async function jobsASecond(load: Load): Promise<number> {
  let ran = 0;
  await using t = await benchEngine(() => ran++);
  const start = performance.now();
  await byCallers(load, () => t.add());
  await t.runner.drain();
  const ms = performance.now() - start;
  if (ran !== load.times) throw new Error(`ran ${ran} of ${load.times}`);
  return load.times / ms * 1_000;
}

/** Messages a second through the KV's own queue, from the first that is added to the last that is handled. */
export async function messagesASecond(load: Load): Promise<number> {
  await using t = await benchEngine(() => {});
  let handled = 0;
  const { promise: all, resolve } = Promise.withResolvers<void>();
  void t.kv.listenQueue(() => {
    if (++handled === load.times) resolve();
  }); // until the KV is closed
  const start = performance.now();
  await byCallers(load, (number) => t.kv.enqueue(number));
  await all;
  return load.times / (performance.now() - start) * 1_000;
}
