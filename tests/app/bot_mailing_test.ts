import { assertEquals, assertMatch } from "@std/assert";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { cancelWork, listWork } from "../../domain/work.ts";
import type { JobRecord } from "../../kv/schema.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { listNotes } from "../../domain/notes/note_list.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { ADA, botScene } from "../support/bot_scene.ts";
import { seconds, TestClock } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

const labels = ({ buttons }: { buttons: { text: string }[][] }) =>
  buttons.flat().map(({ text }) => text);

/** A scene with real mail, in which anyone may be mailed. */
async function withMail(refusals = 0) {
  const mailer = new TestMailer({ idempotent: true });
  const env = {
    SMTP_URL: "smtp://127.0.0.1:25",
    MAIL_FROM: "clock@example.org",
    SIGNUP: "closed",
    RECIPIENT_CHECK: "off",
    ORIGIN: "https://clock.example.org",
  };
  return { mailer, s: await botScene({ env, mailer, refusals }) };
}

Deno.test("a note is mailed to oneself by one press, and the message that asked shows how it went", async () => {
  const { mailer, s } = await withMail();
  await using _ = s;
  await s.say("Buy milk");
  const asked = await s.press("Mail it");
  assertEquals(asked.text, "Mail Buy milk to whom? Send me the addresses, or press:");
  await s.press("Myself", asked);
  assertEquals(s.toast(), "On its way");
  await s.t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org"]);
  s.t.clock.advance(seconds(3));
  await s.t.drain();
  assertEquals(asked.text, "📬 Buy milk\nMailed to 1 person.");
  assertEquals(labels(asked), ["Open"]);
  assertEquals(s.last(), asked, "nothing more is said: the message that shows it says it");
  const inbox = await listNotifications(s.t.app, { accountId: s.ada.id });
  assertEquals(inbox.items.map(({ text }) => text), ["Mailed to 1 person"]);
});

Deno.test("addresses are asked for, checked and confirmed before anything leaves", async () => {
  const { mailer, s } = await withMail();
  await using _ = s;
  await s.say("Plan #work");
  const asked = await s.press("Mail it");
  const wrong = await s.say("bob@example.org, nobody@, <x@y>");
  assertMatch(wrong.text, /^Cannot mail it yet\.\n“nobody@”: nothing is after the @/);
  const sure = await s.say("Bob <bob@example.org>; eva@example.org\nian@example.org");
  assertEquals(
    sure.text,
    "Mail Plan #work to 3 people?\nbob@example.org\neva@example.org\nian@example.org",
  );
  await s.t.drain();
  assertEquals(mailer.accepted.length, 0);

  const press = s.api.press(ADA, sure.id, "Mail");
  await s.take(press);
  await s.take(press);
  const again = { ...press, update_id: press.update_id + 1_000 };
  await s.take(again); // a second press before the message has changed
  await s.t.drain();
  assertEquals(mailer.recipients(), ["bob@example.org", "eva@example.org", "ian@example.org"]);
  s.t.clock.advance(seconds(3));
  await s.t.drain();
  assertEquals(sure.text, "📬 Plan #work\nMailed to 3 people.");

  await s.say("eva@example.org");
  assertMatch(s.last().text, /^📝 Saved: eva@example.org/, "the question was answered before");
  await s.press("Cancel", asked);
  assertEquals(asked.text, "All right, nothing was done.");
});

Deno.test("whoever has something else in mind is not held to the question", async () => {
  await using s = await botScene();
  await s.say("Plan");
  await s.press("Mail it");
  assertMatch((await s.say("And bread")).text, /^📝 Saved: And bread/);
  await s.say("/help");
  assertMatch((await s.say("bob@example.org")).text, /^📝 Saved: bob@example.org/);
  const plan = s.api.messagesIn(ADA)[0]!;
  await s.press("Mail it", plan);
  s.t.clock.advance(3_600_001);
  assertMatch((await s.say("eva@example.org")).text, /^📝 Saved: eva/, "an hour is too long");
});

