import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { hmac } from "../../domain/accounts/digest.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { readStop } from "../../domain/recipients/stop_links.ts";
import { suppress, type Suppressing } from "../../domain/recipients/suppressing.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { linkTo, mailNote as mailAsked, sender } from "../support/consent.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailNote, OPEN_MAIL, suppressions } from "../support/mailing.ts";
import { fieldIn, pageOf, visitor } from "../support/site.ts";

/** One mailbox, in as many spellings as anybody thinks of. */
const SPELLED = "v.ictim+news@gmail.com";
const OTHERS = ["victim@gmail.com", "VICTIM+2@googlemail.com", "vic.tim@gmail.com", SPELLED];

async function world() {
  const mailer = new TestMailer();
  const t = await testApp({ env: OPEN_MAIL, mailer });
  return { t, mailer, ada: await t.person("Ada"), eve: await t.person("Eve") };
}

/** To which of the spellings a member may mail. */
async function reached(t: TestApp, from: Account): Promise<string[]> {
  const open: string[] = [];
  for (const to of OTHERS) {
    await mailNote(t, from, [to]).then(() => open.push(to)).catch((error) => {
      assert(error instanceof AppError && error.code === "invalid", String(error));
    });
  }
  return open;
}

/** The path at which the reader of the last letter stops more of them. */
function pathOf({ accepted }: TestMailer): string {
  const header = accepted.at(-1)!.headers["List-Unsubscribe"]!;
  return new URL(header.slice(1, -1)).pathname;
}

async function put({ app }: TestApp, address: string, what: Suppressing): Promise<void> {
  const to = await addresseeOf(app, address);
  await transact(app, (tx) => suppress(app, tx, to, what));
}

Deno.test("who stops everything is reached by no other spelling of their mailbox, until they take it back", async () => {
  const { t, mailer, ada, eve } = await world();
  await using _ = t;
  await mailNote(t, ada, [SPELLED]);
  await t.drain();
  const path = pathOf(mailer);
  const reader = await visitor(t);
  await reader.postForm(path, { what: "all", act: "stop" });
  for (const member of [ada, eve]) assertEquals(await reached(t, member), []);
  const page = await (await reader.postForm(path, { what: "all", act: "undo" })).text();
  assertStringIncludes(page, ">Stop everything except sign-in mails<");
  for (const member of [ada, eve]) assertEquals(await reached(t, member), OTHERS);
});

Deno.test("a message that waits is kept back too when its mailbox is stopped by another spelling", async () => {
  const { t, mailer, ada, eve } = await world();
  await using _ = t;
  await mailNote(t, ada, [SPELLED]);
  await t.drain();
  for (const to of OTHERS) await mailNote(t, eve, [to]);
  await (await visitor(t)).postForm(pathOf(mailer), { what: "all", act: "stop" });
  await t.drain();
  assertEquals(mailer.recipients(), [SPELLED]);
});

Deno.test("who stops or reports one member hears from them at no spelling, and from others at each", async () => {
  for (const way of ["", "/report"]) {
    const { t, mailer, ada, eve } = await world();
    await using _ = t;
    await mailNote(t, ada, [SPELLED]);
    await t.drain();
    const reader = await visitor(t);
    await reader.postForm(pathOf(mailer) + way, { what: "this", act: "stop" });
    assertEquals(await reached(t, ada), [], way);
    assertEquals(await reached(t, eve), OTHERS, way);
  }
});

Deno.test("who reports one member from two spellings is one person who complains", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  await mailNote(t, ada, OTHERS.slice(0, 2));
  await t.drain();
  for (const { headers } of mailer.accepted) {
    const { pathname, search } = new URL(headers["X-Clock-Work-Report"]!);
    await (await visitor(t)).postForm(pathname + search, {});
  }
  assertEquals((await read(t.app, keys.sender(ada.id)))?.complaints?.length, 1);
});

