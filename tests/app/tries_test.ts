import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { Hashing } from "../../domain/accounts/passwords.ts";
import { checkPassword } from "../../domain/accounts/sign_in.ts";
import { pruneTries } from "../../domain/prune_tries.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { testApp } from "../support/app.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { CHEAP } from "../support/hash.ts";
import { hashingWith, outcome, wrong } from "../support/attempts.ts";

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
