import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { closeAccount } from "../../domain/accounts/closing.ts";
import { askersOf } from "../../domain/recipients/consents.ts";
import { listNotifications } from "../../domain/notifications.ts";
import {
  askRecipients,
  forgetRecipient,
  listRecipients,
} from "../../domain/recipients/recipient_list.ts";
import { addOwnAddress, proveOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { standingsOf } from "../../domain/recipients/recipients.ts";
import { getWork } from "../../domain/work.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Suppression } from "../../kv/schema.ts";
import type { TestApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { linkTo, mailNote, sender } from "../support/consent.ts";
import { pageOf, visitor } from "../support/site.ts";

const BOB = "bob@example.net";

const subjects = ({ accepted }: { accepted: { to: { address: string }; subject: string }[] }) =>
  accepted.map(({ to, subject }) => `${to.address}: ${subject}`);
const INVITED = `${BOB}: Ada would like to send you notes`;

const standing = async ({ app }: TestApp, { id: ownerId }: Account, address = BOB) =>
  (await standingsOf(app, { ownerId, to: [address] }))[0]!.standing;

const suppressions = async ({ kv }: TestApp) =>
  (await Array.fromAsync(kv.list<Suppression>({ prefix: ["suppression"] })))
    .map(({ value: { scope, cause } }) => `${scope.split(":")[0]} ${cause}`);

Deno.test("somebody new is asked once, and the note goes exactly once when they accept", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  assertEquals(await standing(t, ada), "new");
  const jobId = await mailNote(t, ada, [BOB]);
  assertEquals(await standing(t, ada), "pending");
  await t.drain();
  assertEquals(subjects(mailer), [INVITED]);
  const { deliveries: [waiting] } = await getWork(t.app, { id: jobId, ownerId: ada.id });
  assertEquals([waiting!.state, waiting!.reason], [
    "waiting",
    "was asked and has not answered yet",
  ]);

  const bob = await visitor(t);
  const link = linkTo(mailer, BOB);
  for (let i = 0; i < 3; i++) {
    assertEquals((await bob.postForm(link, { answer: "accept" })).status, 200);
    await t.drain();
  }
  assertEquals(subjects(mailer), [INVITED, `${BOB}: Plan`]);
  assertEquals(await standing(t, ada), "allowed");
  const { items } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(items.map(({ title, text }) => [title, text]).toReversed()[0], [
    BOB,
    "Agreed to be mailed by you",
  ]);
});

Deno.test("the letter of an invitation holds no word of its sender's but the name", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await mailNote(t, ada, [BOB]);
  await t.drain();
  const [{ text, html, subject, from, replyTo, headers }] = mailer.accepted as [
    typeof mailer.accepted[0],
  ];
  const all = JSON.stringify([text, html, subject, from, replyTo, headers]);
  for (const word of ["Plan", "Words", ada.email]) assert(!all.includes(word), word);
  assertEquals(from, { address: "clock@example.org", name: "Clock Work" });
  assertEquals(headers["Auto-Submitted"], "auto-generated");
});

Deno.test("a mail scanner that opens the link changes nothing, and may open it often", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await mailNote(t, ada, [BOB]);
  await t.drain();
  const link = linkTo(mailer, BOB);
  const scanner = await visitor(t);
  for (let i = 0; i < 3; i++) {
    assertStringIncludes(await pageOf(scanner, link), "Never from anyone");
    const response = await scanner.send(`${link}?answer=accept`, { method: "HEAD" });
    assertEquals(response.status, 200);
  }
  await t.drain();
  assertEquals(await standing(t, ada), "pending");
  assertEquals(subjects(mailer), [INVITED]);
});

Deno.test("no answer is a no: the note is given up after seven days", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const jobId = await mailNote(t, ada, [BOB]);
  for (let hour = 0; hour < 7 * 24; hour += 6) {
    await t.drain();
    t.clock.advance(hours(6));
  }
  await t.drain();
  assertEquals(subjects(mailer), [INVITED]);
  const { state, deliveries } = await getWork(t.app, { id: jobId, ownerId: ada.id });
  assertEquals([state, deliveries[0]!.state], ["completed", "skipped"]);
  assertStringIncludes(deliveries[0]!.reason!, "has not agreed");
});

Deno.test("who refuses gets nothing and is not asked again; the answer can be changed by the same link", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const jobId = await mailNote(t, ada, [BOB]);
  await t.drain();
  const link = linkTo(mailer, BOB);
  const bob = await visitor(t);
  for (let i = 0; i < 2; i++) await bob.postForm(link, { answer: "refuse" });
  assertEquals(await standing(t, ada), "blocked");
  assertEquals(await suppressions(t), ["sender refused"]);
  const day = await t.kv.get<{ refused: number; invited: number }>(
    keys.mailDay(ada.id, new Date(t.clock.now()).toISOString().slice(0, 10)),
  );
  assertEquals([day.value?.invited, day.value?.refused], [1, 1], "a repetition counts once");
  await t.drain();
  const { deliveries } = await getWork(t.app, { id: jobId, ownerId: ada.id });
  assertEquals(deliveries[0]!.state, "skipped");
  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "does not want mail from you");
  await assertRejects(
    () => askRecipients(t.app, { ownerId: ada.id, to: ["BOB@example.net"] }),
    AppError,
    "does not want mail from you",
  );
  assertEquals(subjects(mailer), [INVITED]);

  await bob.postForm(link, { answer: "accept" });
  assertEquals(await suppressions(t), []);
  await mailNote(t, ada, [BOB]);
  await t.drain();
  assertEquals(subjects(mailer), [INVITED, `${BOB}: Plan`]);
});

