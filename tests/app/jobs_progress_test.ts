import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { completed, type RunningJob } from "../../jobs/handler.ts";
import type { JobView } from "../../jobs/view.ts";
import { keys } from "../../kv/keys.ts";
import type { AppEvent } from "../../kv/schema.ts";
import { hours, seconds } from "../support/clock.ts";
import { type TestEngine, testEngine } from "../support/engine.ts";

const at = (done: number) => ({ done, total: 100, failed: 0, label: `${done} of 100` });

/** What the pages of ada were told, in order. */
async function told(t: TestEngine): Promise<{ at: number; state: string; done: number }[]> {
  const events = await Array.fromAsync(t.kv.list<AppEvent>({ prefix: ["event", "account:ada"] }));
  return events.map(({ value: { at, data } }) => {
    const { state, progress } = data as JobView;
    return { at, state, done: progress.done };
  });
}

Deno.test("progress is told at most four times a second, and its last state always", async () => {
  await using t = await testEngine({
    handler: async (_app, job) => {
      for (let i = 1; i <= 100; i++) {
        t.clock.advance(33);
        await job.commit(() => {}, at(i));
      }
      return completed();
    },
  });
  const id = await t.add({ ownerId: "ada", total: 100 });
  await t.drain();
  const events = await told(t);
  const progress = events.filter(({ state, done }) => state === "running" && done > 0);
  for (const [i, event] of progress.entries()) {
    if (i > 0) assert(event.at - progress[i - 1]!.at >= 250, "a frame lasts 250 ms");
  }
  assertLessOrEqual(progress.length, 4 * 3.3 + 1);
  assert(progress.length >= 12, "and not less often than that");
  assertEquals(events.at(-1), { at: t.clock.now(), state: "completed", done: 100 });
  assertEquals((await t.job(id)).progress, at(100), "each is in the record all the same");
});

Deno.test("progress that was held back is told while the handler waits for something else", async () => {
  const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<RunningJob>();
  await using t = await testEngine({
    handler: async (_app, job) => {
      await job.commit(() => {}, at(48));
      await job.commit(() => {}, at(49));
      begin(job);
      await goOn;
      return completed();
    },
  });
  await t.add({ ownerId: "ada" });
  const drained = t.drain();
  await begun;
  assertEquals((await told(t)).at(-1)?.done, 0, "too soon after the beginning");
  const lookedAfter = t.nextSleep(seconds(1));
  t.clock.advance(seconds(1));
  await lookedAfter;
  assertEquals((await told(t)).at(-1), { at: t.clock.now(), state: "running", done: 49 });
  const before = (await told(t)).length;
  const lookedAgain = t.nextSleep(seconds(1));
  t.clock.advance(seconds(1));
  await lookedAgain;
  assertEquals((await told(t)).length, before, "once");
  wake();
  await drained;
});

Deno.test("an owner is told of the beginning, of each failure and each new try, and of the end", async () => {
  await using t = await testEngine({
    handler: (_app, { attempt }) =>
      attempt === 1 ? Promise.reject(new Error("no")) : Promise.resolve(completed()),
  });
  await t.add({ ownerId: "ada" });
  await t.drain();
  t.clock.advance(hours(1));
  await t.drain();
  const states = (await told(t)).map(({ state }) => state);
  assertEquals(states, ["running", "scheduled", "running", "completed"]);
  assertEquals(t.hub.rung, states.map(() => "account:ada"));
});

Deno.test("a job of nobody tells nobody", async () => {
  await using t = await testEngine({
    handler: async (_app, job) => (await job.commit(() => {}, at(1)), completed()),
  });
  await t.add();
  await t.drain();
  assertEquals(await Array.fromAsync(t.kv.list({ prefix: ["event"] })), []);
  assertEquals((await t.kv.get(keys.feed("account:null"))).value, null);
});
