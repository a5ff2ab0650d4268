import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Store } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { endAllSessions, endSession, listSessions } from "../../domain/session_end.ts";
import {
  findSession,
  isRenewalDue,
  renewSession,
  sessionHolds,
  startSession,
} from "../../domain/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";

async function signedIn(t: TestApp, change: Partial<Account> = {}) {
  const account = await t.person("Ada", change);
  const start = (agent = "Test/1.0") =>
    startSession(t.app, { accountId: account.id, epoch: account.epoch, agent });
  return { account, start, ...await start() };
}

/** What the account's pages were told, oldest first. */
async function told(t: TestApp, account: Account): Promise<unknown[]> {
  const events = await list(t.app, ranges.eventsAfter(`account:${account.id}`, 0));
  return events.map(({ type, data }) => [type, data]);
}

Deno.test("a session is found by its value, and by nothing else", async () => {
  await using t = await testApp();
  const { account, value, session } = await signedIn(t);
  assertEquals(value.length, 43, "256 bits");
  assertEquals((await findSession(t.app, value))?.account.id, account.id);
  const guesses = ["", "A".repeat(43), value.slice(1), session.id, `${value} `, "A".repeat(99_999)];
  for (const guess of guesses) assertEquals(await findSession(t.app, guess), null);
});

Deno.test("the store gives away no value of a session", async () => {
  await using t = await testApp();
  const { value } = await signedIn(t);
  const all = Deno.inspect(await Array.fromAsync(t.kv.list({ prefix: [] })), { depth: 10 });
  assert(!all.includes(value));
});

Deno.test("a member's session ends after 14 days unused and 30 in all", async () => {
  await using t = await testApp();
  const { start, value: unused } = await signedIn(t);
  const { value: used } = await start();
  t.clock.advance(days(14) - 1);
  assert(await findSession(t.app, used));
  t.clock.advance(1);
  assertEquals(await findSession(t.app, unused), null);
  assert(await findSession(t.app, used));
  t.clock.advance(days(13));
  assert(await findSession(t.app, used));
  t.clock.advance(days(3) - 1);
  assert(await findSession(t.app, used));
  t.clock.advance(1);
  assertEquals(await findSession(t.app, used), null, "30 days");
});

Deno.test("an admin's session ends after 30 minutes unused and 12 hours in all", async () => {
  await using t = await testApp();
  const { start, value: unused } = await signedIn(t, { role: "admin" });
  t.clock.advance(minutes(30) - 1);
  assert(await findSession(t.app, unused));
  const { value: used } = await start();
  t.clock.advance(minutes(30));
  assertEquals(await findSession(t.app, used), null);
  const { value: busy } = await start();
  for (let passed = 0; passed < hours(12) - minutes(20); passed += minutes(20)) {
    t.clock.advance(minutes(20));
    assert(await findSession(t.app, busy), `after ${passed}`);
  }
  t.clock.advance(minutes(20));
  assertEquals(await findSession(t.app, busy), null, "12 hours");
});

Deno.test("an ended session that the store still has is not found", async () => {
  await using t = await testApp();
  const { value } = await signedIn(t);
  t.clock.advance(days(31));
  assertEquals((await list(t.app, ranges.sessions)).length, 1);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await sessionHolds(t.app, value), false);
});

Deno.test("that a session is in use is written at most every ten minutes", async () => {
  await using t = await testApp();
  const { value } = await signedIn(t);
  const stamp = async () => (await Array.fromAsync(t.kv.list(ranges.sessions)))[0]?.versionstamp;
  const first = await stamp();
  t.clock.advance(minutes(10) - 1);
  await findSession(t.app, value);
  assertEquals(await stamp(), first);
  t.clock.advance(1);
  await findSession(t.app, value);
  assertNotEquals(await stamp(), first);
});

Deno.test("after a day the value changes, and the one before is good for a minute", async () => {
  await using t = await testApp();
  const { account, value, session } = await signedIn(t);
  assertEquals(await renewSession(t.app, value), null, "not due yet");
  t.clock.advance(days(1));
  assert(isRenewalDue(t.app, (await findSession(t.app, value))!.session));
  const renewals = await Promise.all([1, 2, 3].map(() => renewSession(t.app, value)));
  const [fresh, ...more] = renewals.filter((value) => value !== null);
  assert(fresh && more.length === 0, "one of three at once");
  t.clock.advance(seconds(59));
  assertEquals((await findSession(t.app, value))?.session.id, session.id);
  assertEquals((await findSession(t.app, fresh))?.session.id, session.id);
  assert(!isRenewalDue(t.app, (await findSession(t.app, value))!.session), "the old one not again");
  t.clock.advance(seconds(1));
  assertEquals(await findSession(t.app, value), null);
  assert(await findSession(t.app, fresh));
  assertEquals((await listSessions(t.app, account)).length, 1);
});

Deno.test("a change of its value does not prolong a session", async () => {
  await using t = await testApp();
  let { value } = await signedIn(t);
  for (let day = 1; day < 30; day++) {
    t.clock.advance(days(1));
    assert(await findSession(t.app, value));
    value = (await renewSession(t.app, value))!;
  }
  t.clock.advance(days(1));
  assertEquals(await findSession(t.app, value), null);
});

Deno.test("a page asks whether its session holds without keeping it alive", async () => {
  await using t = await testApp();
  const { value } = await signedIn(t, { role: "admin" });
  for (let i = 0; i < 29; i++) {
    t.clock.advance(minutes(1));
    assert(await sessionHolds(t.app, value));
  }
  t.clock.advance(minutes(1));
  assertEquals(await sessionHolds(t.app, value), false);
});

