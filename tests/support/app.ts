import { noDisk } from "../../adapters/disk.ts";
import { localHub } from "../../adapters/hub.ts";
import { noNames } from "../../adapters/names.ts";
import { createOutboxMailer } from "../../adapters/outbox.ts";
import { Wakers } from "../../adapters/wakers.ts";
import type { App, Disk, Names } from "../../core/app.ts";
import type { ChatUpdate, Messenger } from "../../core/chat.ts";
import { type Config, readConfig } from "../../core/config.ts";
import { newId } from "../../core/ids.ts";
import { createLog } from "../../core/log.ts";
import { hideIn } from "../../core/redact.ts";
import type { Mailer } from "../../core/mail.ts";
import { Pace } from "../../core/pace.ts";
import { keys } from "../../kv/keys.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import type { Account } from "../../kv/schema.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { createServer, type Server } from "../../server.ts";
import { TestClock } from "./clock.ts";
import { assertNothingTold, toldInStore } from "./secrets.ts";

export interface TestAppOptions {
  env?: Record<string, string>;
  mailer?: Mailer;
  messenger?: Messenger;
  /** In place of the bot. */
  bot?: (update: ChatUpdate) => Promise<void>;
  /** A store shared with another app of the test, as by two processes. */
  kv?: Deno.Kv;
  clock?: TestClock;
  closed?: App["closed"];
  disk?: Disk;
  names?: Names;
  /** In place of what hides secrets from the log; then nobody looks whether any is told. */
  hide?: (text: string) => string;
}

const SECRET = crypto.getRandomValues(new Uint8Array(32)).toBase64();

/** The whole app in this process, on its own store and clock. Nothing in it waits by itself. */
export interface TestApp extends AsyncDisposable {
  app: App;
  server: Server;
  clock: TestClock;
  kv: Deno.Kv;
  /** Everything that was logged. */
  lines: string[];
  drain(): Promise<void>;
  /** An account with a proven address. */
  person(name: string, change?: Partial<Account>): Promise<Account>;
}

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? new TestClock();
  const kv = options.kv ?? await Deno.openKv(":memory:");
  const shared = options.kv !== undefined;
  const store = createStore({ kv, traits: { ...EMBEDDED, shared } });
  const lines: string[] = [];
  const isPublic = options.env?.ORIGIN?.startsWith("https:");
  const config: Config = readConfig({
    MAIL_PER_SECOND: "10000",
    LOG_LEVEL: "debug",
    TRUSTED_PROXIES: "0",
    // What an https address asks for, and says nothing about what is tested.
    ...isPublic ? { APP_SECRET: SECRET, MAIL_PER_DAY: "10000000" } : {},
    ...options.env,
  });
  const hub = localHub(); // a channel ends only some turns after it is closed
  const wakers = new Wakers();
  const app: App = {
    config,
    store,
    clock,
    hub,
    waker: wakers,
    disk: options.disk ?? noDisk,
    names: options.names ?? noNames,
    mailer: options.mailer ?? createOutboxMailer({ store, clock }),
    messenger: options.messenger ?? null,
    closed: options.closed ?? null,
    pace: new Pace(config.mailPerSecond, clock),
    log: createLog(config.logLevel, (line) => lines.push(line), options.hide ?? hideIn(config)),
    secret: config.appSecret === undefined
      ? crypto.getRandomValues(new Uint8Array(32))
      : new TextEncoder().encode(config.appSecret),
  };
  const { bot } = options;
  const server = createServer(app, {
    bot,
    assets: { css: "/static/app.css", js: null, parts: [] },
  });
  wakers.add({ wake: () => server.ring() });
  return {
    app,
    server,
    clock,
    kv,
    lines,
    drain: () => server.drain(),
    person: (name, change) => addPerson(app, name, change),
    async [Symbol.asyncDispose]() {
      await server.stop();
      hub.close();
      await app.mailer.close();
      const told = shared ? [] : await toldInStore(kv);
      if (!shared) kv.close();
      if (options.hide === undefined) assertNothingTold(app, [...lines, ...told]);
    },
  };
}

/** An account with a proven address. */
export async function addPerson(
  app: App,
  name: string,
  change: Partial<Account> = {},
): Promise<Account> {
  const id = newId();
  const email = `${name.toLowerCase()}@example.org`;
  const now = app.clock.now();
  const account: Account = {
    id,
    email,
    name,
    zone: "Europe/Berlin",
    role: "member",
    password: "",
    verified: { at: now, by: "operator" },
    epoch: 0,
    createdAt: now,
    ...change.role === "admin" ? { factorAt: now } : {}, // without one they could not be any
    ...change,
  };
  await transact(app, (tx) => {
    tx.set(keys.account(id), account);
    tx.set(keys.accountByEmail(account.email), id);
  });
  return account;
}