Deno.test("never from anyone holds against everybody and every spelling, until it is taken back", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const eve = await t.person("Eve");
  await mailNote(t, ada, ["bob+work@example.net"]);
  await t.drain();
  const link = linkTo(mailer, "bob+work@example.net");
  const bob = await visitor(t);
  const page = await (await bob.postForm(link, { answer: "never" })).text();
  assertStringIncludes(page, "nobody can send you anything");
  for (const spelling of [BOB, "bob+work@example.net", "Bob+x@Example.net"]) {
    assertEquals(await standing(t, eve, spelling), "blocked", spelling);
    await assertRejects(() => mailNote(t, eve, [spelling]), AppError, "does not want mail");
  }
  await t.drain();
  assertEquals(mailer.accepted.length, 1);

  await bob.postForm(link, { answer: "accept" });
  assertEquals(await suppressions(t), []);
  assertEquals(await standing(t, eve), "new");
});

Deno.test("links that are altered, of something else or too old answer as if they had never been", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await mailNote(t, ada, [BOB]);
  await t.drain();
  const link = linkTo(mailer, BOB);
  const bob = await visitor(t);
  const flipped = link.slice(0, -2) + (link.at(-2) === "A" ? "B" : "A") + link.at(-1);
  const other = link.replace("/i/", "/own-address/");
  for (const wrong of [flipped, other, "/i/x", `/i/${"a".repeat(43)}`, "/i/%00"]) {
    assertEquals((await bob.get(wrong)).status, 404, wrong);
    assertEquals((await bob.postForm(wrong, { answer: "accept" })).status, 404, wrong);
  }
  assertEquals((await bob.postForm(link, { answer: "perhaps" })).status, 400);
  assertEquals((await bob.postForm(link, {})).status, 400);
  t.clock.advance(days(30) - 1);
  assertEquals((await bob.get(link)).status, 200);
  t.clock.advance(1);
  assertEquals((await bob.get(link)).status, 404);
  assertEquals((await bob.postForm(link, { answer: "accept" })).status, 404);
  assertEquals(await standing(t, ada), "pending");
});

Deno.test("a suppression that has ended no longer blocks, and one of a bounce says so", async () => {
  const { t, ada } = await sender();
  await using _ = t;
  const hash = await addressHash(t.app, BOB);
  const until = t.clock.now() + days(7);
  const entry = { shown: "b…@example.net", scope: "all", at: 0 } as const;
  const set = (change: Pick<Suppression, "cause" | "until">) =>
    t.kv.set(keys.suppression(hash, "all"), { ...entry, ...change });
  await set({ cause: "soft_bounces", until });
  assertEquals(await standing(t, ada), "bounced");
  t.clock.advance(days(7));
  assertEquals(await standing(t, ada), "new");
  await set({ cause: "bounce", until: null });
  assertEquals(await standing(t, ada), "bounced");
  await set({ cause: "complaint", until: null });
  assertEquals(await standing(t, ada), "blocked");
});

Deno.test("nobody need agree where nothing leaves or the operator says so; what they do not want counts", async () => {
  for (
    const env of [{ RECIPIENT_DOMAINS: "example.net" }, {
      RECIPIENT_CHECK: "off",
      SIGNUP: "closed",
    }]
  ) {
    const { t, mailer, ada } = await sender(env);
    await using _ = t;
    assertEquals(await standing(t, ada), "allowed");
    await mailNote(t, ada, [BOB]);
    await t.drain();
    assertEquals(subjects(mailer), [`${BOB}: Plan`]);
    const hash = await addressHash(t.app, BOB);
    const scope = `sender:${ada.id}` as const;
    await t.kv.set(keys.suppression(hash, scope), {
      shown: "b…",
      scope,
      cause: "unsubscribe",
      at: 0,
      until: null,
    });
    assertEquals(await standing(t, ada), "blocked");
  }
});

