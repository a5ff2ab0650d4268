import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { preferencesOf } from "../../domain/accounts/preferences.ts";
import { activate } from "../../domain/accounts/activation.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress, type Suppressing } from "../../domain/recipients/suppressing.ts";
import { suppressionFor } from "../../domain/recipients/suppressions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, SuppressionCause } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailNote, OPEN_MAIL, suppressions } from "../support/mailing.ts";
import { remind } from "../support/reminders.ts";
import { pageOf, visitor } from "../support/site.ts";

async function world() {
  const mailer = new TestMailer();
  const t = await testApp({ env: OPEN_MAIL, mailer });
  return { t, mailer, ada: await t.person("Ada"), bob: await t.person("Bob") };
}

async function put({ app }: TestApp, address: string, what: Suppressing): Promise<void> {
  const to = await addresseeOf(app, address);
  await transact(app, (tx) => suppress(app, tx, to, what));
}

/** Presses "Allow again" at an entry of somebody's address. */
async function allow(t: TestApp, who: Account, address: string, scope: string): Promise<number> {
  const hash = await addressHash(t.app, address);
  const response = await (await visitor(t, who)).postForm("/account/stopped/lift", { hash, scope });
  await response.body?.cancel();
  return response.status;
}

Deno.test("one's account shows what is kept from one's own addresses, and lets it come again", async () => {
  const { t, ada, bob } = await world();
  await using _ = t;
  await put(t, ada.email, { scope: `sender:${bob.id}`, cause: "unsubscribe" });
  await put(t, ada.email, { scope: "all", cause: "complaint" });
  await put(t, bob.email, { scope: "all", cause: "never" });
  const page = await pageOf(await visitor(t, ada), "/account");
  for (const words of ["Mail from Bob", "<strong>All mail", "stopped by you"]) {
    assertStringIncludes(page, words);
  }
  assert(!page.includes(await addressHash(t.app, bob.email)));
  assertEquals(await allow(t, ada, ada.email, `sender:${bob.id}`), 303);
  assertEquals(await allow(t, ada, ada.email, "all"), 303);
  assertEquals(await suppressions(t), ["never all"]);
  const lines = await list(t.app, ranges.audit);
  assertEquals(lines.at(-1)!.act, "suppression_lifted");
  assertEquals(lines.at(-1)!.by, ada.id);
  assert(!JSON.stringify(lines).includes(ada.email));
});

Deno.test("nobody lifts what is another's, what is not there, or what an admin has said", async () => {
  const { t, ada, bob } = await world();
  await using _ = t;
  const eve = await t.person("Eve", { verified: null });
  await put(t, bob.email, { scope: "all", cause: "never" });
  await put(t, ada.email, { scope: "all", cause: "admin" });
  await put(t, eve.email, { scope: "all", cause: "never" });
  assertEquals(await allow(t, ada, bob.email, "all"), 404, "another's");
  assertEquals(await allow(t, ada, "nobody@example.org", "all"), 404);
  assertEquals(await allow(t, ada, ada.email, "all"), 404, "an admin's");
  assertEquals(await allow(t, ada, ada.email, "notes"), 404);
  assertEquals(await allow(t, eve, eve.email, "all"), 404, "an address that is not proven theirs");
  assertEquals((await suppressions(t)).length, 3);
});

Deno.test("a further address of one's own counts once it is proven", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const [address, addedAt] = ["ada@example.net", t.clock.now()];
  const hash = await addressHash(t.app, address);
  await put(t, address, { scope: "all", cause: "bounce" });
  const add = (verified: { at: number; by: "smtp" } | null) =>
    transact(
      t.app,
      (tx) =>
        tx.set(keys.ownAddress(ada.id, hash), { accountId: ada.id, address, addedAt, verified }),
    );
  await add(null);
  assertEquals(await allow(t, ada, address, "all"), 404);
  await add({ at: addedAt, by: "smtp" });
  assertEquals(await allow(t, ada, address, "all"), 303);
  assertEquals(await suppressions(t), []);
});

