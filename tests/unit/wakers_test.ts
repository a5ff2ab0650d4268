import { assertEquals } from "@std/assert";
import { queueWaker, timerWaker, Wakers } from "../../adapters/wakers.ts";
import { createLog } from "../../core/log.ts";
import { minutes, seconds, TestClock } from "../support/clock.ts";

/** Counts the looks, as a runner's drain would be asked for them. */
function looks() {
  const asked: (number | undefined)[] = [];
  const drain = (options?: { lookAheadMs?: number }) => {
    asked.push(options?.lookAheadMs);
    return Promise.resolve();
  };
  return { asked, drain };
}

/** A wall clock that may be set while time goes on. */
class WallClock extends TestClock {
  #ahead = 0;
  override now(): number {
    return super.now() + this.#ahead;
  }
  set(ms: number): void {
    this.#ahead += ms;
  }
}

/** The tick goes on in a promise of its own. */
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("the timer looks at once, at its start and then every second, until it is stopped", async () => {
  const clock = new TestClock();
  const { asked, drain } = looks();
  const stop = new AbortController();
  timerWaker(clock, drain, stop.signal);
  assertEquals(asked, [1_000]);
  for (let i = 0; i < 3; i++) {
    clock.advance(seconds(1));
    await tick();
  }
  assertEquals(asked.length, 4);
  stop.abort();
  await tick();
  clock.advance(seconds(5));
  await tick();
  assertEquals(asked.length, 4);
});

Deno.test("the timer looks at once for what is due within the second, and not for what is later", () => {
  const clock = new TestClock();
  const { asked, drain } = looks();
  const stop = new AbortController();
  const waker = timerWaker(clock, drain, stop.signal);
  for (const ms of [1_001, seconds(50), 1_000, 0, -minutes(5)]) waker.wake(clock.now() + ms);
  assertEquals(asked.length, 1 + 3);
  stop.abort();
  waker.wake(clock.now());
  assertEquals(asked.length, 4);
});

Deno.test("the timer keeps looking every second when the wall clock is set back, or ahead", async () => {
  const clock = new WallClock();
  const { asked, drain } = looks();
  const stop = new AbortController();
  timerWaker(clock, drain, stop.signal);
  for (const step of [-minutes(60), minutes(600), -minutes(1_000)]) {
    clock.set(step);
    const before = asked.length;
    for (let i = 0; i < 3; i++) {
      clock.advance(seconds(1));
      await tick();
    }
    assertEquals(asked.length, before + 3, `after a step of ${step} ms`);
  }
  stop.abort();
});

Deno.test("a drain that fails does not stop the timer", async () => {
  const clock = new TestClock();
  let asked = 0;
  const stop = new AbortController();
  timerWaker(clock, () => (asked++, Promise.reject(new Error("no store"))), stop.signal);
  await tick();
  clock.advance(seconds(1));
  await tick();
  assertEquals(asked, 2);
  stop.abort();
});

/** A queue that keeps what is put in, with the delays. */
function fakeQueue({ refuses = false } = {}) {
  const delays: (number | undefined)[] = [];
  let deliver = () => {};
  const kv = {
    enqueue(_value: unknown, options?: { delay?: number }) {
      if (refuses) return Promise.reject(new TypeError("no queues here"));
      delays.push(options?.delay);
      return Promise.resolve({ ok: true });
    },
    listenQueue(handler: () => void) {
      deliver = handler;
      return new Promise<void>(() => {});
    },
  } as unknown as Deno.Kv;
  return { kv, delays, deliver: () => deliver(), refuse: (now: boolean) => refuses = now };
}

/** A waker over a fake queue; the message that found out whether there is one is left out. */
async function overQueue(options?: { refuses?: boolean }) {
  const clock = new TestClock();
  const { asked, drain } = looks();
  const queue = fakeQueue(options);
  const log = createLog("debug", () => {});
  const waker = await queueWaker(queue.kv, { clock, drain, log });
  queue.delays.length = 0;
  return { clock, asked, waker, ...queue };
}

Deno.test("there is no queue waker where enqueue throws", async () => {
  assertEquals((await overQueue({ refuses: true })).waker, null);
});

Deno.test("a queue message says look, on into the next second, whose own may be late", async () => {
  const { asked, deliver } = await overQueue();
  deliver();
  assertEquals(asked, [2_000]);
});

Deno.test("the queue gets at most one message for each second of due time", async () => {
  const { clock, waker, delays } = await overQueue();
  const now = clock.now(); // the beginning of a second
  for (let ms = 1; ms < seconds(10); ms += 7) waker?.wake(now + ms);
  assertEquals(delays, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(seconds));
});

Deno.test("what comes when the message of its second has rung gets that of the next", async () => {
  const { clock, waker, delays } = await overQueue();
  waker?.wake(clock.now());
  clock.advance(400);
  for (let i = 0; i < 5; i++) waker?.wake(clock.now() - seconds(i));
  assertEquals(delays, [0, 600]);
});

Deno.test("the queue gets nothing for what is more than two minutes ahead", async () => {
  const { clock, waker, delays } = await overQueue();
  waker?.wake(clock.now() + minutes(2) + 1);
  waker?.wake(clock.now() + minutes(60 * 24 * 400));
  assertEquals(delays, []);
  waker?.wake(clock.now() + minutes(2));
  assertEquals(delays, [minutes(2)]);
});

Deno.test("a second is asked for again when the queue did not take its message", async () => {
  const { clock, waker, delays, refuse } = await overQueue();
  refuse(true);
  waker?.wake(clock.now() + seconds(5));
  await tick();
  refuse(false);
  waker?.wake(clock.now() + seconds(5));
  assertEquals(delays, [seconds(5)]);
});

Deno.test("no second is forgotten or kept for ever when the clock is set back", async () => {
  const clock = new WallClock();
  const queue = fakeQueue();
  const log = createLog("debug", () => {});
  const waker = await queueWaker(queue.kv, { clock, drain: looks().drain, log });
  const noon = clock.now() + minutes(1);
  waker?.wake(noon);
  clock.set(-minutes(60));
  waker?.wake(clock.now());
  clock.advance(minutes(60));
  waker?.wake(noon);
  assertEquals(queue.delays.length, 1 + 3, "the second message of the same second of the day, too");
});

Deno.test("a ring is passed on to every bell, and with none it is silent", () => {
  const rung: [string, number][] = [];
  const wakers = new Wakers();
  wakers.wake(1);
  for (const name of ["a", "b"]) wakers.add({ wake: (dueAt) => rung.push([name, dueAt]) });
  wakers.wake(2);
  assertEquals(rung, [["a", 2], ["b", 2]]);
});
