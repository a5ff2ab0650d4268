import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { activate, askForProof } from "../../domain/accounts/sign_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { days } from "../support/clock.ts";
import { member } from "../support/door.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";

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
