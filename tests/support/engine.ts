import type { App, Clock, Hub, Store } from "../../core/app.ts";
import type { Facts } from "../../core/log.ts";
import { createLog } from "../../core/log.ts";
import { catalog } from "../../jobs/catalog.ts";
import { enqueue, type EnqueueOptions } from "../../jobs/enqueue.ts";
import { completed, type Handler, type Handlers } from "../../jobs/handler.ts";
import { Runner, type RunnerOptions } from "../../jobs/runner.ts";
import { Deadline } from "../../kv/deadline.ts";
import { keys } from "../../kv/keys.ts";
import { EMBEDDED, type StoreTraits } from "../../kv/limits.ts";
import type { JobRecord } from "../../kv/schema.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { TestClock } from "./clock.ts";

/** The kind that engine tests work with; what it does is up to the test. */
export type TestHandler = Handler<"purge_note">;

export interface EngineOptions {
  /** What the jobs of `add` do; nothing by default. */
  handler?: TestHandler;
  runner?: RunnerOptions;
  /** What the store is made of, shared by several engines as by processes or with faults of its own. */
  kv?: Deno.Kv;
  clock?: TestClock;
  traits?: Partial<StoreTraits>;
  readBack?: boolean;
}

/** The engine of one process without the app around it. Nothing in it waits by itself. */
export interface TestEngine extends AsyncDisposable {
  app: App;
  kv: Deno.Kv;
  clock: TestClock;
  hub: TestHub;
  runner: Runner;
  /** Everything that was logged. */
  lines: (Facts & { event: string })[];
  /** The due times that somebody was asked to look at. */
  wakes: number[];
  /** Adds a job. @returns its id. */
  add(options?: EnqueueOptions): Promise<string>;
  job(id: string): Promise<JobRecord>;
  /** The whole due index, in its order. */
  due(): Promise<{ at: number; id: string }[]>;
  drain(): Promise<void>;
  /** When the engine next asks its clock to be woken after `ms`. */
  nextSleep(ms: number): Promise<void>;
  /** As `kill -9`: from now on nothing that was asked for comes back, and nothing is asked for. */
  kill(): void;
  /** Ends the waiting for calls to the store that are under way, as if their time were over. */
  passDeadline(): void;
  /** As SIGSTOP: nothing that was asked for comes back until the function that is returned is called. */
  freeze(): () => void;
}

export async function testEngine(options: EngineOptions = {}): Promise<TestEngine> {
  const kv = options.kv ?? await Deno.openKv(":memory:");
  const clock = options.clock ?? new TestClock();
  const { readBack } = options;
  const deadline = new Deadline(10_000);
  const traits = { ...EMBEDDED, shared: options.kv !== undefined, ...options.traits };
  const real = createStore({ kv, traits, readBack, deadline });
  const life = new Life();
  const hub = new TestHub();
  const lines: TestEngine["lines"] = [];
  const wakes: number[] = [];
  const app = {
    store: life.ofStore(real),
    clock: life.ofClock(clock),
    hub,
    waker: { wake: (dueAt) => wakes.push(dueAt) },
    log: createLog("debug", (line) => lines.push(JSON.parse(line))),
  } satisfies Partial<App> as Partial<App> as App;
  const nothing = () => Promise.resolve(completed());
  const handlers = Object.fromEntries(Object.keys(catalog).map((kind) => [kind, nothing]));
  if (options.handler) handlers.purge_note = options.handler as typeof nothing;
  const runner = new Runner(app, handlers as unknown as Handlers, options.runner);
  return {
    app,
    kv,
    clock,
    hub,
    runner,
    lines,
    wakes,
    async add(options) {
      const payload = { noteId: "n", deletedAt: 0 };
      const { id } = await transact(
        app,
        (tx) => enqueue(app, tx, "purge_note", payload, options),
      );
      return id;
    },
    async job(id) {
      const { value } = await kv.get<JobRecord>(keys.job(id));
      if (value === null) throw new Error(`there is no job ${id}`);
      return value;
    },
    async due() {
      const entries = await Array.fromAsync(kv.list<string>({ prefix: ["job_by_due"] }));
      return entries.map(({ key, value }) => ({ at: Number(key[1]), id: value }));
    },
    drain: () => runner.drain(),
    nextSleep: (ms) => life.nextSleep(ms),
    kill: () => life.end(),
    passDeadline: () => deadline.pass(),
    freeze: () => life.freeze(),
    async [Symbol.asyncDispose]() {
      if (life.isOver) return;
      const stopped = runner.stop(0);
      clock.advance(0); // the grace of no time is over
      await stopped;
      if (!options.kv) kv.close();
    },
  };
}

/** A hub for one process that knows who listens. */
export class TestHub implements Hub {
  readonly rung: string[] = [];
  readonly #listeners = new Map<string, Set<() => void>>();

  ring(topic: string): void {
    this.rung.push(topic);
    for (const ring of this.#listeners.get(topic) ?? []) ring();
  }

  listen(topic: string, ring: () => void): () => void {
    const ofTopic = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, ofTopic.add(ring));
    return () => void ofTopic.delete(ring);
  }

  listening(topic: string): number {
    return this.#listeners.get(topic)?.size ?? 0;
  }

  close(): void {}
}

const never = new Promise<never>(() => {});

/** What a process hears of the world for as long as it lives. */
class Life {
  isOver = false;
  #going: Promise<void> | null = null;
  readonly #onSleep = new Map<number, () => void>();

  end(): void {
    this.isOver = true;
  }

  freeze(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#going = promise;
    return () => {
      this.#going = null;
      resolve();
    };
  }

  async #living<T>(ask: () => Promise<T>): Promise<T> {
    if (this.isOver) return await never;
    try {
      return await ask();
    } finally {
      if (this.#going) await this.#going;
      if (this.isOver) await never;
    }
  }

  nextSleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#onSleep.set(ms, resolve));
  }

  ofClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: (ms, signal) => {
        const asleep = this.#living(() => clock.sleep(ms, signal));
        this.#onSleep.get(ms)?.();
        return asleep;
      },
    };
  }

  ofStore(store: Store): Store {
    const living = this.#living.bind(this);
    return {
      shared: store.shared,
      get: (key) => living(() => store.get(key)),
      getMany: (keys) => living(() => store.getMany(keys)),
      async *list<T>(...range: Parameters<Store["list"]>) {
        const entries = store.list<T>(...range)[Symbol.asyncIterator]();
        for (;;) {
          const next = await living(() => entries.next());
          if (next.done) return;
          yield next.value;
        }
      },
      commit: (write) => living(() => store.commit(write)),
      watch: (key, signal) => store.watch(key, signal),
    };
  }
}
