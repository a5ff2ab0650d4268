import { assertEquals } from "@std/assert";
import { createHub } from "../../adapters/hub.ts";
import { newId } from "../../core/ids.ts";
import { EMBEDDED, type StoreTraits } from "../../kv/limits.ts";
import type { AppEvent } from "../../kv/schema.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { EVENTS_KEPT, follow, lastSeq, publish, type Topic } from "../../realtime/events.ts";
import { TestClock } from "../support/clock.ts";
import { TestHub } from "../support/engine.ts";

const topic: Topic = "account:ada";
type Told = AppEvent | "gap";

/** A process on a store that others may share. */
function process(kv: Deno.Kv, traits: Partial<StoreTraits> = {}) {
  const store = createStore({ kv, traits: { ...EMBEDDED, ...traits } });
  const app = { store, hub: new TestHub(), clock: new TestClock() };
  return {
    app,
    say: (data: unknown, to = topic) =>
      transact(app, (tx) => publish(app, tx, to, { type: "job", data })),
    /** So many events in one commit. */
    sayMany: (count: number) =>
      transact(app, async (tx) => {
        for (let i = 0; i < count; i++) await publish(app, tx, topic, { type: "job", data: i });
      }),
  };
}

/** Follows a topic until it is stopped. */
function follower(app: Parameters<typeof follow>[0], after: number, to = topic) {
  const ended = new AbortController();
  const told: (number | "gap")[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const run = (async () => {
    for await (const one of follow(app, to, { after, signal: ended.signal })) {
      told.push(one === "gap" ? "gap" : one.seq);
      for (const { count, resolve } of waiting) if (told.length >= count) resolve();
    }
  })();
  return {
    told,
    /** When it has been told so much. */
    heard: (count: number) =>
      new Promise<void>((resolve) => {
        if (told.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    async stop() {
      ended.abort();
      await run;
    },
  };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test("events of one commit follow each other, and the number is that of the last", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app } = process(kv);
  assertEquals(await lastSeq(app, topic), 0);
  await transact(app, async (tx) => {
    await publish(app, tx, topic, { type: "job", data: "a" });
    await publish(app, tx, topic, { type: "notification", data: "b" });
  });
  assertEquals(await lastSeq(app, topic), 2);
  const events = await Array.fromAsync(kv.list<AppEvent>({ prefix: ["event", topic] }));
  const at = app.clock.now();
  assertEquals(events.map(({ value }) => value), [
    { seq: 1, at, type: "job", data: "a" },
    { seq: 2, at, type: "notification", data: "b" },
  ]);
});

Deno.test("a follower goes on from its number and hears the rest once and in order, however many speak", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, say } = process(kv);
  for (let i = 0; i < 5; i++) await say(i);
  const one = follower(app, 3);
  const two = follower(app, 0);
  const speaking = Array.from({ length: 10 }, async (_, n) => {
    for (let i = 0; i < 6; i++) await say(`${n}.${i}`);
  });
  await Promise.all([...speaking, one.heard(62), two.heard(65)]);
  assertEquals(one.told, numbers(4, 65));
  assertEquals(two.told, numbers(1, 65));
  await Promise.all([one.stop(), two.stop()]);
  assertEquals(app.hub.listening(topic), 0);
});

Deno.test("a follower hears only of its topic", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, say } = process(kv);
  const ada = follower(app, 0);
  const everyone = follower(app, 0, "everyone");
  await say("for bob", "account:bob");
  await say("for all", "everyone");
  await say("for ada");
  await Promise.all([ada.heard(1), everyone.heard(1)]);
  assertEquals([ada.told, everyone.told], [[1], [1]]);
  await Promise.all([ada.stop(), everyone.stop()]);
});

Deno.test("a follower whose events are no longer kept is told of the gap, then of what comes", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, say, sayMany } = process(kv);
  for (const count of [EVENTS_KEPT, 10]) await sayMany(count);
  assertEquals((await Array.fromAsync(kv.list({ prefix: ["event"] }))).length, EVENTS_KEPT);
  const last = EVENTS_KEPT + 10;
  const kept = follower(app, 10);
  const lost = follower(app, 9);
  await Promise.all([kept.heard(EVENTS_KEPT), lost.heard(1)]);
  await say("new");
  await Promise.all([kept.heard(EVENTS_KEPT + 1), lost.heard(2)]);
  assertEquals(kept.told, numbers(11, last + 1));
  assertEquals(lost.told, ["gap", last + 1]);
  await Promise.all([kept.stop(), lost.stop()]);
});

Deno.test("a number from the future is a gap, as after a backup was restored", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, say } = process(kv);
  await say(1);
  const lost = follower(app, 40);
  await lost.heard(1);
  await say(2);
  await lost.heard(2);
  assertEquals(lost.told, ["gap", 2]);
  await lost.stop();
});

