import { assert, assertEquals, assertRejects } from "@std/assert";
import { completed, LeaseLost, type RunningJob, snooze } from "../../jobs/handler.ts";
import { releaseOrphans } from "../../jobs/lease.ts";
import { keys } from "../../kv/keys.ts";
import { hours, minutes, seconds } from "../support/clock.ts";
import { type TestEngine, testEngine, type TestHandler } from "../support/engine.ts";

const never = new Promise<never>(() => {});
const counter = keys.feed("everyone");

/** A handler that says when it began and then does nothing more. */
function hanging(): { handler: TestHandler; begun: Promise<RunningJob> } {
  const { promise: begun, resolve } = Promise.withResolvers<RunningJob>();
  return { begun, handler: (_app, job) => (resolve(job), never) };
}

/** A process that claims a job and dies with it. */
async function dieWith(t: TestEngine): Promise<void> {
  const { handler, begun } = hanging();
  const victim = await testEngine({ kv: t.kv, clock: t.clock, handler });
  void victim.drain();
  await begun;
  victim.kill();
}

Deno.test("a job whose process died runs elsewhere when its lease is over, as the next attempt", async () => {
  const attempts: number[] = [];
  await using t = await testEngine({
    traits: { shared: true },
    handler: (_app, { attempt }) => Promise.resolve((attempts.push(attempt), completed())),
  });
  const id = await t.add();
  await dieWith(t);
  await t.drain();
  t.clock.advance(minutes(1) - 1);
  await t.drain();
  assertEquals(attempts, [], "not while the lease lasts");
  t.clock.advance(1);
  await t.drain();
  assertEquals(attempts, [2]);
  assertEquals((await t.job(id)).state, "completed");
});

Deno.test("a job whose tries end in nothing three times is taken for one that kills its process", async () => {
  await using t = await testEngine({ traits: { shared: true } });
  const id = await t.add();
  for (let i = 0; i < 3; i++) {
    await dieWith(t);
    t.clock.advance(minutes(1));
  }
  await t.drain();
  const { state, reason, attempt } = await t.job(id);
  assertEquals([state, reason], ["discarded", "3 tries ended without an answer"]);
  assertEquals(attempt, 3);
  assertEquals(await t.due(), []);
  assertEquals(t.lines.map(({ event }) => event), ["job_discarded"]);
});

Deno.test("a job that gets on before each death is not taken for one that kills its process", async () => {
  await using t = await testEngine({ traits: { shared: true } });
  const id = await t.add();
  for (let i = 0; i < 5; i++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const victim = await testEngine({
      kv: t.kv,
      clock: t.clock,
      handler: async (_app, job) => {
        await job.commit(() => {}, { done: i, total: 5, failed: 0, label: "" });
        resolve();
        return await never;
      },
    });
    void victim.drain();
    await promise;
    victim.kill();
    t.clock.advance(minutes(1));
  }
  await t.drain();
  assertEquals((await t.job(id)).state, "completed");
});

Deno.test("a job whose last try died is discarded with the errors of those before", async () => {
  await using t = await testEngine({
    traits: { shared: true },
    handler: () => Promise.reject(new Error("no")),
  });
  const id = await t.add();
  for (let i = 0; i < 7; i++) {
    await t.drain();
    t.clock.advance(hours(1));
  }
  await dieWith(t);
  t.clock.advance(minutes(1));
  await t.drain();
  const { state, reason, errors } = await t.job(id);
  assertEquals([state, reason, errors.length], ["discarded", "8 tries failed", 7]);
});

