import "./hash.ts";
import { noDisk } from "../../adapters/disk.ts";
import { readAssets } from "../../adapters/assets.ts";
import { systemClock } from "../../adapters/clock.ts";
import { createHub } from "../../adapters/hub.ts";
import { noNames } from "../../adapters/names.ts";
import { createOutboxMailer } from "../../adapters/outbox.ts";
import { timerWaker, Wakers } from "../../adapters/wakers.ts";
import type { App } from "../../core/app.ts";
import type { Messenger } from "../../core/chat.ts";
import { readConfig } from "../../core/config.ts";
import { newId } from "../../core/ids.ts";
import { createLog } from "../../core/log.ts";
import type { Mailer } from "../../core/mail.ts";
import { Pace } from "../../core/pace.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import { createStore } from "../../kv/store.ts";
import { createServer, type Server } from "../../server.ts";
import { freePort } from "./process.ts";

export interface LiveApp extends AsyncDisposable {
  app: App;
  server: Server;
  origin: string;
}

/**
 * Kept open beside those of the apps: Deno forgets a channel that is opened while its last one closes
 * ("expected i32" at the next message), which no process but one of tests does.
 */
new BroadcastChannel("the tests' own");

/** The whole server in this process, on a real port and by the machine's clock: for browsers. */
export async function liveApp(
  { env = {}, mailer, messenger = null, change }: {
    env?: Record<string, string>;
    mailer?: Mailer;
    messenger?: Messenger | null;
    /** Makes something else of each answer. */
    change?: (response: Response) => Response | Promise<Response>;
  } = {},
): Promise<LiveApp> {
  const port = freePort();
  const config = readConfig({ PORT: String(port), LOG_LEVEL: "error", ...env });
  const kv = await Deno.openKv(":memory:");
  const store = createStore({ kv, traits: EMBEDDED });
  const clock = systemClock;
  const wakers = new Wakers();
  const hub = createHub(`live ${newId()}`);
  const app: App = {
    config,
    store,
    clock,
    hub,
    waker: wakers,
    disk: noDisk,
    names: noNames,
    mailer: mailer ?? createOutboxMailer({ store, clock }),
    messenger,
    closed: null,
    pace: new Pace(config.mailPerSecond, clock),
    // deno-lint-ignore no-console -- what goes wrong in the server belongs to the test's output
    log: createLog(config.logLevel, (line) => console.error(line)),
    secret: crypto.getRandomValues(new Uint8Array(32)),
  };
  const server = createServer(app, { assets: await readAssets() });
  const stopping = new AbortController();
  wakers.add({ wake: () => server.ring() });
  wakers.add(timerWaker(clock, server.drain, stopping.signal));
  const answer = async (request: Request, info: Deno.ServeHandlerInfo) => {
    const response = await server.fetch(request, info);
    return change && response.status !== 101 ? await change(response) : response;
  };
  const leaving = new AbortController();
  const { signal } = leaving;
  const http = Deno.serve({ port, hostname: "localhost", signal, onListen() {} }, answer);
  return {
    app,
    server,
    origin: config.origin,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await server.stop();
      // At once: a browser that leaves in the middle of a request can keep it waiting for ever.
      leaving.abort();
      await http.finished;
      hub.close();
      await app.mailer.close();
      await messenger?.close();
      kv.close();
    },
  };
}
