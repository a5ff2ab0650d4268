import { systemClock } from "../adapters/clock.ts";
import { Wakers } from "../adapters/wakers.ts";
import type { App } from "../core/app.ts";
import { createLog } from "../core/log.ts";
import { catalog } from "../jobs/catalog.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { completed, type Handlers } from "../jobs/handler.ts";
import { Runner } from "../jobs/runner.ts";
import type { JobRecord } from "../kv/schema.ts";
import { EMBEDDED } from "../kv/limits.ts";
import { createStore } from "../kv/store.ts";
import { transact } from "../kv/transact.ts";

/** The engine on a file of its own, with the machine's time and jobs that do nothing. */
export interface BenchEngine extends AsyncDisposable {
  app: App;
  kv: Deno.Kv;
  wakers: Wakers;
  runner: Runner;
  add(dueAt?: number): Promise<JobRecord>;
}

/** @param ran is called for each job when its handler runs. */
export async function benchEngine(ran: (id: string) => void): Promise<BenchEngine> {
  const dir = await Deno.makeTempDir({ prefix: "clock_work_bench_" });
  const kv = await Deno.openKv(`${dir}/bench.sqlite3`);
  const wakers = new Wakers();
  const app = {
    store: createStore({ kv, traits: EMBEDDED }),
    clock: systemClock,
    waker: wakers,
    hub: { ring() {}, listen: () => () => {}, close() {} },
    log: createLog("error", (line) => {
      throw new Error(line);
    }),
  } satisfies Partial<App> as Partial<App> as App;
  const handler = (_app: App, { id }: { id: string }) => {
    ran(id);
    return Promise.resolve(completed());
  };
  const handlers = Object.fromEntries(Object.keys(catalog).map((kind) => [kind, handler]));
  const runner = new Runner(app, handlers as unknown as Handlers);
  return {
    app,
    kv,
    wakers,
    runner,
    add: (dueAt) =>
      transact(
        app,
        (tx) => enqueue(app, tx, "purge_note", { noteId: "n", deletedAt: 0 }, { dueAt }),
      ),
    async [Symbol.asyncDispose]() {
      await runner.stop();
      kv.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Does something `times` times, by so many callers who each wait for one before the next. */
export async function byCallers(
  { callers, times }: { callers: number; times: number },
  act: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (next < times) await act(next++);
  }));
}
