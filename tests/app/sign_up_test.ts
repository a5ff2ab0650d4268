import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Store } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { openOutboxMail } from "../../domain/mail/outbox.ts";
import { signIn } from "../../domain/accounts/sign_in.ts";
import { activate } from "../../domain/accounts/activation.ts";
import { pruneUnproven, signUp } from "../../domain/accounts/sign_up.ts";
import { peekToken } from "../../domain/accounts/tokens.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import { letIn } from "../support/attempts.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours } from "../support/clock.ts";
import { countingHashes } from "../support/counting.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { TestMailer } from "../support/mailer.ts";

const env = { MAIL_FROM: "clock@example.org" };
const ask = (t: TestApp, change: Partial<Parameters<typeof signUp>[1]> = {}) =>
  signUp(t.app, {
    email: "ada@example.org",
    password: PASSWORD,
    name: "Ada",
    zone: "Europe/Berlin",
    address: "203.0.113.7",
    ...change,
  });
const enter = (t: TestApp, password = PASSWORD) =>
  letIn(
    signIn(t.app, {
      email: "ada@example.org",
      password,
      address: "203.0.113.7",
      agent: "Test/1.0",
    }),
  );

/** What the newest letter's link carries. */
function linkIn(mailer: TestMailer): string {
  const value = mailer.accepted.at(-1)?.text.match(/\/activate\/([\w-]{43})/)?.[1];
  assert(value, "a letter with a link");
  return value;
}

async function code(attempt: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(attempt, AppError)).code;
}

Deno.test("a sign-up becomes an account when the link in its letter is used", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await ask(t, { email: " Ada@EXAMPLE.org " });
  assertEquals(await code(() => enter(t)), "unauthorized", "not before");
  await t.drain();
  assertEquals(mailer.recipients(), ["Ada@example.org"]);
  const link = linkIn(mailer);
  const account = await activate(t.app, link);
  assertEquals(account.verified, { at: t.clock.now(), by: "smtp" });
  assertEquals([account.role, account.name, account.zone], ["member", "Ada", "Europe/Berlin"]);
  assertEquals((await enter(t)).account.id, account.id);
  assertEquals(await code(() => activate(t.app, link)), "not_found", "a second time");
});

Deno.test("a link of a sign-up works for a day", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await ask(t);
  await t.drain();
  t.clock.advance(hours(24));
  assertEquals(await code(() => activate(t.app, linkIn(mailer))), "not_found");
  assertEquals(await code(() => enter(t)), "unauthorized");
});

Deno.test("who has an account already is told by mail, and the asker is not", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const ada = await member(t.app);
  assertEquals(
    await ask(t, { password: OTHER_PASSWORD }),
    await ask(t, { email: "b@example.org" }),
  );
  await t.drain();
  const subjects = mailer.accepted.map(({ to, subject }) => [to.address, subject]).sort();
  assertEquals(subjects, [
    ["ada@example.org", "You already have an account"],
    ["b@example.org", "Confirm your address"],
  ]);
  assertEquals(await read(t.app, keys.account(ada.id)), ada, "nothing of it changed");
});

Deno.test("a stranger's sign-up with my address does not become mine, nor mine theirs", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await ask(t, { password: OTHER_PASSWORD, name: "Mallory" });
  await t.drain();
  const theirs = linkIn(mailer);
  await ask(t);
  await t.drain();
  const mine = linkIn(mailer);
  await activate(t.app, mine);
  assertEquals(await code(() => enter(t, OTHER_PASSWORD)), "unauthorized");
  assertEquals((await enter(t)).account.name, "Ada");
  assertEquals(await code(() => activate(t.app, theirs)), "not_found");
  assertEquals((await enter(t)).account.name, "Ada");
});

Deno.test("of two links for one address that are used at once one works", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const links: string[] = [];
  for (let i = 0; i < 2; i++) {
    await ask(t);
    await t.drain();
    links.push(linkIn(mailer));
  }
  const used = await Promise.allSettled(links.map((link) => activate(t.app, link)));
  assertEquals(used.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("strangers can have three letters a day sent to one address", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await member(t.app, { email: "bob@example.org" });
  for (const email of ["ada@example.org", "BOB@example.org"]) {
    for (let i = 0; i < 5; i++) await ask(t, { email, address: `203.0.113.${i}` });
  }
  await t.drain();
  assertEquals(mailer.recipients().filter((to) => to === "ada@example.org").length, 3);
  assertEquals(mailer.recipients().filter((to) => to === "bob@example.org").length, 3);
  assertEquals(
    (await list(t.app, ranges.accountsUnprovenBy(Infinity))).length,
    3,
    "no record either",
  );
  t.clock.advance(days(1));
  await ask(t, { address: "203.0.113.9" });
  await t.drain();
  assertEquals(mailer.recipients().length, 7);
});

Deno.test("a network signs up five times an hour and twenty times a day", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  let asked = 0;
  const from = (address: string) => ask(t, { email: `p${asked++}@example.org`, address });
  for (let hour = 0; hour < 4; hour++) {
    for (let i = 0; i < 5; i++) await from(`2001:db8::${i}`);
    const error = await assertRejects(() => from("2001:db8::ffff"), AppError);
    assertEquals(error.code, "rate_limited");
    assertEquals(error.retryAfterMs, hour < 3 ? hours(1) : hours(21));
    t.clock.advance(hours(1));
  }
  assertEquals(await code(() => from("2001:db8::9")), "rate_limited");
  await from("2001:db8:0:1::9");
  t.clock.advance(hours(20));
  await from("2001:db8::9");
});

