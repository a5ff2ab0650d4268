import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { endSession, listSessions } from "../../domain/accounts/session_end.ts";
import {
  findSession,
  isRenewalDue,
  renewSession,
  sessionHolds,
} from "../../domain/accounts/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { signedIn } from "../support/sessions.ts";

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

Deno.test("what a browser calls itself is kept short and plain", async () => {
  await using t = await testApp();
  const { start } = await signedIn(t);
  const { session } = await start("Evil\u0000\u202e".repeat(100));
  assertEquals(session.agent, "Evil".repeat(50));
});
