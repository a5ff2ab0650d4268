import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { activate } from "../../domain/accounts/activation.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { days } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import { visitor } from "../support/site.ts";

Deno.test("a letter to an address that an account had before, or to a closed one, proves nothing", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const letterTo = async (account: Account) => {
    await askForProof(t.app, account);
    await t.drain();
    return pathsTo(mailer, account.email, "/activate/")[0]!.slice("/activate/".length);
  };
  const old = await letterTo(account);
  const moved = { ...account, email: "new@example.org", epoch: 1, verified: null };
  await transact(t.app, (tx) => tx.set(keys.account(account.id), moved));
  await assertRejects(() => activate(t.app, old), AppError, "Cannot use this link");
  assertEquals((await read(t.app, keys.account(account.id)))?.verified, null);

  const own = await letterTo(moved);
  await transact(t.app, (tx) => tx.set(keys.account(account.id), { ...moved, closedAt: 1 }));
  await assertRejects(() => activate(t.app, own), AppError, "Cannot use this link");
  assertEquals(await read(t.app, keys.accountByEmail("new@example.org")), null, "it is free");
});

Deno.test("who is signed in has ten letters a day written to prove their address, whatever strangers ask for", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  for (let i = 0; i < 10; i++) await askForProof(t.app, account);
  await assertRejects(() => askForProof(t.app, account), AppError, "too often");
  t.clock.advance(days(1));
  await askForProof(t.app, account);
});

Deno.test("the link of a sign-up needs the password that was chosen with it, and lets its owner in", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const form = { email: "ada@example.org", name: "Ada", zone: "UTC", website: "" };
  const mallory = await visitor(t); // signs up with her address, and hopes that she presses the button
  await mallory.postForm("/sign-up", { ...form, password: OTHER_PASSWORD });
  await t.drain();
  const ada = await visitor(t);
  await ada.postForm("/sign-up", { ...form, password: PASSWORD });
  await t.drain();
  const [second = "", first = ""] = pathsTo(mailer, form.email, "/activate/");
  const pressed = await ada.postForm(first, { password: PASSWORD });
  assertEquals(pressed.status, 400);
  assertStringIncludes(await pressed.text(), "not the password that was chosen with it");
  assertEquals((await ada.postForm(first, {})).status, 400);
  const { email } = form;
  assertEquals(
    (await mallory.post("/api/session", { email, password: OTHER_PASSWORD })).status,
    401,
  );
  const entered = await ada.postForm(second, { password: PASSWORD });
  assertEquals([entered.status, entered.headers.get("location")], [303, "/"]);
  assertEquals((await ada.get("/api/me")).status, 200);
  assertEquals((await ada.postForm(second, { password: PASSWORD })).status, 404, "once");
});

Deno.test("who guesses the password of a sign-up by its link is slowed down", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const visits = await visitor(t);
  const form = { email: "ada@example.org", name: "Ada", zone: "UTC", website: "" };
  await visits.postForm("/sign-up", { ...form, password: PASSWORD });
  await t.drain();
  const [link = ""] = pathsTo(mailer, form.email, "/activate/");
  for (let i = 0; i < 5; i++) {
    assertEquals((await visits.postForm(link, { password: OTHER_PASSWORD })).status, 400);
  }
  assertEquals((await visits.postForm(link, { password: PASSWORD })).status, 429);
});

Deno.test("by any letter of a sign-up who reads the mailbox may choose another password, and its first one is worth nothing", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const email = "ada@example.org";
  const form = { email, name: "Ada", zone: "UTC", website: "" };
  const mallory = await visitor(t);
  await mallory.postForm("/sign-up", { ...form, password: OTHER_PASSWORD });
  await t.drain();
  const [link = ""] = pathsTo(mailer, email, "/activate/");
  const ada = await visitor(t);
  assertEquals((await ada.postForm(link, { fresh: "short" })).status, 400);
  const entered = await ada.postForm(link, { fresh: PASSWORD });
  assertEquals([entered.status, entered.headers.get("location")], [303, "/"]);
  assertEquals((await ada.get("/api/me")).status, 200);
  assertEquals(
    (await mallory.post("/api/session", { email, password: OTHER_PASSWORD })).status,
    401,
  );
  assertEquals((await ada.postForm("/account/proof", {})).status, 303);
  await t.drain();
  const [again = ""] = pathsTo(mailer, email, "/activate/");
  const stranger = await visitor(t);
  const asks = await (await stranger.get(again, { headers: { accept: "text/html" } })).text();
  assertEquals(asks.includes("fresh"), false, "an account keeps its password");
  assertEquals((await stranger.postForm(again, { fresh: OTHER_PASSWORD })).status, 409);
});
