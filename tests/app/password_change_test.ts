import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { changePassword } from "../../domain/accounts/password_change.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { attempt, outcome, wrong } from "../support/attempts.ts";

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
