import type { App } from "./core/app.ts";
import { Runner } from "./jobs/runner.ts";
import type { ChatUpdate } from "./core/chat.ts";
import { keys, ranges } from "./kv/keys.ts";
import { transact } from "./kv/transact.ts";
import { takeUpdate } from "./domain/chats/chat_updates.ts";
import { SpaceWatch } from "./domain/free_space.ts";
import { schedulePrune } from "./domain/prune.ts";
import { endings, handlers } from "./queues/mod.ts";
import type { Connection } from "./realtime/connection.ts";
import { decorate } from "./routes/headers.ts";
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
  /**
   * Does what an update of Telegram asks for, once.
   *
   * @throws {AppError} `unavailable` while another process does it.
   * @throws {unknown} what went wrong with it; then it is to be given again.
   */
  update(update: ChatUpdate): Promise<void>;
  /** Runs what is due, and what becomes due within `lookAheadMs`. */
  drain(options?: { lookAheadMs?: number }): Promise<void>;
  /** Makes a drain that waits look again. */
  ring(): void;
  /** Rings for all that is due within two minutes, and looks at the disk. */
  lookAhead(): Promise<void>;
  /** Takes no more requests and closes sockets. Resolves when all that was asked is answered. */
  close(): Promise<void>;
  /** Closes, lets jobs come to a good moment, gives their leases back. */
  stop(): Promise<void>;
}

export interface ServerOptions extends Pick<Site, "assets"> {
  /** In place of ours: answers what people do in chats. Repeated, an update has the same effect. */
  bot?: (update: ChatUpdate) => Promise<void>;
}

/** Makes the application of its capabilities. */
export function createServer(app: App, { assets, bot = botOf(app) }: ServerOptions): Server {
  const runner = new Runner(app, handlers, { endings });
  const open = new Set<Connection>();
  const disk = new SpaceWatch(app);
  const update = (update: ChatUpdate) => takeUpdate(app, update.update_id, () => bot(update));
  const site = { app, assets, startedAt: app.clock.now() };
  const routes = createRoutes(site, { open, update });
  const underWay = new Set<Promise<Response>>();
  let closed = false;

  async function close(): Promise<void> {
    closed = true;
    for (const connection of open) connection.close(GOING_AWAY, "the server restarts");
    await Promise.allSettled(underWay);
  }

  return {
    fetch(request, info) {
      if (closed) return goneAway(app, request);
      const answer = Promise.resolve(routes.fetch(request, info));
      underWay.add(answer);
      void answer.finally(() => underWay.delete(answer)).catch(() => {});
      return answer;
    },
    update,
    drain: (options) => runner.drain(options),
    ring: () => runner.ring(),
    async lookAhead() {
      const now = app.clock.now();
      await transact(app, async (tx) => {
        tx.set(keys.tick, { at: now });
        await schedulePrune(app, tx);
      });
      for await (const { key } of app.store.list(ranges.jobsDueAfter(now, now + AHEAD_MS))) {
        app.waker.wake(Number(key[1]));
      }
      await disk.look();
    },
    close,
    async stop() {
      await Promise.all([close(), runner.stop()]);
    },
  };
}

/** Our bot, loaded with its library when the first update comes: most processes have none. */
function botOf(app: App): (update: ChatUpdate) => Promise<void> {
  let bot: Promise<(update: ChatUpdate) => Promise<void>> | undefined;
  return async (update) => {
    bot ??= import("./bot/mod.ts").then(({ createBot }) => createBot(app));
    await (await bot)(update);
  };
}

function goneAway({ config: { origin } }: App, { url }: Request): Response {
  const error = { code: "unavailable", message: "Cannot answer now: the server restarts" };
  const headers = { "Connection": "close", "Retry-After": "1", "Cache-Control": "no-store" };
  const response = Response.json({ error }, { status: 503, headers });
  decorate(response.headers, { origin, nonce: "", path: new URL(url).pathname });
  return response;
}
