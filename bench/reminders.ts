import { systemClock } from "../adapters/clock.ts";
import { noDisk } from "../adapters/disk.ts";
import { localHub } from "../adapters/hub.ts";
import { noNames } from "../adapters/names.ts";
import { createOutboxMailer } from "../adapters/outbox.ts";
import { queueWaker, timerWaker, Wakers } from "../adapters/wakers.ts";
import type { App } from "../core/app.ts";
import { readConfig } from "../core/config.ts";
import { newId } from "../core/ids.ts";
import { createLog } from "../core/log.ts";
import { Pace } from "../core/pace.ts";
import { putReminder, wait } from "../domain/reminders/reminder_moves.ts";
import { scheduleAtInstant } from "../domain/when/repeat.ts";
import { releaseOrphans } from "../jobs/lease.ts";
import { Runner } from "../jobs/runner.ts";
import { keys } from "../kv/keys.ts";
import { EMBEDDED } from "../kv/limits.ts";
import type { Account } from "../kv/schema.ts";
import { createStore } from "../kv/store.ts";
import { transact } from "../kv/transact.ts";
import { endings, handlers } from "../queues/mod.ts";
import { createServer } from "../server.ts";
import { byCallers } from "./app.ts";
import type { Lateness } from "./lateness.ts";

/** One's share of reminders: as many as one account may have. */
const OF_ONE = 100;
const CALLERS = 50;
const DAY_MS = 86_400_000;
/** From the last reminder that is added to the first that rings, ms. */
const HEAD_START_MS = 5_000;

export interface RemindersLoad {
  /** How many ring. */
  times: number;
  /** Over how long they are spread, ms. */
  overMs: number;
  /** How many more wait for later days. */
  waiting?: number;
}

export interface RemindersFigures extends Lateness {
  /** From a process that has its store to the end of its first look at what is due, ms. */
  startMs: number;
}

/**
 * How long after its time the handler of a reminder is called, ms, when `bell` alone asks for looks,
 * and how long a start takes beside so many that wait. On a file, with the machine's time and the
 * handlers of the product, which do all of their work.
 */
export async function reminderLateness(
  bell: "timer" | "queue",
  { times, overMs, waiting = 0 }: RemindersLoad,
): Promise<RemindersFigures> {
  const dir = await Deno.makeTempDir({ prefix: "clock_work_bench_" });
  const kv = await Deno.openKv(`${dir}/bench.sqlite3`);
  const wakers = new Wakers();
  const app = appOf(kv, wakers);
  const now = () => performance.timeOrigin + performance.now();
  const late: number[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const runner = new Runner(app, {
    ...handlers,
    fire_reminder(app, job) {
      late.push(now() - job.payload.ringAt);
      if (late.length === times) resolve();
      return handlers.fire_reminder(app, job);
    },
  }, { endings });
  const stop = new AbortController();
  try {
    await people(app, Math.ceil((times + waiting) / OF_ONE));
    await byCallers(
      { callers: CALLERS, times: waiting },
      (number) => remind(app, number, Date.now() + DAY_MS + number * 1_000),
    );
    const startMs = await startOf(app);

    const drain = runner.drain.bind(runner);
    wakers.add({ wake: () => runner.ring() });
    wakers.add(
      bell === "timer"
        ? timerWaker(app.clock, drain, stop.signal)
        : (await queueWaker(kv, { clock: app.clock, drain, log: app.log }))!,
    );
    const first = Date.now() + HEAD_START_MS;
    await byCallers(
      { callers: CALLERS, times },
      (number) => remind(app, waiting + number, first + Math.round(number * overMs / times)),
    );
    await all;
    late.sort((a, b) => a - b);
    const at = (share: number) => late[Math.ceil(share * late.length) - 1]!;
    return { p50: at(0.5), p99: at(0.99), max: at(1), startMs };
  } finally {
    stop.abort();
    await runner.stop();
    app.hub.close();
    kv.close();
    await Deno.remove(dir, { recursive: true });
  }
}

function appOf(kv: Deno.Kv, wakers: Wakers): App {
  const store = createStore({ kv, traits: EMBEDDED });
  const config = readConfig({});
  return {
    config,
    store,
    clock: systemClock,
    hub: localHub(),
    waker: wakers,
    disk: noDisk,
    names: noNames,
    mailer: createOutboxMailer({ store, clock: systemClock }),
    messenger: null,
    closed: null,
    pace: new Pace(config.mailPerSecond, systemClock),
    log: createLog("error", (line) => {
      throw new Error(line);
    }),
    secret: crypto.getRandomValues(new Uint8Array(32)),
  };
}

/** What a starting process does before it waits for time to pass. */
async function startOf(app: App): Promise<number> {
  const start = performance.now();
  const server = createServer(app, { assets: { css: "", js: null, parts: [] } });
  await releaseOrphans(app);
  await server.lookAhead();
  await server.drain();
  const ms = performance.now() - start;
  await server.stop();
  return ms;
}

const personOf = (number: number) => `bench${Math.floor(number / OF_ONE)}`;

async function people(app: App, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = personOf(i * OF_ONE);
    const account: Account = {
      id,
      email: `${id}@example.org`,
      name: id,
      zone: "Europe/Berlin",
      role: "member",
      password: "",
      verified: null,
      epoch: 0,
      createdAt: Date.now(),
    };
    await transact(app, (tx) => tx.set(keys.account(id), account));
  }
}

/** A reminder of the page that rings to the millisecond, as a snoozed one does. */
async function remind(app: App, number: number, ringAt: number): Promise<void> {
  const now = Date.now();
  const [id, ownerId] = [newId(), personOf(number)];
  const schedule = scheduleAtInstant("Europe/Berlin", ringAt);
  await transact(app, async (tx) => {
    const blank = {
      id,
      ownerId,
      noteId: null,
      title: "Call the bank",
      text: "",
      channels: { page: true, telegram: false, mail: [] },
      schedule,
      missed: "once",
      state: "active",
      nextAt: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    } as const;
    const reminder = { ...blank, channels: { ...blank.channels, mail: [] } };
    putReminder(app, tx, await wait(app, tx, reminder, { dueAt: schedule.startAt, ringAt }));
  });
}