Deno.test("who proves an address again is reached again, and what they chose stays", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  await askForProof(t.app, ada);
  await t.drain();
  await put(t, ada.email, { scope: "all", cause: "never" });
  await put(t, ada.email, { scope: "all", cause: "bounce" });
  assertEquals(await suppressions(t), ["bounce all"]);
  const [, token = ""] = /\/activate\/([\w-]+)/.exec(mailer.accepted[0]!.text) ?? [];
  await activate(t.app, token);
  assertEquals(await suppressions(t), ["never all"]);
});

Deno.test("of two causes the weightier stands; one that has ended does not count", async () => {
  const { t } = await world();
  await using _ = t;
  const to = "p1@example.net";
  const stands = async (cause: SuppressionCause, until: number | null = null) => {
    await put(t, to, { scope: "all", cause, until });
    const found = await suppressionFor(t.app, to, { kind: "note", ownerId: null });
    return found?.cause ?? null;
  };
  const week = t.clock.now() + days(7);
  assertEquals(await stands("soft_bounces", week), "soft_bounces");
  t.clock.advance(days(7));
  const letter = { kind: "note", ownerId: null } as const;
  assertEquals(await suppressionFor(t.app, to, letter), null);
  assertEquals(await stands("soft_bounces", t.clock.now() + days(14)), "soft_bounces");
  assertEquals(await stands("bounce"), "bounce");
  assertEquals(await stands("soft_bounces", week), "bounce");
  assertEquals(await stands("complaint"), "complaint");
  assertEquals(await stands("never"), "complaint");
  assertEquals(await stands("bounce"), "complaint");
  const [there] = await list(t.app, ranges.suppressions);
  assertEquals(there!.chosen?.cause, "never");
  const changes = (await list(t.app, ranges.audit)).length;
  await stands("complaint");
  assertEquals((await list(t.app, ranges.audit)).length, changes, "again is no change");
});

Deno.test("the boxes of the account show what a link has stopped, and take it back", async () => {
  const { t, ada } = await world();
  await using _ = t;
  await put(t, ada.email, { scope: "broadcasts", cause: "unsubscribe" });
  const client = await visitor(t, ada);
  const box = async () => {
    const page = await pageOf(client, "/account");
    return /<input[^>]*name="broadcasts_mail"[^>]*>/.exec(page)?.[0].includes("checked");
  };
  assertEquals((await preferencesOf(t.app, ada.id)).broadcasts.mail, true);
  assertEquals(await box(), false);
  await client.postForm("/account/news", { reminders_mail: "on", broadcasts_mail: "on" });
  assertEquals([await box(), await suppressions(t)], [true, []]);
});

Deno.test("who mails an address of their own that they have stopped reads what is so, and where it is lifted", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const lift = "; on your account page you can allow it again";
  const says: [what: Suppressing, why: string][] = [
    [{ scope: "all", cause: "never" }, `you have stopped all mail to this address${lift}`],
    [{ scope: "notes", cause: "unsubscribe" }, `you have stopped notes to yourself by mail${lift}`],
    [{ scope: "all", cause: "bounce" }, `mail to this address of yours came back${lift}`],
    [
      { scope: "all", cause: "complaint" },
      `mail to this address of yours was reported as spam${lift}`,
    ],
  ];
  for (const [what, why] of says) {
    await put(t, ada.email, what);
    await assertRejects(
      () => mailNote(t, ada, [ada.email]),
      AppError,
      `Cannot mail ${ada.email}: ${why}`,
    );
    assertEquals(await allow(t, ada, ada.email, what.scope), 303, "as it says");
    if (what.cause === "complaint") await allow(t, ada, ada.email, what.scope); // and what it chose
  }
  await mailNote(t, ada, [ada.email]);
  await put(t, ada.email, { scope: "all", cause: "admin" });
  await assertRejects(() => mailNote(t, ada, [ada.email]), AppError, "an admin has stopped mail");
});

Deno.test("a reminder to oneself may be asked for while one's notes to oneself are stopped", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  await put(t, ada.email, { scope: "notes", cause: "unsubscribe" });
  const channels = { page: true, telegram: false, mail: [ada.email] };
  await remind(t.app, ada, { channels });
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.recipients(), [ada.email]);
});
