import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { askForLink } from "../../domain/accounts/account_links.ts";
import { changePassword } from "../../domain/accounts/password_change.ts";
import { resetPassword } from "../../domain/accounts/password_reset.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { minutes } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { attempt, outcome, outcomeOf, wrong } from "../support/attempts.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";

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

Deno.test("thirty new passwords an hour are looked at, by the page and as many by the link of a letter", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const ada = await member(t.app);
  await askForLink(t.app, { letter: "reset", email: ada.email, address: "192.0.2.1" });
  await t.drain();
  const [link = ""] = pathsTo(mailer, ada.email, "/reset/");
  const token = link.slice("/reset/".length);
  const password = "ada at example org";
  const ways = [
    () => change(t, ada, { password }),
    () => resetPassword(t.app, { token, password }),
  ];
  for (const way of ways) {
    for (let i = 0; i < 30; i++) assertEquals(await outcomeOf("well", way), "invalid");
    assertEquals(await outcomeOf("well", way), "rate_limited 3600");
  }
  t.clock.advance(minutes(20));
  assertEquals(await outcomeOf("well", ways[1]!), "rate_limited 2400");
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