Deno.test("somebody with an account sees who may mail them, withdraws it and gives it back", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const bob = await t.person("Bob", { email: BOB });
  const browser = await visitor(t, bob);
  await mailNote(t, ada, [BOB]);
  await t.drain();
  assertStringIncludes(await pageOf(browser, "/recipients"), "Asks you");
  const answer = (reply: string) =>
    browser.postForm(`/recipients/from/${ada.id}`, { answer: reply });
  assertEquals((await answer("accept")).status, 303);
  await t.drain();
  assertEquals(subjects(mailer), [INVITED, `${BOB}: Plan`]);
  assertStringIncludes(await pageOf(browser, "/recipients"), "May mail you");

  await answer("refuse");
  assertEquals(await standing(t, ada), "blocked");
  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "does not want mail from you");
  assertEquals((await askersOf(t.app, bob)).map(({ name, state }) => [name, state]), [
    ["Ada", "refused"],
  ]);
  const eve = await t.person("Eve");
  assertEquals(await askersOf(t.app, eve), []);
  const hers = await visitor(t, eve);
  assertEquals(
    (await hers.postForm(`/recipients/from/${ada.id}`, { answer: "accept" })).status,
    404,
  );
  assertEquals(await standing(t, ada), "blocked", "nobody answers for another");
  await answer("accept");
  assertEquals(await standing(t, ada), "allowed");
});

Deno.test("an address that is only proven by the outbox does not show who asked it", async () => {
  const { t, ada } = await sender();
  await using _ = t;
  const mallory = await t.person("Mallory", { email: BOB, verified: { at: 0, by: "outbox" } });
  await mailNote(t, ada, [BOB]);
  assertEquals(await askersOf(t.app, mallory), []);
});

Deno.test("a recipient who is forgotten is off the list, and neither asked again nor forgotten as an answer", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const browser = await visitor(t, ada);
  const asked = await browser.postForm("/recipients", { to: `${BOB}, eve@example.net` });
  assertEquals(asked.status, 303);
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, BOB), { answer: "accept" });
  const ownerId = ada.id;
  const list = async () => (await listRecipients(t.app, { ownerId })).items;
  const bob = (await list()).find(({ address }) => address === BOB)!;
  assertEquals(bob.standing, "allowed");

  const mallory = await t.person("Mallory");
  await assertRejects(
    () => forgetRecipient(t.app, { ownerId: mallory.id, id: bob.id }),
    AppError,
    "Cannot find",
  );
  assertEquals((await browser.postForm(`/recipients/${bob.id}/forget`, {})).status, 303);
  assertEquals((await list()).map(({ address }) => address), ["eve@example.net"]);
  assert(!(await pageOf(browser, "/recipients")).includes(BOB));
  assertEquals(await standing(t, ada), "allowed");

  await browser.postForm("/recipients", { to: BOB });
  assertEquals((await list()).length, 2);
  await t.drain();
  assertEquals(mailer.accepted.length, 2, "each was asked once");
});

Deno.test("who closed their account, or is suspended, asks nobody any more", async () => {
  for (const change of [{ closedAt: 1 }, { suspended: { at: 1, by: "root" } }]) {
    const { t, mailer, ada } = await sender();
    await using _ = t;
    await mailNote(t, ada, [BOB]);
    await t.kv.set(keys.account(ada.id), { ...ada, ...change });
    await t.drain();
    assertEquals(mailer.accepted, []);
  }
});

Deno.test("with an account it is forgotten whom it asked, and its links open nothing", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await mailNote(t, ada, [BOB, "eve+x@example.net"]);
  await t.drain();
  const bob = await visitor(t);
  const link = linkTo(mailer, BOB);
  await closeAccount(t.app, { accountId: ada.id });
  assertEquals((await bob.get(link)).status, 404, "from the first moment on");
  for (let i = 0; i < 3; i++) {
    await t.drain();
    t.clock.advance(minutes(1));
  }
  for (const kind of ["consent", "consent_by_address", "invited", "awaiting_consent"]) {
    assertEquals(await Array.fromAsync(t.kv.list({ prefix: [kind] })), [], kind);
  }
  assertEquals((await bob.postForm(link, { answer: "accept" })).status, 404);
});

Deno.test("an invitation offers the ways out that notes have, and a member whose tenth is the third refused is paused", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const people = Array.from({ length: 10 }, (_, i) => `p${i}@example.net`);
  await mailNote(t, ada, people);
  await t.drain();
  assertEquals(mailer.accepted.length, 10);
  for (const { headers, text } of mailer.accepted) {
    assertEquals(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
    assertStringIncludes(text, "Stop mails from Ada:");
  }
  const bob = await visitor(t);
  const paused = async () => (await read(t.app, keys.sender(ada.id)))?.paused?.why ?? null;
  const refuse = async (to: string) => {
    const response = await bob.postForm(linkTo(mailer, to), { answer: "refuse" });
    await response.body?.cancel();
    await t.drain();
    return await paused();
  };
  assertEquals([await refuse(people[0]!), await refuse(people[1]!)], [null, null]);
  assertEquals(await refuse(people[2]!), "3 of 10 invitations were refused");
});

Deno.test("who proves a further address is reached there again", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const address = "ada@example.net";
  await addOwnAddress(t.app, { accountId: ada.id, text: address });
  await t.drain();
  const to = await addresseeOf(t.app, address);
  await transact(t.app, (tx) => suppress(t.app, tx, to, { scope: "all", cause: "bounce" }));
  const [, token = ""] = /\/own-address\/([\w-]+)/.exec(mailer.accepted.at(-1)!.text) ?? [];
  await proveOwnAddress(t.app, token);
  assertEquals(await suppressions(t), []);
});