Deno.test("events that are dropped while a slow reader is on its way to them are told as a gap", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, sayMany } = process(kv);
  await sayMany(EVENTS_KEPT);
  const ended = new AbortController();
  const reading = follow(app, topic, { after: 0, signal: ended.signal });
  const told: (number | "gap")[] = [];
  for await (const one of reading) {
    told.push(one === "gap" ? "gap" : (one as AppEvent).seq);
    // The store hands out a hundred at a time: those behind them go while these are read.
    if (told.length === 50) await sayMany(150);
    if (told.at(-1) === EVENTS_KEPT + 150) ended.abort();
  }
  const gap = told.indexOf("gap");
  assertEquals(told.slice(0, gap), numbers(1, 100));
  assertEquals(told.slice(gap + 1), numbers(151, EVENTS_KEPT + 150));
});

for (const when of ["before it begins", "while it waits", "while it is read"] as const) {
  Deno.test(`following ends when it is aborted ${when}, and nobody listens any more`, async () => {
    using kv = await Deno.openKv(":memory:");
    const { app, say } = process(kv, { shared: true });
    await say(1);
    await say(2);
    const ended = new AbortController();
    const told: Told[] = [];
    if (when === "before it begins") ended.abort();
    for await (const one of follow(app, topic, { after: 0, signal: ended.signal })) {
      told.push(one);
      if (when === "while it is read") ended.abort();
      if (told.length === 2) queueMicrotask(() => setImmediate(() => ended.abort()));
    }
    const heard = { "before it begins": 0, "while it waits": 2, "while it is read": 1 };
    assertEquals(told.length, heard[when]);
    assertEquals(app.hub.listening(topic), 0);
  });
}

Deno.test("who stops reading leaves no listener behind, neither at the hub nor at the signal", async () => {
  using kv = await Deno.openKv(":memory:");
  const { app, say } = process(kv);
  await say(1);
  const { signal } = new AbortController();
  let listening = 0;
  const add = signal.addEventListener.bind(signal),
    remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listening++, add(...args));
  signal.removeEventListener = (
    ...args: Parameters<typeof remove>
  ) => (listening--, remove(...args));
  for await (const _ of follow(app, topic, { after: 0, signal })) break;
  assertEquals([app.hub.listening(topic), listening], [0, 0]);
});

Deno.test("what one process tells is heard in the others through the store alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const a = process(kv, { shared: true });
  const b = process(kv, { shared: true });
  const inA = follower(a.app, 0);
  const inB = follower(b.app, 0);
  await a.say("from a");
  await b.say("from b");
  await Promise.all([inA.heard(2), inB.heard(2)]);
  assertEquals([inA.told, inB.told], [[1, 2], [1, 2]]);
  assertEquals(
    [a.app.hub.rung.length, b.app.hub.rung.length],
    [1, 1],
    "each hub rings for its own",
  );
  await Promise.all([inA.stop(), inB.stop()]);
});

Deno.test("a process watches a topic once, however many follow it, and as long as one does", async () => {
  using real = await Deno.openKv(":memory:");
  const watched: string[] = [];
  let open = 0;
  const kv = new Proxy(real, {
    get(target, name) {
      if (name !== "watch") {
        const member = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      }
      return ([key]: [Deno.KvKey]) => {
        watched.push(String(key[1]));
        open++;
        const reader = target.watch([key]).getReader();
        return new ReadableStream({
          pull: async (controller) => {
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: () => (open--, reader.cancel()),
        });
      };
    },
  });
  const { app, say } = process(kv, { shared: true });
  const followers = Array.from({ length: 20 }, () => follower(app, 0));
  const other = follower(app, 0, "everyone");
  await say(1);
  await Promise.all(followers.map((one) => one.heard(1)));
  assertEquals([watched.toSorted(), open], [[topic, "everyone"].toSorted(), 2]);
  await Promise.all(followers.slice(1).map((one) => one.stop()));
  await say(2);
  await followers[0]!.heard(2);
  assertEquals(open, 2, "one still follows");
  await Promise.all([followers[0]!.stop(), other.stop()]);
  assertEquals(open, 0);
  const again = follower(app, 0);
  await again.heard(2);
  assertEquals([watched.length, open], [3, 1]);
  await again.stop();
});

Deno.test("a hub rings once for each listener, here and in its workers, until it stops listening", async () => {
  const name = `test ${newId()}`;
  const here = createHub(name);
  const worker = createHub(name);
  const rung: string[] = [];
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const hear = () => rung.push("here");
  const stops = [here.listen("a", hear), here.listen("a", hear)];
  here.listen("b", () => rung.push("another topic"));
  worker.listen("a", () => (rung.push("worker"), resolve()));
  here.ring("a");
  await reached;
  assertEquals(rung, ["here", "here", "worker"]);
  stops[0]!();
  here.ring("a");
  assertEquals(rung.filter((one) => one === "here").length, 3, "one is left");
  stops[1]!();
  here.ring("a");
  assertEquals(rung.filter((one) => one === "here").length, 3);
  here.close();
  here.ring("a"); // late, as a commit during the stop: silent
  worker.close();
});
