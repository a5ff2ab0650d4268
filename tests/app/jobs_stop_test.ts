import { assert, assertEquals, assertRejects } from "@std/assert";
import { completed, LeaseLost, type RunningJob, snooze } from "../../jobs/handler.ts";
import { minutes, seconds } from "../support/clock.ts";
import { testEngine } from "../support/engine.ts";
import { lyingKv, script } from "../support/lying_kv.ts";

const never = new Promise<never>(() => {});

Deno.test("stop returns although a handler hangs, and gives its job back unused and due now", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<RunningJob>();
  await using t = await testEngine({
    traits: { shared: true },
    handler: (_app, job) => (begin(job), never),
  });
  const id = await t.add();
  const drained = t.drain();
  const job = await begun;
  t.clock.advance(seconds(1));
  const stopped = t.runner.stop();
  assert(job.sliceOver(), "a handler that looks can stop by itself");
  await drained;
  assert(!job.signal.aborted, "there is a grace");
  t.clock.advance(seconds(3));
  await stopped;
  assert(job.signal.aborted);
  const { state, attempt, silent, token } = await t.job(id);
  assertEquals([state, attempt, silent, token], ["scheduled", 0, 0, null]);
  assertEquals(await t.due(), [{ at: t.clock.now(), id }]);
  await assertRejects(() => job.commit(() => {}), LeaseLost);

  await using next = await testEngine({ kv: t.kv, clock: t.clock });
  await next.drain();
  const { state: after, attempt: tries } = await next.job(id);
  assertEquals([after, tries], ["completed", 1]);
});

Deno.test("stop waits for what ends by itself and gives nothing of it back", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<RunningJob>();
  const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
  await using t = await testEngine({
    handler: async (
      _app,
      job,
    ) => (begin(job), await goOn, job.sliceOver() ? snooze(0) : completed()),
  });
  const id = await t.add();
  void t.drain();
  await begun;
  let stopped = false;
  const stopping = t.runner.stop().then(() => stopped = true);
  await t.kv.get(["a while"]);
  assert(!stopped);
  wake();
  await stopping;
  assertEquals((await t.job(id)).state, "scheduled", "its slice was over");
  assertEquals((await t.job(id)).attempt, 0);
});

Deno.test("a stopped runner claims nothing more, and to stop it twice is no harm", async () => {
  await using t = await testEngine({ handler: () => Promise.reject(new Error("must not run")) });
  const id = await t.add();
  await Promise.all([t.runner.stop(), t.runner.stop()]);
  await t.drain();
  assertEquals((await t.job(id)).state, "scheduled");
  assertEquals(t.lines, []);
});

Deno.test("what was being claimed when the stop came is given back, too", async () => {
  const real = await Deno.openKv(":memory:");
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const faults = script("commit", [undefined, answer.promise]);
  const lying = lyingKv(real, (call) => {
    const fault = faults(call);
    if (fault) asked.resolve();
    return fault;
  });
  await using t = await testEngine({
    kv: lying.kv,
    handler: () => Promise.reject(new Error("must not run")),
  });
  const id = await t.add();
  const drained = t.drain();
  await asked.promise; // the claim is on its way
  const stopped = t.runner.stop();
  answer.resolve();
  await Promise.all([stopped, drained]);
  const { state, attempt } = await t.job(id);
  assertEquals([state, attempt], ["scheduled", 0]);
  assertEquals(t.lines, []);
  await lying.idle();
  real.close();
});

Deno.test("what another process has taken over is not given back", async () => {
  const [a, b] = [0, 1].map(() => Promise.withResolvers<void>());
  await using slow = await testEngine({
    traits: { shared: true },
    handler: () => (a!.resolve(), never),
  });
  await using quick = await testEngine({
    kv: slow.kv,
    clock: slow.clock,
    handler: () => (b!.resolve(), never),
  });
  const id = await slow.add();
  void slow.drain();
  await a!.promise;
  const thaw = slow.freeze();
  slow.clock.advance(minutes(1));
  void quick.drain();
  await b!.promise;
  const held = await quick.job(id);
  const stopped = slow.runner.stop(0);
  slow.clock.advance(0); // its grace of no time is over
  thaw();
  await stopped;
  assertEquals(await quick.job(id), held);
});

Deno.test("stop returns after its grace although the store does not answer", async () => {
  const real = await Deno.openKv(":memory:");
  const { promise: begun, resolve: begin } = Promise.withResolvers<RunningJob>();
  let broken = false;
  const lying = lyingKv(real, () => broken ? "hang" : undefined);
  await using t = await testEngine({
    kv: lying.kv,
    handler: (_app, job) => (begin(job), never),
  });
  await t.add();
  void t.drain().catch(() => {});
  await begun;
  broken = true;
  const hung = lying.nextHang();
  const stopped = t.runner.stop(seconds(3));
  t.clock.advance(seconds(3));
  await hung;
  t.passDeadline();
  await stopped;
  assertEquals(t.lines.map(({ event }) => event), ["job_not_given_back"]);
  broken = false;
  real.close();
});