Deno.test("a complaint holds for the mailbox; that one spelling bounces says nothing of the others", async () => {
  const { t, ada } = await world();
  await using _ = t;
  await put(t, SPELLED, { scope: "all", cause: "bounce" });
  assertEquals(await reached(t, ada), OTHERS.filter((one) => one !== SPELLED));
  await put(t, OTHERS[1]!, { scope: "all", cause: "complaint" });
  assertEquals(await reached(t, ada), []);
  assertEquals(await suppressions(t), ["bounce all", "complaint all"]);
});

for (const email of ["victim@gmail.com", "victim+mine@gmail.com"]) {
  Deno.test(`whose account has ${email} lifts there what was chosen by another spelling`, async () => {
    const { t, mailer, ada } = await world();
    await using _ = t;
    const victim = await t.person("Victim", { email });
    await mailNote(t, ada, [SPELLED]);
    await t.drain();
    const reader = await visitor(t);
    for (const what of ["all", "this"]) {
      await reader.postForm(pathOf(mailer), { what, act: "stop" });
    }
    assertEquals(await reached(t, victim), [], "nor does the owner mail it themselves");
    const own = await visitor(t, victim);
    for (const _ of [1, 2]) {
      const page = await pageOf(own, "/account");
      const [hash, scope] = [fieldIn(page, "hash"), fieldIn(page, "scope")];
      const answer = await own.postForm("/account/stopped/lift", { hash, scope });
      assertEquals(answer.status, 303);
    }
    assertEquals([await suppressions(t), await reached(t, ada)], [[], OTHERS]);
  });
}

Deno.test("what stops one plain spelling alone is neither shown to nor lifted by who has another", async () => {
  const { t } = await world();
  await using _ = t;
  const other = await t.person("Other", { email: "victim+mine@gmail.com" });
  await put(t, "victim@gmail.com", { scope: "reminders", cause: "unsubscribe" });
  const own = await visitor(t, other);
  assertStringIncludes(await pageOf(own, "/account"), "all mail reaches you");
  const hash = await addressHash(t.app, "victim@gmail.com");
  const answer = await own.postForm("/account/stopped/lift", { hash, scope: "reminders" });
  assertEquals(answer.status, 404);
});

Deno.test("an admin who looks for one spelling finds what stops it, and lifts it for all", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const admin = await visitor(t, await t.person("Root", { role: "admin" }));
  await mailNote(t, ada, [SPELLED]);
  await t.drain();
  await (await visitor(t)).postForm(pathOf(mailer), { what: "all", act: "stop" });
  await put(t, OTHERS[1]!, { scope: "all", cause: "bounce" });
  for (const cause of ["bounce", "never"]) {
    const found = await admin.postForm("/admin/suppressions/find", { address: OTHERS[1]! });
    const ref = fieldIn(await found.text(), "ref");
    assertEquals((await admin.postForm("/admin/suppressions/lift", { ref })).status, 303, cause);
  }
  assertEquals([await suppressions(t), await reached(t, ada)], [[], OTHERS]);
  await admin.postForm("/admin/suppressions", { address: SPELLED });
  assertEquals(await reached(t, ada), [], "and an admin's word holds for all of them");
});

Deno.test("who is not spelled plainly is asked, agrees and is mailed, with all that is counted for it", async () => {
  const { t, mailer, ada } = await sender({ MAIL_PER_DAY: "1000" });
  await using _ = t;
  await mailAsked(t, ada, [SPELLED]);
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, SPELLED), { answer: "accept" });
  await t.drain();
  assertEquals(mailer.recipients(), [SPELLED, SPELLED]);
});

Deno.test("a link that a letter carried before it knew of mailboxes still stops its spelling", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const [hash, face] = [await addressHash(t.app, SPELLED), btoa("v").replaceAll("=", "")];
  const said = `1.0.${ada.id}.${hash}.${face}`;
  const token = `${said}.${await hmac(t.app.secret, `stop:${said}`)}`;
  assertEquals(await readStop(t.app, token), {
    ...{ stops: "sender", senderId: ada.id, hash, box: hash, shown: "v" },
  });
  await (await visitor(t)).postForm(`/u/${token}`, { what: "all", act: "stop" });
  await assertRejects(() => mailNote(t, ada, [SPELLED]), AppError, "does not want mail");
});
