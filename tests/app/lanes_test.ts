import { assert, assertEquals } from "@std/assert";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { seconds } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const env = {
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  RECIPIENT_CHECK: "off",
  MAIL_PER_SECOND: "10",
};

async function mailing(t: TestApp, { id }: Account, people: number): Promise<void> {
  const note = await createNote(t.app, { ownerId: id, title: "T", text: "x" });
  const to = Array.from({ length: people }, (_, i) => `p${i}.${id}@example.net`);
  await requestMailing(t.app, { noteId: note.id, ownerId: id, to });
}

/** Lets time pass, tenth by tenth. @returns what left meanwhile, by whom it is for and after how long, ms. */
async function watched(
  t: TestApp,
  mailer: TestMailer,
  forMs: number,
): Promise<Map<string, number>> {
  const from = t.clock.now();
  const left = new Map<string, number>();
  while (t.clock.now() - from < forMs) {
    const before = mailer.accepted.length;
    await t.drain();
    for (const { to } of mailer.accepted.slice(before)) left.set(to.address, t.clock.now() - from);
    t.clock.advance(100);
  }
  return left;
}

Deno.test("behind two thousand messages of one member nobody else waits for more than seconds", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const [ada, bob, cem] = [await t.person("Ada"), await t.person("Bob"), await t.person("Cem")];
  await createReminder(t.app, {
    ownerId: bob.id,
    title: "Tea",
    schedule: scheduleAtInstant("UTC", t.clock.now() + seconds(62)),
    channels: { page: true, telegram: false, mail: [bob.email] },
  });
  t.clock.advance(seconds(55));
  for (let i = 0; i < 100; i++) await mailing(t, ada, 20);
  await watched(t, mailer, seconds(5));
  await askForProof(t.app, cem);
  await mailing(t, bob, 20);
  const before = mailer.accepted.length;
  const left = await watched(t, mailer, seconds(20));
  const [letter, reminder] = [left.get(cem.email)!, left.get(bob.email)!];
  assert(letter <= 300, `the letter about an account left after ${letter} ms`);
  assert(reminder - 2_000 <= 1_000, `the reminder left ${reminder - 2_000} ms late`);
  const notes = [...left].filter(([to]) => to.includes(bob.id)).map(([, at]) => at);
  assertEquals(notes.length, 20);
  assert(Math.max(...notes) <= 6_000, `Bob's note took ${Math.max(...notes)} ms`);
  const all = mailer.accepted.length - before;
  assert(all >= 190 && all <= 210, `${all} left in 20 s at ten a second`);
});