Deno.test("those who may not be mailed are named, and the answer that comes twice makes no note", async () => {
  const env = { SMTP_URL: "smtp://127.0.0.1:25", MAIL_FROM: "c@example.org" };
  await using s = await botScene({ env, mailer: new TestMailer({ idempotent: true }) });
  const { ada, t } = s;
  const hash = await addressHash(t.app, "bob@else.org");
  await transact(t.app, (tx) => {
    const consent = { ownerId: ada.id, address: "bob@else.org", invitedAt: 0, decidedAt: 0 };
    tx.set(keys.consent(ada.id, hash), { ...consent, state: "refused" });
  });
  await s.say("Plan");
  await s.press("Mail it");
  assertMatch((await s.say("bob@else.org")).text, /“bob@else.org”: does not want mail from you/);
  const own = s.api.say(ADA, "ada@example.org");
  await s.take(own);
  assertMatch(s.last().text, /^Mail Plan to 1 person\?/);
  for await (const { key } of s.t.kv.list({ prefix: ["chat_update"] })) await s.t.kv.delete(key);
  await s.take(own);
  assertMatch(s.last().text, /^Mail Plan to 1 person\?/);
  assertEquals((await listNotes(s.t.app, { ownerId: s.ada.id })).items.length, 1);
});

Deno.test("progress is one message, changed at most every three seconds, and failures are retried from it", async () => {
  const { mailer, s } = await withMail();
  await using _ = s;
  const to = Array.from({ length: 6 }, (_, i) => `p${i}@example.org`);
  let refuse = true;
  mailer.answer = (mail) => {
    if (refuse && mail.to.address === "p5@example.org") {
      return { is: "refused", reason: "not today", badAddress: false };
    }
    if (refuse && s.t.clock.now() < startedAt + seconds(10) && mail.to.address > "p2") {
      return { is: "postponed", reason: "later", retryAfterMs: 2_000 };
    }
    return mailer.accept(mail);
  };
  await s.say("Minutes");
  await s.press("Mail it");
  const sure = await s.say(to.join(" "));
  const said = s.api.messagesIn(ADA).length;
  const startedAt = s.t.clock.now();
  await s.press("Mail", sure);
  const texts = new Set<string>();
  for (let i = 0; i < 700 && !sure.text.startsWith("📬"); i++) {
    await s.t.drain();
    texts.add(sure.text);
    s.t.clock.advance(seconds(1));
  }
  assertEquals(sure.text, "📬 Minutes\nMailed to 5 people; 1 could not be reached.");
  assertMatch(
    [...texts].join("|"),
    /Mailing: 2 of 6; 1 could not be reached · Waiting to try 3 again/,
  );
  assertEquals(s.api.messagesIn(ADA).length, said, "nothing but the one message");
  const edits = s.api.calls.filter(({ method }) => method === "editMessageText").map(({ at }) =>
    at
  );
  for (const [i, at] of edits.entries()) {
    if (i > 0) assertEquals(at - edits[i - 1]! >= seconds(3), true, `${at - edits[i - 1]!} ms`);
  }

  refuse = false;
  assertEquals(labels(sure), ["Retry failed", "Open"]);
  await s.press("Retry failed", sure);
  await s.t.drain();
  s.t.clock.advance(seconds(3));
  await s.t.drain();
  assertEquals(sure.text, "📬 Minutes\nMailed to 1 person.");
  assertEquals(s.api.messagesIn(ADA).length, said);
  assertEquals(mailer.recipients().sort(), to);
});

Deno.test("a mailing asked for on the page is told of in the chat, once, when it is over", async () => {
  const { s } = await withMail();
  await using _ = s;
  const note = await createNote(s.t.app, { ownerId: s.ada.id, title: "Plan", text: "" });
  const to = ["eva@example.org"];
  await requestMailing(s.t.app, { noteId: note.id, ownerId: s.ada.id, to });
  await s.t.drain();
  assertEquals(s.api.messagesIn(ADA).map(({ text }) => text), ["Plan\nMailed to 1 person"]);
});

