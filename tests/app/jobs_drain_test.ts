import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { serialize } from "node:v8";
import { completed, snooze } from "../../jobs/handler.ts";
import { keys } from "../../kv/keys.ts";
import { hours, minutes, seconds } from "../support/clock.ts";
import { type TestEngine, testEngine } from "../support/engine.ts";
import { lyingKv } from "../support/lying_kv.ts";

/** Adds a job that this version does not understand, as one of a newer version left it. */
async function addForeign(
  t: TestEngine,
  id: string,
  change: { kind?: string; payload?: unknown },
): Promise<void> {
  await t.add({ id });
  await t.kv.set(keys.job(id), { ...await t.job(id), ...change });
}

for (
  const [what, change, reason] of [
    ["a kind that is unknown", { kind: "send_fax" }, 'there is no kind "send_fax" here'],
    ["a payload that cannot be read", { payload: { noteId: 7 } }, "its payload cannot be read"],
  ] as const
) {
  Deno.test(`a job with ${what} is put aside for an hour, and the others run`, async () => {
    await using t = await testEngine();
    await addForeign(t, "a foreign one", change);
    const own = await t.add();
    await t.drain();
    assertEquals((await t.job(own)).state, "completed");
    const { state, attempt, ...job } = await t.job("a foreign one");
    assertEquals([state, attempt, job.reason], ["scheduled", 0, reason]);
    assertEquals(await t.due(), [{ at: t.clock.now() + hours(1), id: "a foreign one" }]);
    assertEquals(t.lines.map(({ event, jobId }) => [event, jobId]), [
      ["job_put_aside", "a foreign one"],
    ]);
    t.clock.advance(hours(1));
    await t.drain();
    assertEquals(t.lines.length, 2, "looked at again, as a newer version may be here by then");
  });
}

Deno.test("entries that were left behind in the index are cleared away", async () => {
  await using t = await testEngine();
  const now = t.clock.now();
  const done = await t.add();
  await t.drain();
  const later = await t.add({ dueAt: now + hours(1) });
  for (const id of [done, later, "nobody"]) await t.kv.set(keys.jobByDue(now - 5, id), id);
  await t.drain();
  assertEquals(await t.due(), [{ at: now + hours(1), id: later }]);
  assertEquals((await t.job(later)).state, "scheduled");
});

Deno.test("a job that cannot be claimed is logged and not in the way of the others", async () => {
  await using t = await testEngine();
  const full = await t.add();
  // As large as a value may be: the fields of a running job find no room.
  const record = { ...await t.job(full), steps: { letter: "" } };
  record.steps.letter = "x".repeat(65_530 - serialize(record).byteLength);
  await t.kv.set(keys.job(full), record);
  const others = await Promise.all([t.add(), t.add()]);
  await t.drain();
  for (const id of others) assertEquals((await t.job(id)).state, "completed");
  assertEquals(t.lines.at(-1)?.event, "job_not_claimed");
  assertEquals(new Set(t.lines.map(({ jobId }) => jobId)), new Set([full]));
});

Deno.test("a drain during another is that one, and what was added meanwhile is run by it", async () => {
  const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
  const begun = { long: Promise.withResolvers<void>(), short: Promise.withResolvers<void>() };
  await using t = await testEngine({
    handler: async (_app, { id }) => {
      begun[id as keyof typeof begun].resolve();
      if (id === "long") await goOn;
      return completed();
    },
  });
  await t.add({ id: "long" });
  const first = t.drain();
  await begun.long.promise;
  await t.add({ id: "short" });
  const second = t.drain();
  assert(first === second);
  await begun.short.promise; // while the long one still runs
  wake();
  await second;
  assertEquals(await t.due(), []);
});

Deno.test("a job that is added when a drain has looked already is run by it, when asked for", async () => {
  const real = await Deno.openKv(":memory:");
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let looks = 0;
  const lying = lyingKv(real, (call) => {
    if (call !== "list" || ++looks !== 2) return;
    asked.resolve(); // it has found nothing due, and asks what comes next
    return goOn.promise;
  });
  await using t = await testEngine({ kv: lying.kv });
  const first = t.drain();
  await asked.promise;
  const id = await t.add();
  const second = t.drain();
  goOn.resolve();
  await second;
  assertEquals((await t.job(id)).state, "completed");
  await first;
  real.close();
});

Deno.test("whatever moment a job is added at, the drain called for it runs it", async () => {
  await using t = await testEngine();
  const adders = Array.from({ length: 3 }, async (_, n) => {
    for (let i = 0; i < 20; i++) {
      const id = await t.add();
      await t.drain();
      assertEquals((await t.job(id)).state, "completed", `job ${i} of adder ${n}`);
      for (let turns = (i * 7 + n) % 11; turns > 0; turns--) await Promise.resolve();
    }
  });
  await Promise.all(adders);
});

