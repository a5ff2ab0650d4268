import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { closedBefore, createClosedList } from "../../adapters/closed_list.ts";
import { accountByAddress } from "../../domain/accounts/accounts.ts";
import { closeAccount, GRACE_MS, keepAccount, planClosing } from "../../domain/accounts/closing.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { standingsOf } from "../../domain/recipients/recipients.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, JobRecord } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes, seconds } from "../support/clock.ts";
import { linkTo, mailNote, sender } from "../support/consent.ts";
import { ada, signedUp } from "../support/door.ts";
import { TestMailer } from "../support/mailer.ts";
import { linkChat, remind } from "../support/reminders.ts";
import { pageOf, visitor } from "../support/site.ts";

const accountOf = async (t: TestApp, { id }: Account) =>
  (await t.kv.get<Account>(keys.account(id))).value;

/** Lets the job come to its end: it waits for what is under way, and for its letter. */
async function purged(t: TestApp): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await t.drain();
    t.clock.advance(minutes(1));
  }
  await t.drain();
}

Deno.test("who closes an account at once is out everywhere, and the address is free", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const [here, there] = [await visitor(t, person), await visitor(t, person)];
  const answer = await here.postForm("/account/close", {
    when: "now",
    confirm: " ADA@example.org",
  });
  assertEquals([answer.status, answer.headers.get("location")], [303, "/sign-in"]);
  assertMatch(answer.headers.get("clear-site-data") ?? "", /"storage"/);
  assertEquals(here.cookies.has("cw_session_dev"), false);
  assertEquals((await there.get("/api/me")).status, 401);
  assertEquals(await accountByAddress(t.app, "ada@example.org"), null);
  await purged(t);
  assertEquals(await accountOf(t, person), null);
  const { value } = await t.kv.get(keys.tombstone(person.id));
  assert(value !== null, "that there was one is known");
});

Deno.test("a closed account is on the list beside the store, and goes also where that cannot be written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const closed = createClosedList(`${folder}/store.sqlite3`);
    const full = { add: () => Promise.reject(new Error("the disk is full")) };
    for (const list of [closed, full]) {
      await using t = await testApp({ closed: list! });
      const person = await t.person("Ada");
      const closedAt = t.clock.now();
      await closeAccount(t.app, { accountId: person.id });
      await purged(t);
      assertEquals(await accountOf(t, person), null);
      const isFull = list === full;
      assertEquals(t.lines.some((line) => line.includes("closed_list_kept")), isFull);
      const listed = await closedBefore(folder);
      assertEquals(listed.get(person.id), isFull ? undefined : closedAt);
      assertEquals([...listed].length, 1, "once, however often its job is tried");
    }
    const text = await Deno.readTextFile(`${folder}/closed.txt`);
    assertMatch(text, /^[0-9a-z]{26} \S+Z\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the words must be typed, and who has not proved lately is asked first", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const client = await visitor(t, person);
  for (const confirm of ["", "Ada", "bob@example.org"]) {
    const refused = await client.postForm("/account/close", { when: "now", confirm });
    assertEquals(refused.status, 400, confirm);
    assertMatch(await refused.text(), /not the address of your account/);
  }
  assertEquals((await accountOf(t, person))?.closedAt, undefined);
  t.clock.advance(minutes(11));
  const asked = await client.postForm("/account/close", { when: "now", confirm: person.email });
  assertEquals([asked.status, asked.headers.get("location")], [
    303,
    "/prove?next=%2Faccount%2Fclose",
  ]);
  assertEquals((await accountOf(t, person))?.closedAt, undefined);
});

Deno.test("an account that is closed in a week can be kept until then, and is closed after", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const client = await visitor(t, ada);
  const sent = await client.postForm("/account/close", { when: "later", confirm: ada.email });
  assertEquals(sent.headers.get("location"), "/account");
  await planClosing(t.app, { accountId: bob.id });
  assertMatch(await pageOf(client, "/"), /will be closed[^]*Keep it/);
  t.clock.advance(days(6));
  await t.drain();
  await keepAccount(t.app, { accountId: ada.id });
  t.clock.advance(days(2));
  await t.drain();
  assertEquals((await accountOf(t, ada))?.closesAt, undefined, "kept");
  assertEquals((await accountOf(t, ada))?.closedAt, undefined, "kept");
  await purged(t);
  assertEquals(await accountOf(t, bob), null, "closed");
});

Deno.test("who keeps an account and asks again has another week", async () => {
  await using t = await testApp();
  const { id: accountId } = await t.person("Ada");
  await planClosing(t.app, { accountId });
  t.clock.advance(days(6));
  await keepAccount(t.app, { accountId });
  const closesAt = await planClosing(t.app, { accountId });
  assertEquals(closesAt, t.clock.now() + GRACE_MS);
  t.clock.advance(days(2));
  await t.drain();
  const { value } = await t.kv.get<Account>(keys.account(accountId));
  assertEquals([value?.closedAt, value?.closesAt], [undefined, closesAt]);
});

