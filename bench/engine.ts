/** Engine throughput, end to end on a file store, beside native KV queues in the same run. */
import { createStore } from "../kv/store.ts";
import { EMBEDDED } from "../kv/limits.ts";
import { systemClock } from "../adapters/clock.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { completed, type Handlers } from "../jobs/handler.ts";
import { Runner } from "../jobs/runner.ts";
import { transact } from "../kv/transact.ts";
import { createLog } from "../core/log.ts";
import type { App } from "../core/app.ts";

const JOBS = 20_000;
const CALLERS = 50;

function quietApp(kv: Deno.Kv): App {
  const store = createStore({ kv, traits: EMBEDDED });
  return {
    store,
    clock: systemClock,
    hub: { ring() {}, listen: () => () => {}, close() {} },
    waker: { wake() {} },
    log: createLog("error", (line) => console.error(line)),
  } as unknown as App;
}

async function eachCaller(act: () => Promise<unknown>): Promise<void> {
  let left = JOBS;
  await Promise.all(Array.from({ length: CALLERS }, async () => {
    while (left-- > 0) await act();
  }));
}

async function ours(path: string): Promise<number> {
  const kv = await Deno.openKv(path);
  const app = quietApp(kv);
  let ran = 0;
  const handlers = new Proxy({}, { get: () => () => (ran++, Promise.resolve(completed())) });
  const runner = new Runner(app, handlers as Handlers);
  const start = performance.now();
  let t1 = 0;
  await eachCaller(() =>
    transact(app, (tx) => enqueue(app, tx, "purge_note", { noteId: "n", deletedAt: 0 }))
  );
  t1 = performance.now() - start;
  await runner.drain();
  const ms = performance.now() - start;
  console.log("insert", t1, "run", ms - t1);
  if (ran !== JOBS) throw new Error(`ran ${ran} of ${JOBS}`);
  kv.close();
  return JOBS / ms * 1_000;
}
if (import.meta.main) {
  const dir = await Deno.makeTempDir();
  console.log(await ours(`${dir}/a.sqlite3`));
  Deno.removeSync(dir, { recursive: true });
}
