import { assert, assertEquals } from "@std/assert";
import type { App } from "../../core/app.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { getWork } from "../../domain/work.ts";
import { jobView } from "../../jobs/view.ts";
import type { AppEvent } from "../../kv/schema.ts";
import { follow, type Topic } from "../../realtime/events.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const env = {
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  RECIPIENT_CHECK: "off",
  MAIL_SETTLE_SECONDS: "0",
};
const people = (n: number) => Array.from({ length: n }, (_, i) => `person${i}@example.org`);

/** Has a note of somebody's mailed. */
async function mailed({ app }: TestApp, ownerId: string, to: string[]): Promise<string> {
  const note = await createNote(app, { ownerId, title: "News", text: "All is well." });
  return await requestMailing(app, { noteId: note.id, ownerId, to });
}

/** Resolves with all that was heard on a topic when an event is the `last` one. */
async function heard(app: App, topic: Topic, last: (event: AppEvent) => boolean) {
  const ended = new AbortController();
  const events: AppEvent[] = [];
  for await (const event of follow(app, topic, { after: 0, signal: ended.signal })) {
    assert(event !== "gap");
    events.push(event);
    if (last(event)) ended.abort();
  }
  return events;
}

Deno.test("a mailing asked for in one process is worked by another, and the first hears of it", async () => {
  const kv = await Deno.openKv(":memory:");
  {
    const mailer = new TestMailer();
    await using a = await testApp({ kv, env, mailer });
    await using b = await testApp({ kv, env, mailer, clock: a.clock });
    const ada = await a.person("Ada");
    const jobId = await mailed(a, ada.id, people(3));
    const completed = ({ type, data }: AppEvent) =>
      type === "job" && (data as ReturnType<typeof jobView>).state === "completed";
    const hearing = heard(a.app, `account:${ada.id}`, completed);
    await b.drain();
    const events = await hearing;
    assertEquals(mailer.recipients(), people(3));
    assert(events.some(({ type }) => type === "job"));
    assertEquals((await getWork(a.app, { id: jobId, ownerId: ada.id })).progress.done, 3);
  }
  kv.close();
});

Deno.test("processes that look at the same moment never send twice", async () => {
  const kv = await Deno.openKv(":memory:");
  {
    const mailers = [1, 2, 3].map(() => new TestMailer({ batch: 3 }));
    const [first, second, third] = mailers;
    await using a = await testApp({ kv, env, mailer: first });
    await using b = await testApp({ kv, env, mailer: second, clock: a.clock });
    await using c = await testApp({ kv, env, mailer: third, clock: a.clock });
    const ada = await a.person("Ada");
    const jobIds: string[] = [];
    for (let i = 0; i < 200; i++) jobIds.push(await mailed(a, ada.id, people(2)));
    // Who loses too many races for the owner's one inbox tries again later, with nothing more to send.
    for (let i = 0; i < 5; i++) {
      await Promise.all([a, b, c].map((process) => process.drain()));
      a.clock.advance(3_600_000);
    }
    for (const id of jobIds) {
      const { state, deliveries } = await getWork(b.app, { id, ownerId: ada.id });
      assertEquals([state, deliveries.map(({ state }) => state)], ["completed", ["sent", "sent"]]);
      assert(deliveries.every(({ ledger }) => ledger.length === 3), "asked, handed over, accepted");
    }
    const refs = mailers.flatMap(({ accepted }) => accepted.map(({ ref }) => ref));
    assertEquals([refs.length, new Set(refs).size], [400, 400]);
  }
  kv.close();
});

/** The first process hands a mail over and never hears of it; the second one takes the job over. */
async function takenOver(mailer: TestMailer) {
  const kv = await Deno.openKv(":memory:");
  const { promise: late, resolve: answer } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  mailer.answer = async (mail, call) => {
    const accepted = mailer.accept(mail);
    if (call > 1) return accepted;
    begin();
    await late;
    return accepted;
  };
  let work;
  {
    await using a = await testApp({ kv, env, mailer });
    const ada = await a.person("Ada");
    const id = await mailed(a, ada.id, people(1));
    const drained = a.drain();
    await begun;

    await using b = await testApp({ kv, env, mailer });
    b.clock.advance(minutes(1)); // the lease is over, and the first process knows nothing of it
    await b.drain();
    const before = await getWork(b.app, { id, ownerId: ada.id });
    answer();
    await drained;
    work = await getWork(b.app, { id, ownerId: ada.id });
    assertEquals(work, before, "what comes too late changes nothing");
    assert(a.lines.some((line) => line.includes("job_fenced")));
  }
  kv.close();
  return work;
}

Deno.test("a mail whose answer was lost with its process is asked about and not sent again", async () => {
  const mailer = new TestMailer({ name: "mailjet", batch: 50, lookup: true });
  const { state, deliveries: [delivery] } = await takenOver(mailer);
  assertEquals([state, delivery!.state, delivery!.maybeTwice], ["completed", "sent", false]);
  assertEquals(mailer.asked.length, 1);
  assertEquals(mailer.recipients(), people(1));
});

Deno.test("without asking it is sent twice, and the ledger says that this may be", async () => {
  const mailer = new TestMailer({ name: "mailjet", batch: 50, lookup: false });
  const { state, deliveries: [delivery] } = await takenOver(mailer);
  assertEquals([state, delivery!.state, delivery!.maybeTwice], ["completed", "sent", true]);
  assertEquals(mailer.recipients(), [...people(1), ...people(1)]);
  assertEquals(new Set(mailer.accepted.map(({ ref }) => ref)).size, 1, "under one name");
});
