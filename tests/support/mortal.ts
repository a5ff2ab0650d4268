import type { App, Committed, Store, Write } from "../../core/app.ts";
import { Runner } from "../../jobs/runner.ts";
import { endings, handlers } from "../../queues/mod.ts";

const never = new Promise<never>(() => {});

export interface Death {
  /** At which of its commits the process dies, from 1. */
  at: number;
  /** Whether that one is applied, though nobody hears of it. */
  applied: boolean;
}

/**
 * Runs what is due in a process that dies (as by `kill -9`) at one of its commits, while another goes
 * on with the same store.
 *
 * @returns whether it came to that; false when all was done before.
 */
export async function runsUntil(app: App, { at, applied }: Death): Promise<boolean> {
  const { promise: died, resolve } = Promise.withResolvers<true>();
  let commits = 0;
  let dead = false;
  const living = <T>(ask: () => Promise<T>): Promise<T> => dead ? never : ask();
  const { store } = app;
  const mortal: Store = {
    shared: store.shared,
    get: (key) => living(() => store.get(key)),
    getMany: (keys) => living(() => store.getMany(keys)),
    async *list<T>(...range: Parameters<Store["list"]>) {
      if (dead) await never;
      yield* store.list<T>(...range);
    },
    async commit(write: Write): Promise<Committed> {
      if (dead) return await never;
      if (++commits < at) return await store.commit(write);
      dead = true;
      if (applied) await store.commit(write);
      resolve(true);
      return await never;
    },
    watch: (key, signal) => store.watch(key, signal),
  };
  const runner = new Runner({ ...app, store: mortal }, handlers, { endings });
  const finished = runner.drain().then(() => false, () => false);
  return await Promise.race([died, finished]);
}
