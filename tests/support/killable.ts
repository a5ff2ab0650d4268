import type { App, Write } from "../../core/app.ts";
import { Runner } from "../../jobs/runner.ts";
import { endings, handlers } from "../../queues/mod.ts";

const never = new Promise<never>(() => {});

/** A process that runs what is due until it is killed: then nothing it asks of the store is answered. */
export interface Killable {
  /** Ends when nothing is due any more, or with the process. @returns whether it was killed. */
  ended: Promise<boolean>;
  /** Kills it at its so manieth commit from now on, which is stored if `applied`. */
  kill(commits: number, applied: boolean): void;
  /** Kills it at its first commit from now on that removes a key of this kind. */
  killAtRemoval(kind: string, applied: boolean): void;
}

export function killable(app: App): Killable {
  const { store } = app;
  const { promise: died, resolve } = Promise.withResolvers<true>();
  let isLast: (write: Write) => boolean = () => false;
  let stores = false;
  let dead = false;
  const living = <T>(ask: () => Promise<T>): Promise<T> => dead ? never : ask();
  const mortal: App["store"] = {
    shared: store.shared,
    get: (key) => living(() => store.get(key)),
    getMany: (keys) => living(() => store.getMany(keys)),
    async *list<T>(...range: Parameters<App["store"]["list"]>) {
      if (dead) await never;
      yield* store.list<T>(...range);
    },
    async commit(write) {
      if (dead) return await never;
      if (!isLast(write)) return await store.commit(write);
      dead = true;
      if (stores) await store.commit(write);
      resolve(true);
      return await never;
    },
    watch: (key, signal) => store.watch(key, signal),
  };
  const runner = new Runner({ ...app, store: mortal }, handlers, { endings });
  return {
    ended: Promise.race([died, runner.drain().then(() => false, () => false)]),
    kill(commits, applied) {
      let left = commits;
      isLast = () => --left <= 0;
      stores = applied;
    },
    killAtRemoval(kind, applied) {
      isLast = ({ mutations }) =>
        mutations.some(({ key, ...rest }) => key[0] === kind && !("value" in rest));
      stores = applied;
    },
  };
}
