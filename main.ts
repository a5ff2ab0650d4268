import { systemClock } from "./adapters/clock.ts";
import { createClosedList } from "./adapters/closed_list.ts";
import { createDisk } from "./adapters/disk.ts";
import { isRemote, openKv, StoreError } from "./adapters/embedded.ts";
import { readAssets } from "./adapters/assets.ts";
import { createHub } from "./adapters/hub.ts";
import { createMailer } from "./adapters/mailer.ts";
import { createMessenger } from "./adapters/messenger.ts";
import { createNames } from "./adapters/names.ts";
import { pollTelegram } from "./adapters/telegram_poll.ts";
import { queueWaker, timerWaker, Wakers } from "./adapters/wakers.ts";
import { setCommands } from "./bot/commands.ts";
import type { App } from "./core/app.ts";
import type { Messenger } from "./core/chat.ts";
import { AppError } from "./core/errors.ts";
import { ConfigError, readConfig } from "./core/config.ts";
import { createLog } from "./core/log.ts";
import { hideIn } from "./core/redact.ts";
import { Pace } from "./core/pace.ts";
import { pollerLease } from "./domain/chats/chat_poller.ts";
import { instanceSecret } from "./domain/accounts/instance.ts";
import { detectHash } from "./domain/accounts/passwords.ts";
import { ensureAdmin, setUpToken } from "./domain/accounts/set_up.ts";
import { auditStart } from "./domain/admin/started.ts";
import { releaseOrphans } from "./jobs/lease.ts";
import { EMBEDDED, REMOTE } from "./kv/limits.ts";
import { createStore } from "./kv/store.ts";
import { createServer } from "./server.ts";

/** A stopping process waits no longer than this for what it is doing, ms. */
const WAIT_MS = 4_000;
/** After this it ends whatever is left, ms: Deploy kills at 5 s. */
const STOP_BY_MS = 4_500;

// deno-lint-ignore no-console -- before there is a log, and for a person at a terminal
const say = console.error;

/** Ends the start with one message for the person who started it. */
function refuse(error: unknown): never {
  if (error instanceof Deno.errors.AddrInUse) {
    say("Cannot start: the port is in use; set PORT to a free one");
  } else if (error instanceof AppError && error.field) say(`${error.field}: ${error.message}`);
  else if (
    error instanceof ConfigError || error instanceof StoreError || error instanceof AppError
  ) say(error.message);
  else throw error;
  Deno.exit(1);
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    refuse(error);
  }
}

const config = attempt(() => readConfig(Deno.env.toObject()));
// deno-lint-ignore no-console -- the one place where log lines leave the process
const log = createLog(config.logLevel, (line) => console.log(line), hideIn(config));
const { kv, close: closeStore } = await openKv(config.kvPath).catch(refuse);
// Alone on its store: a file or memory. Elsewhere others may be at work beside this process.
const alone = config.kvPath !== undefined && !isRemote(config.kvPath);
const store = createStore({ kv, traits: alone ? EMBEDDED : REMOTE });
const clock = systemClock;
const wakers = new Wakers();
const app: App = {
  config,
  store,
  clock,
  log,
  hub: createHub(),
  waker: wakers,
  disk: createDisk(config.kvPath, { clock }),
  names: createNames({ clock }),
  mailer: createMailer(config, { store, clock, log }),
  messenger: await createMessenger(config, { clock, log }),
  closed: createClosedList(config.kvPath),
  pace: new Pace(config.mailPerSecond, clock),
  secret: await instanceSecret(store, config.appSecret).catch(refuse),
};
const server = createServer(app, { assets: await readAssets() });

// Before anything may run jobs: what runs now was begun by a process that is gone.
if (alone) await releaseOrphans(app).catch(refuse);
// Deploy finds these lines by running this file: they stay at the top level, before Deno.serve.
Deno.cron("run due jobs", "* * * * *", async () => {
  await server.lookAhead();
  await server.drain({ lookAheadMs: 60_000 });
});

log.info("passwords", { hash: await detectHash() });
await ensureAdmin(app, config.admin).catch(refuse);
const setUp = await setUpToken(app).catch(refuse);
await auditStart(app).catch(refuse);
if (!config.recipientCheck && app.mailer.name !== "outbox") {
  log.warn("recipient_check_off");
  say("\n  RECIPIENT_CHECK is off: members may mail anyone, unasked. For private instances only.");
}
const http = attempt(() =>
  Deno.serve({
    port: config.port,
    hostname: config.listen,
    onListen: () => log.info("listening", { origin: config.origin, mailer: app.mailer.name }),
  }, server.fetch)
);
say(
  setUp === null
    ? `\n  Clock Work is at ${config.origin}\n`
    : `\n  Welcome to Clock Work. Make the first account here, once, within 30 minutes:\n  ${config.origin}/setup/${setUp}\n`,
);

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => void stop());
}

// From here on jobs run: not before the port is ours and a signal lets them come to a good moment.
wakers.add({ wake: () => server.ring() });
wakers.add(timerWaker(clock, server.drain, stopping.signal));
if (config.queues === "auto") {
  const queue = await queueWaker(kv, { clock, drain: server.drain, log });
  if (queue) wakers.add(queue);
}
// Where Telegram cannot reach us, one of the processes asks it.
const { messenger } = app;
const polling = messenger !== null && config.telegram?.mode === "polling" ? poll(messenger) : null;

async function poll(messenger: Messenger): Promise<void> {
  const lease = pollerLease(app);
  void setCommands(messenger, log);
  const { signal } = stopping;
  await pollTelegram({ messenger, clock, log, handle: server.update, lease, signal });
  await lease.release().catch((error) => log.error("poller_lease_kept", {}, error)); // for a minute
}

async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => Deno.exit(1), STOP_BY_MS);
  // Deno 2.9 cuts off the bodies of requests when it shuts down: first let them come (deno#36809).
  const closed = server.close().then(() => http.shutdown());
  await Promise.race([Promise.all([server.stop(), closed, polling]), clock.sleep(WAIT_MS)]);
  await Promise.all([app.mailer.close(), messenger?.close()]);
  app.hub.close();
  closeStore();
  Deno.exit();
}
