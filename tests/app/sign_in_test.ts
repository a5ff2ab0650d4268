import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { nativeArgon2id } from "../../domain/accounts/argon2id.ts";
import { Hashing } from "../../domain/accounts/passwords.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { testApp } from "../support/app.ts";
import { member, PASSWORD } from "../support/door.ts";
import { CHEAP } from "../support/hash.ts";
import { attempt, hashingWith, outcome, wrong } from "../support/attempts.ts";

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