Deno.test("a drain that looks ahead runs what comes due at its instant and not before", async () => {
  const at: number[] = [];
  await using t = await testEngine({
    handler: (app) => Promise.resolve((at.push(app.clock.now() - start), completed())),
  });
  const start = t.clock.now();
  for (const ms of [1_750, 900, 20_000]) await t.add({ dueAt: start + ms });
  const waits = t.nextSleep(900);
  const drained = t.runner.drain({ lookAheadMs: 3_000 });
  await waits;
  t.clock.advance(899);
  assertEquals(at, []);
  const waitsAgain = t.nextSleep(850);
  t.clock.advance(1);
  await waitsAgain;
  t.clock.advance(850);
  await drained;
  assertEquals(at, [900, 1_750]);
});

Deno.test("no more jobs run at once than are allowed, and a free place is taken at once", async () => {
  const total = 10;
  const begun = Array.from({ length: total }, () => Promise.withResolvers<void>());
  const ends: (() => void)[] = [];
  let running = 0, most = 0;
  await using t = await testEngine({
    handler: async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => begun[ends.push(resolve) - 1]!.resolve());
      running--;
      return completed();
    },
    runner: { concurrency: 3 },
  });
  for (let i = 0; i < total; i++) await t.add();
  const drained = t.drain();
  for (let i = 0; i < total; i++) {
    await begun[i]!.promise;
    if (i >= 2) ends[i - 2]!();
  }
  for (const end of ends) end();
  await drained;
  assertEquals([most, await t.due()], [3, []]);
});

Deno.test("a long job goes to the back of the line after its slice", async () => {
  const order: string[] = [];
  await using t = await testEngine({
    handler: async (_app, job) => {
      order.push(job.id);
      if (job.id !== "long") return completed();
      while (!job.sliceOver()) {
        t.clock.advance(seconds(1));
        await job.commit(() => {});
      }
      return order.length < 6 ? snooze(0) : completed();
    },
    runner: { concurrency: 1 },
  });
  await t.add({ id: "long" });
  t.clock.advance(1);
  for (const id of ["a", "b", "c"]) await t.add({ id });
  await t.drain();
  assertEquals(order, ["long", "a", "b", "c", "long", "long"]);
  const { attempt, errors } = await t.job("long");
  assertEquals([attempt, errors.length], [1, 0]);
});

Deno.test("two processes at one store run each of 500 jobs once", async () => {
  const ran: string[] = [];
  const note = (id: string) => Promise.resolve((ran.push(id), completed()));
  await using a = await testEngine({
    traits: { shared: true },
    handler: (_app, { id }) => note(id),
  });
  await using b = await testEngine({
    kv: a.kv,
    clock: a.clock,
    handler: (_app, { id }) => note(id),
  });
  await Promise.all(Array.from({ length: 500 }, () => a.add()));
  await Promise.all([a.drain(), b.drain()]);
  await Promise.all([a.drain(), b.drain()]);
  assertEquals(ran.length, 500);
  assertEquals(new Set(ran).size, 500);
  assertEquals(await a.due(), []);
});

Deno.test("many jobs of one owner, whose pages are told of each, do not lose each other's races", async () => {
  await using t = await testEngine();
  const ids = await Promise.all(Array.from({ length: 60 }, () => t.add({ ownerId: "ada" })));
  await t.drain();
  for (const id of ids) assertEquals((await t.job(id)).state, "completed");
  const { value } = await t.kv.get<{ seq: number }>(keys.feed("account:ada"));
  assertEquals(value?.seq, 120, "each begun and each ended");
  assertEquals(t.lines, []);
});

Deno.test("a drain that the store fails says so, and the next one goes on", async () => {
  const real = await Deno.openKv(":memory:");
  let broken = true;
  const lying = lyingKv(real, (call) => broken && call === "list" ? "hang" : undefined);
  await using t = await testEngine({ kv: lying.kv });
  const id = await t.add();
  const hung = lying.nextHang();
  const drained = t.drain();
  await hung;
  t.passDeadline();
  await assertRejects(() => drained);
  assertEquals(t.lines.map(({ event }) => event), ["drain_failed"]);
  broken = false;
  await t.drain();
  assertEquals((await t.job(id)).state, "completed");
  real.close();
});

Deno.test("the work of a job whose end could not be stored is found again", async () => {
  const real = await Deno.openKv(":memory:");
  let runs = 0;
  let broken = false;
  const lying = lyingKv(real, (call) => broken && call === "commit" ? "hang" : undefined);
  await using t = await testEngine({
    kv: lying.kv,
    handler: () => Promise.resolve((broken = runs++ === 0, completed())),
  });
  const id = await t.add();
  const drained = t.drain();
  for (const _ of ["its end", "and that it failed"]) {
    await lying.nextHang();
    t.passDeadline();
  }
  await drained;
  assertEquals(t.lines.map(({ event }) => event), ["job_failed", "job_not_settled"]);
  broken = false;
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals([runs, (await t.job(id)).state], [2, "completed"]);
  assertLessOrEqual((await t.job(id)).attempt, 2);
  real.close();
});
