import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { ensureAdmin, setUp, setUpToken } from "../../domain/accounts/set_up.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { signIn } from "../../domain/accounts/sign_in.ts";
import { updateProfile } from "../../domain/accounts/profile.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { letIn } from "../support/attempts.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { minutes } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { pageOf, visitor } from "../support/site.ts";

const first = (t: TestApp, token: string, change = {}) =>
  setUp(t.app, { token, email: "root@example.org", password: PASSWORD, name: "Root", ...change });
const enter = (t: TestApp, email: string, password = PASSWORD) =>
  letIn(signIn(t.app, { email, password, address: "203.0.113.7", agent: "Test/1.0" }));
const accounts = async (t: TestApp) =>
  (await Array.fromAsync(t.kv.list<Account>({ prefix: ["account"] }))).map(({ value }) => value);

async function code(attempt: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(attempt, AppError)).code;
}

Deno.test("the setup link makes the first admin, once", async () => {
  await using t = await testApp();
  const token = (await setUpToken(t.app))!;
  const admin = await first(t, token);
  assertEquals([admin.role, admin.verified?.by], ["admin", "operator"]);
  assertEquals((await enter(t, "root@example.org")).account.id, admin.id);
  assertEquals(await code(() => first(t, token, { email: "eve@example.org" })), "not_found");
  assertEquals(await setUpToken(t.app), null, "no link after that");
  assertEquals((await accounts(t)).length, 1);
});

Deno.test("of fifty set-ups at once exactly one makes an admin", async () => {
  await using t = await testApp();
  const token = (await setUpToken(t.app))!;
  const tries = Array.from(
    { length: 50 },
    (_, i) => first(t, token, { email: `p${i}@example.org` }),
  );
  const done = await Promise.allSettled(tries);
  const codes = done.map((one) => one.status === "rejected" ? one.reason.code : "made");
  assertEquals(codes.filter((code) => code === "made").length, 1);
  assertEquals(codes.filter((code) => code === "not_found").length, 49);
  assertEquals((await accounts(t)).map(({ role }) => role), ["admin"]);
});

Deno.test("a guessed setup link makes no admin", async () => {
  await using t = await testApp();
  await setUpToken(t.app);
  for (const guess of ["", "A".repeat(43), "setup"]) {
    assertEquals(await code(() => first(t, guess)), "not_found");
    assertEquals(await code(() => first(t, guess, { password: "short" })), "not_found", "at once");
  }
  assertEquals(await accounts(t), []);
});

Deno.test("each start without an admin makes another link, and the one before ends", async () => {
  await using t = await testApp();
  const before = (await setUpToken(t.app))!;
  t.clock.advance(365 * 86_400_000);
  const token = (await setUpToken(t.app))!;
  assertNotEquals(token, before);
  assertEquals(await code(() => first(t, before)), "not_found");
  await first(t, token);
});

Deno.test("the setup link works for half an hour, and then says how to get another", async () => {
  await using t = await testApp();
  const path = `/setup/${await setUpToken(t.app)}`;
  const somebody = await visitor(t);
  t.clock.advance(minutes(30) - 1);
  assertEquals((await pageOf(somebody, path)).includes("Make the first account"), true);
  t.clock.advance(1);
  const gone = await somebody.get(path, { headers: { accept: "text/html" } });
  assertEquals(gone.status, 404);
  assertStringIncludes(await gone.text(), "a restart of the server prints a new one");
  assertEquals(await code(() => first(t, path.split("/")[2]!)), "not_found");
  await first(t, (await setUpToken(t.app))!);
});

Deno.test("where processes share the store each start shows the same link while it works", async () => {
  const kv = await Deno.openKv(":memory:");
  {
    await using t = await testApp({ kv });
    const starts = () => Promise.all([1, 2, 3].map(() => setUpToken(t.app)));
    const early = await starts();
    assertEquals(new Set(early).size, 1);
    t.clock.advance(minutes(30));
    const tokens = await starts();
    assertEquals([new Set(tokens).size, tokens.includes(early[0]!)], [1, false]);
    await first(t, tokens[0]!);
    assertEquals(await setUpToken(t.app), null);
  }
  kv.close();
});

Deno.test("a set-up that is wrong somewhere does not use the link up", async () => {
  await using t = await testApp();
  const token = (await setUpToken(t.app))!;
  const table = [[{ email: "root" }, "email"], [{ password: "root" }, "password"], [
    { name: "" },
    "name",
  ], [{ zone: "X" }, "zone"]] as const;
  for (const [change, field] of table) {
    const error = await assertRejects(() => first(t, token, change), AppError);
    assertEquals([error.code, error.field], ["invalid", field]);
  }
  await first(t, token);
});

Deno.test("an account that took the admin's address before becomes the admin's, and is told", async () => {
  await using t = await testApp();
  const eve = await member(t.app, { email: "root@example.org", name: "Eve" });
  const { value } = await enter(t, "root@example.org");
  const admin = await first(t, (await setUpToken(t.app))!, { password: OTHER_PASSWORD });
  assertEquals([admin.id, admin.name, admin.role], [eve.id, "Root", "admin"]);
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await code(() => enter(t, "root@example.org")), "unauthorized");
  await enter(t, "root@example.org", OTHER_PASSWORD);
  await t.drain();
  assertEquals((await list(t.app, ranges.outbox)).length, 1);
});

const settings = { email: "Root@example.org", password: PASSWORD };

Deno.test("the settings' admin is made at the first start, and then no setup link works", async () => {
  await using t = await testApp();
  const token = (await setUpToken(t.app))!;
  await ensureAdmin(t.app, settings);
  assertEquals((await enter(t, "root@example.org")).account.role, "admin");
  assertEquals(await setUpToken(t.app), null);
  assertEquals(await code(() => first(t, token, { email: "eve@example.org" })), "not_found");
});

Deno.test("a later start leaves the admin alone, also their new password", async () => {
  await using t = await testApp();
  await ensureAdmin(t.app, settings);
  const [admin] = await accounts(t);
  await updateProfile(t.app, { accountId: admin!.id, name: "Ruth" });
  const before = await read(t.app, keys.account(admin!.id));
  await ensureAdmin(t.app, { ...settings, password: OTHER_PASSWORD });
  assertEquals(await accounts(t), [before!]);
  await enter(t, "root@example.org");
});

Deno.test("starts at the same moment make one admin", async () => {
  await using t = await testApp();
  await Promise.all(Array.from({ length: 10 }, () => ensureAdmin(t.app, settings)));
  assertEquals((await accounts(t)).map(({ epoch }) => epoch), [0], "nobody took it over");
});

Deno.test("a member with the settings' address is not made an admin", async () => {
  await using t = await testApp();
  const ada = await member(t.app);
  await ensureAdmin(t.app, { email: "ada@example.org", password: PASSWORD });
  assertEquals(await accounts(t), [ada]);
  assert(t.lines.some((line) => line.includes("admin_is_member")));
});

Deno.test("an admin's password in the settings that is easy to guess is refused", async () => {
  await using t = await testApp();
  const bad = { email: "root@example.org", password: "passwordpassword" };
  const error = await assertRejects(() => ensureAdmin(t.app, bad), AppError);
  assertEquals([error.code, error.field], ["invalid", "ADMIN_PASSWORD"]);
  assertEquals(await accounts(t), []);
  await ensureAdmin(t.app, undefined);
});
