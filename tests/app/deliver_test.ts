import { assertEquals } from "@std/assert";
import { newDelivery, setDeliveries } from "../../domain/mail/deliveries.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Handler, Handlers } from "../../jobs/handler.ts";
import { Runner } from "../../jobs/runner.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { deliver } from "../../queues/deliver.ts";
import { handlers } from "../../queues/mod.ts";
import { testApp } from "../support/app.ts";
import { TestMailer } from "../support/mailer.ts";

Deno.test("a message is written before it is claimed: nothing is left to do between claim and call", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { MAIL_FROM: "clock@example.org" }, mailer });
  const { id: ownerId, email } = await t.person("Ada");
  const seen: string[] = [];
  const jobId = await transact(t.app, async (tx) => {
    const { id } = await enqueue(t.app, tx, "purge_note", { noteId: "n", deletedAt: 0 });
    const one = { jobId: id, number: 0, channel: "mail", to: email } as const;
    setDeliveries(tx, [newDelivery(one, t.clock.now())]);
    return id;
  });
  const state = async () => (await read(t.app, keys.delivery(jobId, 0)))?.state;
  mailer.answer = async (mail) => {
    seen.push(`called: ${await state()}`);
    return mailer.accept(mail);
  };
  const handler: Handler<"purge_note"> = (app, job) =>
    deliver(app, job, {
      leaving: { kind: "note", ownerId, askedAt: t.clock.now() },
      mail: async ({ id, to }) => {
        seen.push(`written: ${await state()}`);
        return {
          ref: id,
          senderId: ownerId,
          from: { address: "clock@example.org" },
          to: { address: to },
          subject: "S",
          text: "t",
          html: "<p>t</p>",
          headers: {},
          date: t.clock.now(),
        };
      },
    });
  const all: Handlers = { ...handlers, purge_note: handler };
  await new Runner(t.app, all).drain();
  assertEquals(seen, ["written: waiting", "called: sending"]);
});
