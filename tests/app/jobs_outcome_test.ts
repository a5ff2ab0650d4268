import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import { cancel, completed, snooze } from "../../jobs/handler.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { hours, minutes, seconds } from "../support/clock.ts";
import { testEngine } from "../support/engine.ts";

Deno.test("a job is stored with what it is about, or not at all", async () => {
  await using t = await testEngine();
  const note = keys.feed("everyone");
  const both = (id: string, fails: boolean) =>
    transact(t.app, async (tx) => {
      tx.set(note, { seq: 1 });
      await enqueue(t.app, tx, "purge_note", { noteId: "n", deletedAt: 0 }, { id });
      if (fails) throw new Error("the rule refuses");
    });
  await assertRejects(() => both("a", true));
  assertEquals([await t.due(), (await t.kv.get(note)).value, t.wakes], [[], null, []]);
  await both("b", false);
  assertEquals((await t.due()).map(({ id }) => id), ["b"]);
  assertEquals((await t.kv.get(note)).value, { seq: 1 });
  assertEquals(t.wakes, [t.clock.now()], "asked for a look after the commit");
});

Deno.test("a named job that is added twice, even at once, is one job and runs once", async () => {
  let runs = 0;
  await using t = await testEngine({ handler: () => Promise.resolve((runs++, completed())) });
  await Promise.all([t.add({ id: "one" }), t.add({ id: "one" }), t.add({ id: "one" })]);
  await t.drain();
  await t.add({ id: "one" });
  await t.drain();
  assertEquals(runs, 1);
  assertEquals(await t.due(), []);
});

Deno.test("jobs begin in the order in which they are due, and none before its time", async () => {
  const begun: string[] = [];
  await using t = await testEngine({
    handler: (_app, job) => Promise.resolve((begun.push(job.id), completed())),
    runner: { concurrency: 1 },
  });
  const now = t.clock.now();
  const at = { third: 300, first: -5, fourth: 301, second: 0, never: 10_000 };
  for (const [id, ms] of Object.entries(at)) await t.add({ id, dueAt: now + ms });
  await t.drain();
  assertEquals(begun, ["first", "second"]);
  t.clock.advance(299);
  await t.drain();
  assertEquals(begun.length, 2, "a millisecond early is early");
  t.clock.advance(2);
  await t.drain();
  assertEquals(begun, ["first", "second", "third", "fourth"]);
});

Deno.test("a claim moves a job's one entry in the index to the end of its lease", async () => {
  const seen: unknown[] = [];
  await using t = await testEngine({
    handler: async (_app, { id }) => {
      seen.push(await t.due(), (await t.job(id)).state);
      return completed();
    },
  });
  const id = await t.add();
  await t.drain();
  assertEquals(seen, [[{ at: t.clock.now() + minutes(1), id }], "running"]);
});

Deno.test("a completed job leaves the due index and is listed by its end", async () => {
  await using t = await testEngine();
  const id = await t.add({ ownerId: "ada" });
  t.clock.advance(10);
  await t.drain();
  const job = await t.job(id);
  assertEquals(await t.due(), []);
  assertEquals([job.state, job.token, job.finishedAt], ["completed", null, t.clock.now()]);
  const ended = await Array.fromAsync(t.kv.list({ prefix: ["job_by_end"] }), ({ key }) => key);
  assertEquals(ended, [[...keys.jobByEnd(t.clock.now(), id)]]);
});

Deno.test("what a handler also writes is stored in the commit that ends its job", async () => {
  const note = keys.feed("everyone");
  await using t = await testEngine({
    handler: () => Promise.resolve(completed((tx, job) => tx.set(note, { seq: job.state.length }))),
  });
  const id = await t.add();
  await t.drain();
  const [ended, written] = await t.kv.getMany([keys.job(id), note]);
  assertEquals(ended.versionstamp, written.versionstamp);
  assertEquals(written.value, { seq: "completed".length });
});

Deno.test("a snoozed job comes back at its time and has used no attempt", async () => {
  const attempts: number[] = [];
  await using t = await testEngine({
    handler: (_app, { attempt }) =>
      Promise.resolve(attempts.push(attempt) < 20 ? snooze(hours(1)) : completed()),
  });
  const id = await t.add();
  for (let i = 0; i < 20; i++) {
    await t.drain();
    await t.drain();
    t.clock.advance(hours(1));
  }
  assertEquals(attempts, Array(20).fill(1), "more often than tries may fail");
  assertEquals((await t.job(id)).state, "completed");
});

