import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { addOwnAddress, listOwnAddresses } from "../../domain/recipients/own_addresses.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { standingsOf } from "../../domain/recipients/recipients.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours } from "../support/clock.ts";
import { linkTo, mailNote, sender } from "../support/consent.ts";
import { pageOf, visitor } from "../support/site.ts";

const HOME = "ada@home.example";

const standing = async ({ app }: TestApp, { id: ownerId }: Account, address = HOME) =>
  (await standingsOf(app, { ownerId, to: [address] }))[0]!.standing;

Deno.test("a further address is added, proven by the link that is mailed there, and removed", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const browser = await visitor(t, ada);
  const response = await browser.postForm("/account/addresses", { address: HOME });
  assertEquals(response.status, 303);
  await t.drain();
  assertEquals(mailer.accepted.map(({ to, subject }) => [to.address, subject]), [
    [HOME, "Is this address yours?"],
  ]);
  assertEquals(await standing(t, ada), "new", "not before it is proven");
  assertStringIncludes(await pageOf(browser, "/account"), "Letter not answered yet");

  const link = linkTo(mailer, HOME);
  const phone = await visitor(t);
  for (let i = 0; i < 2; i++) assertStringIncludes(await pageOf(phone, link), "Ada");
  assertEquals(await standing(t, ada), "new", "a look proves nothing");
  assertEquals((await phone.postForm(link, {})).status, 303);
  assertEquals(await standing(t, ada), "allowed");
  assertEquals((await phone.postForm(link, {})).status, 404, "once");
  await t.drain();
  const told = mailer.accepted.at(-1)!;
  assertEquals([told.to.address, told.subject], [
    ada.email,
    "An address was added to your account",
  ]);
  assertStringIncludes(told.text, "from now on: a…@home.example");

  await mailNote(t, ada, [HOME]);
  await t.drain();
  assertEquals(mailer.accepted.at(-1)!.subject, "Plan");
  const { id } = (await listOwnAddresses(t.app, ada.id))[0]!;
  const mallory = await visitor(t, await t.person("Mallory"));
  assertEquals((await mallory.postForm(`/account/addresses/${id}/remove`, {})).status, 404);
  assertEquals((await browser.postForm(`/account/addresses/${id}/remove`, {})).status, 303);
  assertEquals(await standing(t, ada), "new");
});

Deno.test("a reminder to a further address has the buttons of one to oneself", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await addOwnAddress(t.app, { accountId: ada.id, text: HOME });
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, HOME), {});
  await createReminder(t.app, {
    ownerId: ada.id,
    title: "Tea",
    schedule: scheduleAtInstant("UTC", t.clock.now() + hours(1)),
    channels: { page: false, telegram: false, mail: [HOME, "bob@example.net"] },
  });
  t.clock.advance(hours(1));
  await t.drain();
  const tea = mailer.accepted.filter(({ subject }) => subject === "Tea");
  assertEquals(tea.map(({ to, from }) => [to.address, from.name]), [[HOME, "Clock Work"]]);
  assertStringIncludes(tea[0]!.text, "/r/");
});

Deno.test("a link is good for a day; a proof that the outbox carried shows nothing about real mail", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await addOwnAddress(t.app, { accountId: ada.id, text: HOME });
  await t.drain();
  t.clock.advance(days(1));
  assertEquals((await (await visitor(t)).postForm(linkTo(mailer, HOME), {})).status, 404);

  const kv = await Deno.openKv(":memory:");
  await using before = await testApp({ kv });
  const bob = await before.person("Bob");
  await addOwnAddress(before.app, { accountId: bob.id, text: HOME });
  await before.drain();
  const outbox = await visitor(before, bob);
  const list = await pageOf(outbox, "/outbox");
  const mail = await pageOf(outbox, list.match(/href="(\/outbox\/[\w-]+)"/)![1]!);
  await outbox.postForm(mail.match(/\/own-address\/[\w-]+/)![0], {});
  assertEquals((await listOwnAddresses(before.app, bob.id))[0]!.proven, true);
  const real = { ...before.app, mailer: { ...before.app.mailer, name: "smtp" as const } };
  assertEquals((await listOwnAddresses(real, bob.id))[0]!.proven, false);
  kv.close();
});

Deno.test("five further addresses are the most, also of many at once; one's own is none", async () => {
  const { t, ada } = await sender();
  await using _ = t;
  const add = (text: string) => addOwnAddress(t.app, { accountId: ada.id, text });
  await assertRejects(() => add("ADA@example.org"), AppError, "it is yours");
  await assertRejects(() => add("nobody@"), AppError, "nothing is after the @");
  const tries = Array.from({ length: 9 }, (_, i) => add(`a${i}@example.net`));
  const done = await Promise.allSettled(tries);
  assertEquals(done.filter(({ status }) => status === "fulfilled").length, 5);
  assertEquals((await listOwnAddresses(t.app, ada.id)).length, 5);
});

Deno.test("letters to one address are limited over all accounts, and those of one account too", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  for (let i = 0; i < 5; i++) {
    const member = await t.person(`M${i}`);
    const asked = addOwnAddress(t.app, { accountId: member.id, text: `victim+${i}@example.net` });
    if (i < 3) await asked;
    else await assertRejects(() => asked, AppError, "tried too often");
  }
  for (let i = 0; i < 12; i++) {
    const browser = await visitor(t, ada);
    const { status } = await browser.postForm("/account/addresses", { address: `v${i}@x.example` });
    assertEquals(status, i < 10 ? 303 : 429);
    for (const { id } of await listOwnAddresses(t.app, ada.id)) {
      await browser.postForm(`/account/addresses/${id}/remove`, {});
    }
  }
  await t.drain();
  assertEquals(mailer.accepted.filter(({ to }) => to.address.startsWith("victim")).length, 3);
});
