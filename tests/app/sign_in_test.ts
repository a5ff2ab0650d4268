import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { nativeArgon2id } from "../../domain/argon2id.ts";
import { changePassword } from "../../domain/password_change.ts";
import { Hashing, useHashing } from "../../domain/passwords.ts";
import { findSession } from "../../domain/sessions.ts";
import { checkPassword, signIn } from "../../domain/sign_in.ts";
import { pruneTries } from "../../domain/tries.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { CHEAP } from "../support/hash.ts";

interface Attempt {
  email?: string;
  password?: string;
  address?: string;
}

const attempt = (t: TestApp, { email, password, address }: Attempt = {}) =>
  signIn(t.app, {
    email: email ?? "ada@example.org",
    password: password ?? PASSWORD,
    address: address ?? "203.0.113.7",
    agent: "Test/1.0",
  });

/** How an attempt ends: its code, and after how many seconds to come back. */
async function outcome(t: TestApp, how: Attempt = {}): Promise<string> {
  try {
    await attempt(t, how);
    return "in";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, retryAfterMs } = error;
    return retryAfterMs === undefined ? code : `${code} ${retryAfterMs / 1_000}`;
  }
}

/** Hashes in another way until the end of the block. */
function hashingWith(other: Hashing): Disposable {
  useHashing(other);
  return { [Symbol.dispose]: () => useHashing(new Hashing(CHEAP)) };
}

const wrong = { password: OTHER_PASSWORD };

Deno.test("who knows the password is let in, however the address is spelled", async () => {
  await using t = await testApp();
  const ada = await member(t.app, { email: "ada@xn--exmple-cua.org" });
  for (const email of ["ada@exämple.org", " ADA@EXÄMPLE.org", "ada@xn--exmple-cua.org"]) {
    const { value, account } = await attempt(t, { email });
    assertEquals(account.id, ada.id);
    assertEquals((await findSession(t.app, value))?.account.id, ada.id);
  }
});

Deno.test("what is wrong is not told, and cannot be told from how failures are slowed down", async () => {
  await using t = await testApp();
  await member(t.app);
  const unknown = ["ada@example.org", "eve@example.org", "no address", "", "a\0b@example.org"];
  const outcomes = [];
  for (const [i, email] of unknown.entries()) {
    const address = `203.0.113.${i}`;
    const errors = [];
    for (let n = 0; n < 8; n++) errors.push(await outcome(t, { email, address, ...wrong }));
    const error = await assertRejects(() => attempt(t, { email, address, ...wrong }), AppError);
    outcomes.push([...errors, error.message]);
  }
  assertEquals(outcomes[0]?.slice(4, 6), ["unauthorized", "rate_limited 1"]);
  for (const other of outcomes) assertEquals(other, outcomes[0]!);
});

Deno.test("a password costs as many hashes for an unknown address as for a known one", async () => {
  await using t = await testApp();
  await member(t.app);
  let hashed = 0;
  const native: typeof nativeArgon2id = (input, cost) => {
    hashed++;
    return nativeArgon2id(input, cost);
  };
  const counting = new Hashing({ ...CHEAP, native });
  await counting.kind();
  using _ = hashingWith(counting);
  for (const email of ["ada@example.org", "eve@example.org", "no address"]) {
    hashed = 0;
    assertEquals(await outcome(t, { email, ...wrong }), "unauthorized");
    assertEquals(hashed, 1, email);
  }
});

Deno.test("an account is slowed down after five failures, more with each, and not for good", async () => {
  await using t = await testApp();
  await member(t.app);
  let from = 0;
  const guess = () => outcome(t, { ...wrong, address: `198.51.100.${from++}` });
  for (let i = 0; i < 5; i++) assertEquals(await guess(), "unauthorized");
  let waits = 0;
  for (const pause of [1, 2, 4, 8, 16, 32, 64, 128, 256]) {
    assertEquals(await guess(), `rate_limited ${pause}`);
    t.clock.advance(seconds(pause) - 1);
    assertEquals(await guess(), "rate_limited 0.001");
    t.clock.advance(1);
    assertEquals(await guess(), "unauthorized");
    waits++;
  }
  assertEquals(waits, 9);
  assertEquals(await guess(), "rate_limited 512");
  assertEquals(await outcome(t), "rate_limited 512", "the right one waits as well");
  t.clock.advance(seconds(512));
  assertEquals(await outcome(t), "in");
  assertEquals(await guess(), "unauthorized", "and then it begins anew");
});

Deno.test("an account has twenty guesses a day, and the owner gets in the day after", async () => {
  await using t = await testApp();
  await member(t.app);
  let looked = 0;
  for (let minute = 0; minute < 24 * 60 - 20; minute += 20) {
    const said = await outcome(t, { ...wrong, address: `198.51.100.${minute / 20}` });
    if (said === "unauthorized") looked++;
    t.clock.advance(minutes(20));
  }
  assertEquals(looked, 20);
  assert((await outcome(t)).startsWith("rate_limited"));
  t.clock.advance(minutes(20));
  assertEquals(await outcome(t), "in");
});

Deno.test("of many guesses at once five are looked at", async () => {
  await using t = await testApp();
  await member(t.app);
  const guesses = Array.from(
    { length: 20 },
    (_, i) => outcome(t, { ...wrong, address: `198.51.100.${i}` }),
  );
  const said = await Promise.all(guesses);
  assertEquals(said.filter((code) => code === "unauthorized").length, 5);
});