Deno.test("a snooze is told to the wakers, and one into the past is due at once", async () => {
  let runs = 0;
  await using t = await testEngine({
    handler: () => Promise.resolve([snooze(-500), snooze(700), completed()][runs++]!),
  });
  const now = t.clock.now();
  await t.add();
  await t.drain();
  assertEquals(runs, 2);
  assertEquals(t.wakes, [now, now, now + 700]);
});

Deno.test("a cancelled job says why and is over", async () => {
  await using t = await testEngine({ handler: () => Promise.resolve(cancel("it is gone")) });
  const id = await t.add();
  await t.drain();
  const { state, reason, errors } = await t.job(id);
  assertEquals([state, reason, errors], ["cancelled", "it is gone", []]);
  assertEquals(await t.due(), []);
});

Deno.test("a failed try is kept and comes back later each time, until they are used up", async () => {
  let runs = 0;
  await using t = await testEngine({
    handler: () => Promise.reject(new Error(`refused at door ${++runs}`)),
  });
  const id = await t.add();
  for (let attempt = 1; attempt <= 8; attempt++) {
    await t.drain();
    const { state, dueAt, errors } = await t.job(id);
    assertEquals(errors.at(-1)?.message, `Error: refused at door ${attempt}`);
    assertEquals(errors.map((error) => error.attempt).at(-1), attempt);
    if (attempt === 8) break;
    const full = Math.min(hours(1), seconds(30) * 2 ** (attempt - 1));
    assertEquals(state, "scheduled");
    assertGreaterOrEqual(dueAt - t.clock.now(), full / 2);
    assertLessOrEqual(dueAt - t.clock.now(), full);
    assertEquals(t.wakes.at(-1), dueAt);
    t.clock.advance(dueAt - t.clock.now());
  }
  const { state, reason, errors } = await t.job(id);
  assertEquals([state, reason], ["discarded", "8 tries failed"]);
  assertEquals(errors.length, 8, "every error is kept");
  assertEquals(await t.due(), []);
  assertEquals(runs, 8);
});

Deno.test("an error is kept without the secrets that it carries", async () => {
  await using t = await testEngine({
    handler: () => Promise.reject(new Error("cannot reach smtp://ada:geheim@mail.example")),
  });
  const id = await t.add();
  await t.drain();
  assertEquals((await t.job(id)).errors[0]?.message, "Error: cannot reach smtp://…@mail.example");
  assert(!JSON.stringify(t.lines).includes("geheim"));
});

Deno.test("a step is done once across tries, also one with a strange name or no result", async () => {
  const done: string[] = [];
  await using t = await testEngine({
    handler: async (_app, job) => {
      const act = (name: string) => job.step(name, () => Promise.resolve(void done.push(name)));
      const number = await job.step("number", () => Promise.resolve(done.push("number")));
      assertEquals(number, 1, "the saved result");
      await act("toString");
      if (job.attempt < 3) throw new Error("after the steps");
      await act("last");
      return completed();
    },
  });
  const id = await t.add();
  for (let i = 0; i < 3; i++) {
    await t.drain();
    t.clock.advance(hours(1));
  }
  assertEquals(done, ["number", "toString", "last"]);
  assertEquals((await t.job(id)).state, "completed");
});

Deno.test("a handler sees that an end was asked for after its next commit", async () => {
  const seen: boolean[] = [];
  await using t = await testEngine({
    handler: async (_app, job) => {
      seen.push(job.cancelAsked);
      await askForAnEnd(job.id);
      seen.push(job.cancelAsked);
      await job.commit(() => {});
      seen.push(job.cancelAsked);
      return job.cancelAsked ? cancel("as asked") : completed();
    },
  });
  const askForAnEnd = (id: string) =>
    transact(t.app, async (tx) => {
      const job = await tx.get(keys.job(id));
      tx.set(keys.job(id), { ...job!, cancelAsked: true });
    });
  const id = await t.add();
  await t.drain();
  assertEquals(seen, [false, false, true]);
  assertEquals((await t.job(id)).state, "cancelled");
});

for (const how of ["fails", "snoozes"] as const) {
  Deno.test(`a try that ${how} without seeing that an end was asked for is followed at once`, async () => {
    let tries = 0;
    await using t = await testEngine({
      handler: async (app, job) => {
        if (tries++ > 0) return job.cancelAsked ? cancel("as asked") : completed();
        await transact(app, async (tx) => {
          const record = await tx.get(keys.job(job.id));
          tx.set(keys.job(job.id), { ...record!, cancelAsked: true });
        });
        if (how === "fails") throw new Error("no answer");
        return snooze(hours(1));
      },
    });
    const id = await t.add();
    await t.drain();
    assertEquals((await t.job(id)).state, "cancelled");
  });
}
