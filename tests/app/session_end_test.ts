import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Store } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { endAllSessions, endSession, listSessions } from "../../domain/accounts/session_end.ts";
import { findSession, renewSession, sessionHolds } from "../../domain/accounts/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, seconds } from "../support/clock.ts";
import { signedIn } from "../support/sessions.ts";

/** What the account's pages were told, oldest first. */
async function told(t: TestApp, account: Account): Promise<unknown[]> {
  const events = await list(t.app, ranges.eventsAfter(`account:${account.id}`, 0));
  return events.map(({ type, data }) => [type, data]);
}

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
