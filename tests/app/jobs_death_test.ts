import { assertEquals } from "@std/assert";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { getWork } from "../../domain/work.ts";
import { completed, type RunningJob, snooze } from "../../jobs/handler.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { minutes } from "../support/clock.ts";
import { type TestEngine, testEngine } from "../support/engine.ts";
import { TestMailer } from "../support/mailer.ts";

const never = new Promise<never>(() => {});

/** A process that takes the job, does `act` and dies. */
async function dies(t: TestEngine, act: (job: RunningJob) => Promise<unknown> = async () => {}) {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const victim = await testEngine({
    kv: t.kv,
    clock: t.clock,
    handler: async (_app, job) => {
      await act(job);
      resolve();
      return await never;
    },
  });
  void victim.drain();
  await done;
  victim.kill();
  t.clock.advance(minutes(1));
}

/** A process that takes the job, does `act` and puts it off for a minute. */
async function waits(t: TestEngine, act: (job: RunningJob) => Promise<unknown> = async () => {}) {
  await using process = await testEngine({
    kv: t.kv,
    clock: t.clock,
    handler: async (_app, job) => {
      await act(job);
      return snooze(minutes(1));
    },
  });
  await process.drain();
  t.clock.advance(minutes(1));
}

const getsOn = (job: RunningJob) =>
  job.commit(() => {}, { done: 1, total: 9, failed: 0, label: "one more" });
const onlyTells = (job: RunningJob) =>
  job.commit(() => {}, { done: 1, total: 9, failed: 0, label: "looking" }, { answer: false });

Deno.test("a job that gets on between its deaths is never given up, however many they are", async () => {
  await using t = await testEngine({ traits: { shared: true } });
  const id = await t.add();
  for (let i = 0; i < 20; i++) {
    await dies(t);
    await dies(t);
    await waits(t, getsOn);
    await dies(t, getsOn);
  }
  assertEquals((await t.job(id)).state, "running");
  await t.drain();
  const { state, attempt } = await t.job(id);
  assertEquals([state, attempt], ["completed", 1]);
});

Deno.test("failures are counted apart from deaths that something came of", async () => {
  const fails = { shared: true };
  await using t = await testEngine({
    traits: fails,
    handler: () => Promise.reject(new Error("no")),
  });
  const id = await t.add();
  for (let i = 0; i < 7; i++) {
    await t.drain();
    t.clock.advance(minutes(60));
    await dies(t, getsOn);
  }
  assertEquals((await t.job(id)).attempt, 8);
  await t.drain();
  const { state, errors } = await t.job(id);
  assertEquals([state, errors.length], ["discarded", 8]);
});

Deno.test("deaths are not forgotten while a job only waits and tells of it", async () => {
  await using t = await testEngine({
    traits: { shared: true },
    handler: () => Promise.resolve(completed()),
  });
  const id = await t.add();
  for (let i = 0; i < 3; i++) {
    await waits(t, onlyTells);
    await dies(t, onlyTells);
    await waits(t);
  }
  await t.drain();
  const { state, reason } = await t.job(id);
  assertEquals([state, reason], ["discarded", "3 tries ended without an answer"]);
});

for (const lookup of [true, false]) {
  const how = lookup ? "can be asked" : "cannot be asked";
  Deno.test(`a mailing that kills its process in each call is given up where the service ${how}`, async () => {
    const kv = await Deno.openKv(":memory:");
    const { promise: late, resolve: end } = Promise.withResolvers<void>();
    const env = { MAIL_FROM: "clock@example.org", SIGNUP: "closed", RECIPIENT_CHECK: "off" };
    let calls = 0;
    let passed = 0;
    {
      await using processes = new AsyncDisposableStack();
      /** A process of some minutes later, by a clock of its own: those before it stand still. */
      const next = async (): Promise<{ t: TestApp; called: Promise<void> }> => {
        const mailer = new TestMailer({ lookup });
        const { promise: called, resolve: call } = Promise.withResolvers<void>();
        mailer.answer = async () => {
          calls++;
          call();
          await late;
          return { is: "unclear", reason: "it died" };
        };
        const t = processes.use(await testApp({ kv, env, mailer }));
        t.clock.advance(passed += minutes(2));
        return { t, called };
      };
      const { t } = await next();
      const { app } = t;
      const { id: ada } = await t.person("Ada");
      const note = await createNote(app, { ownerId: ada, title: "T", text: "x" });
      const to = ["a@example.org"];
      const id = await requestMailing(app, { noteId: note.id, ownerId: ada, to });
      const drained: Promise<void>[] = [];
      const work = () => getWork(app, { id, ownerId: ada });
      while ((await work()).finishedAt === null && drained.length < 30) {
        const { t, called } = await next();
        const drain = t.drain();
        drained.push(drain);
        await Promise.race([called, drain]);
      }
      const { state, reason } = await work();
      end();
      await Promise.all(drained);
      assertEquals([state, reason], ["discarded", "3 tries ended without an answer"]);
      assertEquals(calls, 3);
    }
    kv.close();
  });
}