Deno.test("the last admin cannot close, also not two at once, and hears why", async () => {
  await using t = await testApp();
  const root = await t.person("Root", { role: "admin" });
  await t.person("Sleeper", { role: "admin", suspended: { at: 0, by: root.id } });
  const client = await visitor(t, root);
  for (const when of ["now", "later"]) {
    const refused = await client.postForm("/account/close", { when, confirm: root.email });
    assertEquals(refused.status, 409);
    assertMatch(await refused.text(), /make somebody else an admin first/);
  }
  const other = await t.person("Other", { role: "admin" });
  const both = await Promise.allSettled(
    [root, other].map(({ id: accountId }) => closeAccount(t.app, { accountId })),
  );
  assertEquals(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

Deno.test("the last letter goes to the address, and then nobody knows it any more", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: { MAIL_FROM: "clock@example.org" }, mailer });
  const person = await t.person("Ada");
  mailer.answer = () => ({ is: "down", reason: "away", retryAfterMs: minutes(3) });
  await closeAccount(t.app, { accountId: person.id });
  await purged(t);
  assertEquals(
    (await accountOf(t, person))?.email,
    person.email,
    "the letter waits for its service",
  );
  mailer.answer = (mail) => mailer.accept(mail);
  await purged(t);
  assertEquals(mailer.accepted.map(({ to, subject }) => [to.address, subject]), [
    ["ada@example.org", "Your account is closed"],
  ]);
  assertEquals(await accountOf(t, person), null);
});

Deno.test("what others have stays: their notes, their reminders, their jobs, their mail to that address", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  await linkChat(t.app, ada, 77);
  await linkChat(t.app, bob, 78);
  const note = await createNote(t.app, { ownerId: bob.id, title: "Bob's", text: "words" });
  await remind(t.app, bob, { noteId: note.id });
  const jobId = await requestMailing(t.app, {
    noteId: note.id,
    ownerId: bob.id,
    to: [ada.email, "eve@example.org"],
  });
  await t.drain();
  const ofBob = async () => {
    const all = await Array.fromAsync(t.kv.list({ prefix: [] }));
    return all.filter((entry) => JSON.stringify([entry.key, entry.value]).includes(bob.id)).length;
  };
  const before = await ofBob();
  await closeAccount(t.app, { accountId: ada.id });
  await purged(t);
  assertEquals(await ofBob(), before - 2, "but for the message in the outbox of who is gone");
  const { value } = await t.kv.get<JobRecord>(keys.job(jobId));
  assertEquals(value?.state, "completed");
  assertEquals((await t.kv.get(keys.chat(77))).value, null);
});

Deno.test("nobody signs in to a closed account, nor opens it by an old session or its chat", async () => {
  await using t = await testApp();
  const { account, client, another } = await signedUp(t);
  await closeAccount(t.app, { accountId: account.id });
  assertEquals((await client.get("/api/me")).status, 401);
  const other = another();
  assertEquals((await other.post("/api/session", ada)).status, 401);
  await assertRejects(() => closeAccount(t.app, { accountId: account.id }));
});

Deno.test("what waits to leave when an account is closed never does, and who wanted no mail still gets none", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const { app, clock } = t;
  const bob = await t.person("Bob");
  const [asked, never] = ["asked@example.net", "never@example.net"];
  await mailNote(t, ada, [asked, never]);
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, never), { answer: "never" });
  const channels = { page: true, telegram: false, mail: [ada.email] };
  await remind(app, ada, { start: "2026-11-23T11:01", channels }); // in a minute
  mailer.answer = () => ({ is: "postponed", reason: "busy", retryAfterMs: seconds(10) });
  await mailNote(t, ada, [ada.email]);
  await t.drain();
  mailer.answer = (mail) => mailer.accept(mail);
  await mailNote(t, ada, ["late@example.net"]); // its invitation has not left
  const before = mailer.calls.length;
  const answer = linkTo(mailer, asked);

  await closeAccount(app, { accountId: ada.id });
  assertEquals((await (await visitor(t)).postForm(answer, { answer: "accept" })).status, 404);
  for (let passed = 0; passed < 120; passed += 10) {
    await t.drain();
    clock.advance(seconds(10));
  }
  const later = mailer.calls.slice(before).flat();
  assertEquals(later.map(({ to, subject }) => [to.address, subject]), [
    [ada.email, "Your account is closed"],
  ]);
  const [standing] = await standingsOf(app, { ownerId: bob.id, to: [never] });
  assertEquals(standing?.standing, "blocked", "what keeps mail away stays");
});