Deno.test("a session holds for a page that knows only its value before", async () => {
  await using t = await testApp();
  const { account, value, session } = await signedIn(t);
  t.clock.advance(days(1));
  await renewSession(t.app, value);
  t.clock.advance(minutes(5));
  assert(await sessionHolds(t.app, value));
  await endSession(t.app, { accountId: account.id, id: session.id });
  assertEquals(await sessionHolds(t.app, value), false);
});

Deno.test("an ended session is gone at once with both its values, and its pages are told", async () => {
  await using t = await testApp();
  const { account, start, value, session } = await signedIn(t);
  const { value: other } = await start();
  t.clock.advance(days(1));
  const fresh = (await renewSession(t.app, value))!;
  await endSession(t.app, session);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await findSession(t.app, fresh), null);
  assert(await findSession(t.app, other));
  assertEquals(await told(t, account), [["session", { sessionId: session.id }]]);
  assertEquals((await assertRejects(() => endSession(t.app, session), AppError)).code, "not_found");
});

Deno.test("a session whose value changes while it is ended does not get away", async () => {
  await using t = await testApp();
  const { value, session } = await signedIn(t);
  t.clock.advance(days(1));
  let fresh: string | null = null;
  const store: Store = {
    ...t.app.store,
    async *list<T>(selector: Deno.KvListSelector) {
      const before = await Array.fromAsync(t.app.store.list<T>(selector));
      fresh ??= await renewSession(t.app, value);
      yield* before; // what was read is old by now
    },
  };
  await endSession({ ...t.app, store }, session);
  assert(fresh);
  assertEquals(await findSession(t.app, fresh), null);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await list(t.app, ranges.sessions), []);
});

Deno.test("nobody ends a session of somebody else", async () => {
  await using t = await testApp();
  const { value, session } = await signedIn(t);
  const bob = await t.person("Bob");
  const attempt = () => endSession(t.app, { accountId: bob.id, id: session.id });
  assertEquals((await assertRejects(attempt, AppError)).code, "not_found");
  assert(await findSession(t.app, value));
});

Deno.test("all sessions end at once, also those that somebody is just starting", async () => {
  await using t = await testApp();
  const { account, start, value } = await signedIn(t);
  const { value: other } = await start();
  const ended = await transact(t.app, (tx) => endAllSessions(t.app, tx, account));
  assertEquals(ended.epoch, account.epoch + 1);
  for (const one of [value, other]) {
    assertEquals(await findSession(t.app, one), null);
    assertEquals(await sessionHolds(t.app, one), false);
  }
  assertEquals(await told(t, account), [["session", { sessionId: null }]]);
  assertEquals((await assertRejects(() => start(), AppError)).code, "unauthorized");
});

Deno.test("a session of an earlier epoch is dead although its record is there", async () => {
  await using t = await testApp();
  const { account, value } = await signedIn(t);
  await transact(t.app, (tx) => tx.set(keys.account(account.id), { ...account, epoch: 1 }));
  assertEquals((await list(t.app, ranges.sessions)).length, 1);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await sessionHolds(t.app, value), false);
  assertEquals(await listSessions(t.app, { ...account, epoch: 1 }), []);
});

Deno.test("a session of an account that is gone is dead", async () => {
  await using t = await testApp();
  const { account, value } = await signedIn(t);
  await transact(t.app, (tx) => tx.delete(keys.account(account.id)));
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await sessionHolds(t.app, value), false);
});

Deno.test("with the 21st session the oldest ends, and its pages are told", async () => {
  await using t = await testApp();
  const { account, start, value, session } = await signedIn(t);
  for (let i = 0; i < 20; i++) {
    t.clock.advance(seconds(1));
    await start();
  }
  assertEquals((await listSessions(t.app, account)).length, 20);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await told(t, account), [["session", { sessionId: session.id }]]);
});

Deno.test("sessions that are over make room before one that is in use", async () => {
  await using t = await testApp();
  const { account, start, value } = await signedIn(t);
  for (let i = 0; i < 19; i++) await start();
  t.clock.advance(days(13));
  assert(await findSession(t.app, value));
  t.clock.advance(days(1));
  const others = (await list(t.app, ranges.sessionsOf(account.id))).slice(0, 9);
  for (const hash of others) {
    const session = await read(t.app, keys.session(hash));
    if (session!.expiresAt <= t.clock.now()) await t.kv.delete(keys.session(hash)); // the broom
  }
  const { value: fresh } = await start();
  for (const one of [value, fresh]) assert(await findSession(t.app, one));
  assertEquals((await listSessions(t.app, account)).length, 2);
});

Deno.test("of forty sign-ins at once twenty sessions remain", async () => {
  await using t = await testApp();
  const { account, start } = await signedIn(t);
  const started = await Promise.all(Array.from({ length: 40 }, () => start()));
  const alive = await Promise.all(started.map(({ value }) => findSession(t.app, value)));
  assert(alive.filter((found) => found !== null).length <= 20);
  assertEquals((await list(t.app, ranges.sessionsOf(account.id))).length, 20);
});

Deno.test("what a browser calls itself is kept short and plain", async () => {
  await using t = await testApp();
  const { start } = await signedIn(t);
  const { session } = await start("Evil\u0000\u202e".repeat(100));
  assertEquals(session.agent, "Evil".repeat(50));
});
