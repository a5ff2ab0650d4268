import type { App } from "./core/app.ts";
import { Runner } from "./jobs/runner.ts";
import { ranges } from "./kv/keys.ts";
import { transact } from "./kv/transact.ts";
import { schedulePrune } from "./domain/prune.ts";
import { handlers } from "./queues/mod.ts";
import type { Connection } from "./realtime/connection.ts";
import { createRoutes } from "./routes/mod.ts";
import type { Site } from "./routes/site.ts";

/** What comes nearer than this is rung for by the minute's cron, ms. */
const AHEAD_MS = 120_000;
/** Close code of RFC 6455: the server goes away. */
const GOING_AWAY = 1001;

/** The whole application behind its doors. */
export interface Server {
  /** Answers a request. */
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Response | Promise<Response>;
  /** Runs what is due, and what becomes due within `lookAheadMs`. */
  drain(options?: { lookAheadMs?: number }): Promise<void>;
  /** Makes a drain that waits look again. */
  ring(): void;
  /** Rings for all that is due within two minutes. */
  lookAhead(): Promise<void>;
  /** Closes sockets, lets jobs come to a good moment, gives their leases back. */
  stop(): Promise<void>;
}

/** Makes the application of its capabilities. */
export function createServer(app: App, { assets }: Pick<Site, "assets">): Server {
  const runner = new Runner(app, handlers);
  const open = new Set<Connection>();
  const routes = createRoutes({ app, assets }, open);
  return {
    fetch: (request, info) => routes.fetch(request, info),
    drain: (options) => runner.drain(options),
    ring: () => runner.ring(),
    async lookAhead() {
      await transact(app, (tx) => schedulePrune(app, tx));
      const now = app.clock.now();
      for await (const { key } of app.store.list(ranges.jobsDueAfter(now, now + AHEAD_MS))) {
        app.waker.wake(Number(key[1]));
      }
    },
    async stop() {
      for (const connection of open) connection.close(GOING_AWAY, "the server restarts");
      await runner.stop();
    },
  };
}