Deno.test("what is wrong with a sign-up is said at its field, and is no try", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  const table = [
    [{ email: "ada" }, "email"],
    [{ email: "ada@example.org\r\nBcc: b@example.org" }, "email"],
    [{ password: "too short" }, "password"],
    [{ password: "Ada at clock work" }, "password"],
    [{ name: "evil.example" }, "name"],
    [{ zone: "Mars/Olympus" }, "zone"],
  ] as const;
  for (const [change, field] of [...table, ...table]) {
    const error = await assertRejects(() => ask(t, change), AppError);
    assertEquals([error.code, error.field], ["invalid", field]);
  }
  for (let i = 0; i < 5; i++) await ask(t);
});

Deno.test("a network's tries are counted before a password is judged, and thirty an hour are judged", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  using hashes = await countingHashes();
  const bad = { password: "Ada at clock work" };
  const codes = (tries: Promise<string>[]) => Promise.all(tries);
  const atOnce = await codes(Array.from({ length: 100 }, () => code(() => ask(t, bad))));
  const judged = atOnce.filter((one) => one === "invalid").length;
  assert(judged <= 30, `${judged} at once`);
  for (let i = judged; i < 30; i++) assertEquals(await code(() => ask(t, bad)), "invalid");
  assertEquals(await code(() => ask(t, bad)), "rate_limited", "and typos no more than that");
  assertEquals(await code(() => ask(t, { ...bad, address: "198.51.100.7" })), "invalid");
  assertEquals(hashes.count, 0);
  t.clock.advance(hours(1));
  for (let i = 0; i < 5; i++) await ask(t);
  assertEquals(await code(() => ask(t, bad)), "rate_limited", "before it is looked at");
  assertEquals(hashes.count, 5);
});

Deno.test("where sign-up is closed nobody signs up", async () => {
  await using t = await testApp({ env: { ...env, SIGNUP: "closed" }, mailer: new TestMailer() });
  assertEquals(await code(() => ask(t)), "forbidden");
  assertEquals(await list(t.app, ranges.accountsUnprovenBy(Infinity)), []);
});

Deno.test("where letters stay in the outbox who signed up is given the right to read theirs", async () => {
  await using t = await testApp();
  const { outboxToken } = await ask(t);
  await t.drain();
  const { subject: id } = await peekToken(t.app, "outbox", outboxToken!);
  const letter = await openOutboxMail(t.app, id);
  assertEquals(letter.to.address, "ada@example.org");
  const account = await activate(t.app, letter.text.match(/\/activate\/([\w-]{43})/)![1]!);
  assertEquals(account.verified?.by, "outbox");
});

Deno.test("where letters leave nobody gets to read one here", async () => {
  await using t = await testApp({ env, mailer: new TestMailer() });
  assertEquals(await ask(t), { outboxToken: null });
  assertEquals((await list(t.app, ranges.tokens)).map(({ purpose }) => purpose), ["activate"]);
});

Deno.test("a sign-up that nobody activated goes away after a week, and others stay", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await ask(t, { email: "bob@example.org" });
  await t.drain();
  const bob = await activate(t.app, linkIn(mailer));
  await ask(t);
  const [id] = await list(t.app, ranges.accountsUnprovenBy(Infinity));
  t.clock.advance(days(7) - 1);
  assertEquals(await pruneUnproven(t.app, 10), 0);
  t.clock.advance(1);
  assertEquals(await pruneUnproven(t.app, 10), 1);
  assertEquals(await read(t.app, keys.account(id!)), null);
  assert(await read(t.app, keys.account(bob.id)));
  assertEquals(await pruneUnproven(t.app, 10), 0);
});

Deno.test("a sign-up that is activated while the old ones go away stays", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  await ask(t);
  await t.drain();
  const link = linkIn(mailer);
  t.clock.advance(days(7));
  const clock = { ...t.app.clock, now: () => t.clock.now() - days(7) };
  const store: Store = {
    ...t.app.store,
    async *list<T>(selector: Deno.KvListSelector) {
      const before = await Array.fromAsync(t.app.store.list<T>(selector));
      await activate({ ...t.app, clock }, link);
      yield* before; // what was read is old by now
    },
  };
  await pruneUnproven({ ...t.app, store }, 10);
  assertEquals((await enter(t)).account.email, "ada@example.org");
});
