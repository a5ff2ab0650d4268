import type { App, Store } from "../../core/app.ts";

/** What becomes of the commit at which a process stops. */
export type Death =
  /** It is not stored, and the process is gone. */
  | "before"
  /** It is stored, and the process is gone. */
  | "after"
  /** The process stands still, and goes on when others have done its work. */
  | "pause";

export interface DyingApp {
  app: App;
  /** Resolves when it has stopped. */
  stopped: Promise<void>;
  /** Lets one that stands still go on. */
  goOn(): void;
}

/** The app as a process that stops at its `at`th commit, from 1: nothing it asks for is answered then. */
export function dyingApp(app: App, { at, death }: { at: number; death: Death }): DyingApp {
  const { store } = app;
  const stopped = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  let commits = 0;
  let dead = false;
  const alive = () => dead ? goesOn.promise : Promise.resolve();
  const dying: Store = {
    shared: store.shared,
    get: async (key) => (await alive(), await store.get(key)),
    getMany: async (keys) => (await alive(), await store.getMany(keys)),
    async *list(selector, options) {
      await alive();
      yield* store.list(selector, options);
    },
    async commit(write) {
      await alive();
      if (++commits !== at) return await store.commit(write);
      if (death === "after") await store.commit(write);
      dead = true;
      stopped.resolve();
      await goesOn.promise;
      return await store.commit(write);
    },
    watch: (key, signal) => store.watch(key, signal),
  };
  return {
    app: { ...app, store: dying },
    stopped: stopped.promise,
    goOn() {
      dead = false;
      goesOn.resolve();
    },
  };
}