Deno.test("a try that was outrun can write nothing more, and the record is the new holder's", async () => {
  const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const refused: string[] = [];
  // Two processes: the first stands still, as in a long pause of its machine, and goes on later.
  await using slow = await testEngine({
    traits: { shared: true },
    handler: async (_app, job) => {
      begin();
      await goOn;
      for (
        const write of [
          () => job.commit((tx) => tx.set(counter, { seq: 666 })),
          () => job.commit(() => {}, { done: 9, total: 9, failed: 0, label: "late" }),
          () => job.step("late", () => Promise.resolve("late")),
        ]
      ) refused.push((await assertRejects(write, LeaseLost)).name);
      return completed((tx) => tx.set(counter, { seq: 667 }));
    },
  });
  await using quick = await testEngine({
    kv: slow.kv,
    clock: slow.clock,
    handler: async (_app, job) => {
      await job.commit((tx) => tx.set(counter, { seq: 1 }), {
        done: 1,
        total: 1,
        failed: 0,
        label: "mine",
      });
      return snooze(hours(1));
    },
  });
  const id = await slow.add();
  const drained = slow.drain();
  await begun;
  const thaw = slow.freeze();
  slow.clock.advance(minutes(1));
  await quick.drain();
  const held = await quick.job(id);
  thaw();
  wake();
  await drained;
  assertEquals(refused, ["LeaseLost", "LeaseLost", "LeaseLost"]);
  assertEquals(await quick.job(id), held);
  assertEquals([held.progress.label, held.attempt], ["mine", 0]);
  assertEquals((await quick.kv.get(counter)).value, { seq: 1 });
  assertEquals(await quick.due(), [{ at: held.dueAt, id }]);
  assertEquals(slow.lines.map(({ event }) => event), ["job_fenced"]);
});

for (
  const [what, end] of [
    ["fails", () => Promise.reject(new Error("too late"))],
    ["is snoozed", () => Promise.resolve(snooze(1))],
  ] as const
) {
  Deno.test(`a try that was outrun and then ${what} does not change the record`, async () => {
    const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    await using slow = await testEngine({
      traits: { shared: true },
      handler: async () => (begin(), await goOn, await end()),
    });
    await using quick = await testEngine({ kv: slow.kv, clock: slow.clock });
    const id = await slow.add();
    const drained = slow.drain();
    await begun;
    const thaw = slow.freeze();
    slow.clock.advance(minutes(1));
    await quick.drain();
    const before = await quick.job(id);
    thaw();
    wake();
    await drained;
    assertEquals(await quick.job(id), before);
    assertEquals(before.state, "completed");
    assertEquals(slow.lines.at(-1)?.event, "job_fenced");
  });
}

Deno.test("a try that takes long keeps its lease for as long as its process lives", async () => {
  const { handler, begun } = hanging();
  await using t = await testEngine({ traits: { shared: true }, handler });
  await using other = await testEngine({ kv: t.kv, clock: t.clock });
  const id = await t.add();
  void t.drain();
  await begun;
  for (let passed = 0; passed < minutes(10); passed += seconds(5)) {
    const lookedAfter = t.nextSleep(seconds(1));
    t.clock.advance(seconds(5));
    await lookedAfter;
    await other.drain();
    const { state, dueAt } = await t.job(id);
    assertEquals(state, "running");
    assert(dueAt - t.clock.now() >= seconds(35), "renewed when a third is over");
  }
  assertEquals((await t.job(id)).attempt, 1);
});

Deno.test("a handler hears by its signal that its lease was lost", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  await using slow = await testEngine({
    traits: { shared: true },
    handler: (_app, { signal }) => {
      begin();
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(completed()), { once: true });
      });
    },
  });
  await using quick = await testEngine({ kv: slow.kv, clock: slow.clock });
  await slow.add();
  const drained = slow.drain();
  await begun;
  const thaw = slow.freeze();
  slow.clock.advance(minutes(1));
  await quick.drain();
  thaw();
  await drained;
  assertEquals(slow.lines.map(({ event }) => event), ["job_fenced"]);
});

Deno.test("what a dead process held is due at once for the next one that is alone", async () => {
  const attempts: number[] = [];
  await using t = await testEngine({
    traits: { shared: true },
    handler: (_app, { attempt }) => Promise.resolve((attempts.push(attempt), completed())),
  });
  const orphan = await t.add();
  await dieWith(t);
  const soon = await t.add({ dueAt: t.clock.now() + seconds(20) });
  const later = await t.add({ dueAt: t.clock.now() + hours(5) });
  t.clock.advance(seconds(3));
  assertEquals(await releaseOrphans(t.app), 1);
  const due = new Map((await t.due()).map(({ at, id }) => [id, at - t.clock.now()]));
  assertEquals([...due], [[orphan, 0], [soon, seconds(17)], [later, hours(5) - seconds(3)]]);
  await t.drain();
  assertEquals(attempts, [2]);
  assertEquals(await releaseOrphans(t.app), 0);
});