Deno.test("a network has twenty failures an hour over all accounts", async () => {
  await using t = await testApp();
  await member(t.app);
  const guess = (i: number, address: string) =>
    outcome(t, { ...wrong, email: `p${i}@example.org`, address });
  for (let i = 0; i < 20; i++) {
    assertEquals(await guess(i, `2001:db8:1:2:${i}::1`), "unauthorized");
  }
  assertEquals(await guess(20, "2001:db8:1:2:ffff::1"), "rate_limited 3600");
  assertEquals(await outcome(t, { address: "2001:db8:1:2::5" }), "rate_limited 3600");
  assertEquals(await outcome(t, { address: "2001:db8:1:3::5" }), "in", "the neighbours");
  t.clock.advance(hours(1));
  assertEquals(await outcome(t, { address: "2001:db8:1:2::5" }), "in");
});

Deno.test("good sign-ins are no failures", async () => {
  await using t = await testApp();
  await member(t.app);
  for (let i = 0; i < 30; i++) assertEquals(await outcome(t), "in");
  for (const tries of await list(t.app, ranges.tries)) assertEquals(tries.at, []);
});

Deno.test("what was too much to look at is no failure", async () => {
  await using t = await testApp();
  await member(t.app);
  {
    using _ = hashingWith(new Hashing({ ...CHEAP, turns: { atOnce: 0, waiting: 0 } }));
    for (let i = 0; i < 10; i++) assertEquals(await outcome(t), "unavailable 2");
  }
  assertEquals(await outcome(t), "in");
});

Deno.test("a clock that steps back locks nobody out for longer", async () => {
  await using t = await testApp();
  await member(t.app);
  for (let i = 0; i < 5; i++) await outcome(t, wrong);
  t.clock.advance(-seconds(30));
  assertEquals(await outcome(t), "rate_limited 1", "perhaps another machine's clock");
  t.clock.advance(-days(365));
  assertEquals(await outcome(t), "in");
});

Deno.test("a weak hash is made again when its owner signs in", async () => {
  await using t = await testApp();
  const noArgon2id = () => Promise.reject(new Error("NotSupportedError"));
  const weak = await new Hashing({ ...CHEAP, native: noArgon2id }).hash(PASSWORD);
  const { id } = await member(t.app, { password: weak });
  await outcome(t, wrong);
  assertEquals((await read(t.app, keys.account(id)))?.password, weak);
  assertEquals(await outcome(t), "in");
  assert((await read(t.app, keys.account(id)))?.password.startsWith("$argon2id$"));
  assertEquals(await outcome(t), "in");
});

Deno.test("the password is asked again of who is signed in, with the same patience", async () => {
  await using t = await testApp();
  const account = await member(t.app);
  assertEquals(await checkPassword(t.app, { account, password: PASSWORD }), true);
  for (let i = 0; i < 5; i++) {
    assertEquals(await checkPassword(t.app, { account, password: OTHER_PASSWORD }), false);
  }
  const error = await assertRejects(
    () => checkPassword(t.app, { account, password: PASSWORD }),
    AppError,
  );
  assertEquals(error.code, "rate_limited");
});

const change = (t: TestApp, account: Awaited<ReturnType<typeof member>>, given = {}) =>
  changePassword(t.app, {
    account,
    current: PASSWORD,
    password: OTHER_PASSWORD,
    agent: "Test/1.0",
    ...given,
  });

Deno.test("a changed password ends all sessions but the one it was changed in, and is told by mail", async () => {
  await using t = await testApp();
  const ada = await member(t.app);
  const [one, two] = [await attempt(t), await attempt(t)];
  const { value } = await change(t, ada);
  for (const old of [one, two]) assertEquals(await findSession(t.app, old.value), null);
  assertEquals((await findSession(t.app, value))?.account.id, ada.id);
  assertEquals(await outcome(t), "unauthorized");
  assertEquals(await outcome(t, wrong), "in", "with the new one");
  await t.drain();
  const [mail] = await list(t.app, ranges.outbox);
  assertEquals([mail?.to.address, mail?.subject], [ada.email, "Your password was changed"]);
});

Deno.test("a password is not changed without the current one, nor to a bad one", async () => {
  await using t = await testApp();
  const ada = await member(t.app);
  const { value } = await attempt(t);
  const table = [
    [{ current: OTHER_PASSWORD }, "current"],
    [{ password: "too short" }, "password"],
    [{ password: "ada at example org" }, "password"],
  ] as const;
  for (const [given, field] of table) {
    const error = await assertRejects(() => change(t, ada, given), AppError);
    assertEquals([error.code, error.field], ["invalid", field]);
  }
  assert(await findSession(t.app, value));
  assertEquals(await outcome(t), "in");
});

Deno.test("of two changes of a password at once one counts", async () => {
  await using t = await testApp();
  const ada = await member(t.app);
  const changes = await Promise.allSettled([
    change(t, ada),
    change(t, ada, { password: "another canyon ticket marmalade" }),
  ]);
  assertEquals(changes.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("what was counted goes away when it no longer matters", async () => {
  await using t = await testApp();
  await outcome(t, wrong);
  t.clock.advance(days(1) - 1);
  await outcome(t, { ...wrong, email: "eve@example.org" });
  t.clock.advance(1);
  assertEquals(await pruneTries(t.app, 10), 1, "of the account");
  assertEquals((await list(t.app, ranges.tries)).length, 2, "another account, and the network");
  t.clock.advance(days(1));
  assertEquals(await pruneTries(t.app, 1), 1);
  assertEquals(await pruneTries(t.app, 10), 1);
  assertEquals(await list(t.app, ranges.tries), []);
});