Deno.test("where the message cannot be changed any more, the end is told like any other", async () => {
  const { s } = await withMail(1);
  await using _ = s;
  await s.say("Plan");
  const asked = await s.press("Mail it");
  const words = "Bad Request: message to edit not found";
  s.api.answerWith({ on: "editMessageText", error: { code: 400, words } });
  await s.press("Myself", asked);
  await s.t.drain();
  s.t.clock.advance(seconds(60));
  await s.t.drain();
  assertMatch(s.last().text, /^Plan\nMailed to 1 (person|of 1)$/);
  const ends = s.api.messagesIn(ADA).filter(({ text }) => text.startsWith("Plan\nMailed"));
  assertEquals(ends.length, 1);
});

Deno.test("who wants no news of mailings still has the message that they pressed", async () => {
  const clock = new TestClock();
  await using s = await botScene({ clock });
  const none = { mail: false, telegram: false };
  await setPreferences(s.t.app, s.ada.id, { ...DEFAULT_PREFERENCES, mailings: none });
  await s.say("Plan");
  const asked = await s.press("Mail it");
  await s.press("Myself", asked);
  for (let i = 0; i < 3; i++) {
    await s.t.drain();
    clock.advance(seconds(3));
  }
  assertEquals(asked.text, "📬 Plan\nMailed to 1 person.");
});

Deno.test("a mailing that is cancelled on the page says so in its message", async () => {
  const { mailer, s } = await withMail();
  await using _ = s;
  mailer.answer = () => ({ is: "postponed", reason: "later", retryAfterMs: 600_000 });
  await s.say("Plan");
  const asked = await s.press("Mail it");
  await s.press("Myself", asked);
  await s.t.drain();
  const { items: [job] } = await listWork(s.t.app, { ownerId: s.ada.id });
  await cancelWork(s.t.app, { id: job!.id, ownerId: s.ada.id });
  s.t.clock.advance(seconds(60));
  await s.t.drain();
  assertEquals(asked.text, "📬 Plan\nEnded after 0 of 1: cancelled by its owner.");
});

Deno.test("a mailing that takes long is looked at less and less often, at least once a minute", async () => {
  const { mailer, s } = await withMail();
  await using _ = s;
  mailer.answer = () => ({ is: "postponed", reason: "later" });
  await s.say("Plan");
  const asked = await s.press("Mail it");
  await s.press("Myself", asked);
  const pauses: number[] = [];
  for (let i = 0; i < 400; i++) {
    await s.t.drain();
    const shows = await Array.fromAsync(s.t.kv.list<JobRecord>({ prefix: ["job"] }));
    const show = shows.find(({ value }) => value.kind === "show_progress")!.value;
    const pause = show.dueAt - s.t.clock.now();
    pauses.push(pause);
    s.t.clock.advance(pause);
  }
  assertEquals([pauses[0], Math.max(...pauses)], [seconds(3), seconds(60)]);
});

Deno.test("a showing that fails again and again leaves the news of the end to the chat's own", async () => {
  const { s } = await withMail();
  await using _ = s;
  await s.say("Plan");
  const asked = await s.press("Mail it");
  await s.press("Myself", asked);
  const { app } = s.t;
  const { edit } = app.messenger!;
  app.messenger!.edit = () => Promise.reject(new Error("a bug"));
  for (let i = 0; i < 12; i++) {
    await s.t.drain();
    s.t.clock.advance(3_600_000);
  }
  app.messenger!.edit = edit;
  await s.t.drain();
  const ends = s.api.messagesIn(ADA).filter(({ text }) =>
    text.startsWith("Plan\nMailed to 1 of 1")
  );
  assertEquals(ends.length, 1);
});
