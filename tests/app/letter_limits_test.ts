import { assert, assertEquals } from "@std/assert";
import { writeLetter } from "../../domain/accounts/account_letters.ts";
import { askForLink, type OpeningLetter, peekLink } from "../../domain/accounts/account_links.ts";
import { askForEmail } from "../../domain/accounts/email_change.ts";
import { signUp } from "../../domain/accounts/sign_up.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "../support/app.ts";
import { outcomeOf } from "../support/attempts.ts";
import { hours, minutes } from "../support/clock.ts";
import { member, OTHER_PASSWORD } from "../support/door.ts";
import { mailingApp, pathsTo, subjects } from "../support/letters.ts";

const ADA = "ada@example.org";
const HOME = "192.0.2.1";

/** Asks for a letter; "sent", or how many seconds one has to wait. */
function ask(t: TestApp, letter: OpeningLetter, address: string, email = ADA): Promise<string> {
  return outcomeOf("sent", () => askForLink(t.app, { letter, email, address }));
}

Deno.test("a stranger on one network takes no letter from the owner on another, and fills no mailbox", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  const day: string[] = [];
  for (let minute = 0; minute < 2 * 24 * 60; minute += 10) {
    const said = await ask(t, minute % 20 === 0 ? "reset" : "sign_in", "198.51.100.1");
    day.push(said);
    assertEquals(
      said,
      await ask(t, minute % 20 === 0 ? "reset" : "sign_in", "198.51.100.2", "nobody@example.org"),
    );
    t.clock.advance(minutes(10));
  }
  await t.drain();
  const sent = (from: number, to: number) =>
    day.slice(from * 6, to * 6).filter((said) => said === "sent").length;
  assertEquals([sent(0, 1), sent(0, 24), sent(24, 48)], [4, 13, 8]);
  const before = mailer.recipients().length;
  for (const letter of ["sign_in", "reset", "sign_in"] as const) {
    assertEquals(await ask(t, letter, HOME), "sent", "however busy the stranger is");
  }
  await t.drain();
  assertEquals(mailer.recipients().length, before + 3);
});

Deno.test("while strangers on a thousand networks ask all day, a link for a new password always works", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  let asked = 0;
  const storm = async () => {
    for (const letter of ["reset", "sign_in"] as const) {
      const n = asked++ % 1_000;
      await ask(t, letter, `10.${n >> 8}.${n & 255}.1`);
    }
    await t.drain();
  };
  let longest = 0;
  for (let minute = 0; minute < 24 * 60; minute += 2) {
    await storm();
    const [link = ""] = pathsTo(mailer, ADA, "/reset/");
    await peekLink(t.app, "reset", link.slice("/reset/".length)); // or it throws
    if (minute % 60 === 0 && minute > 0) { // the owner looks how long a link to sign in would take
      const [, wait = "0"] = (await ask(t, "sign_in", HOME)).split(" ");
      longest = Math.max(longest, Number(wait));
    }
    t.clock.advance(minutes(2));
  }
  assert(longest > 0 && longest <= 30 * 60, `${longest} s`);
  const letters = mailer.recipients().length;
  assert(letters > 48 && letters <= 124, `${letters} letters in a day`);
});

Deno.test("one network has twenty such letters an hour written, whoever they are to", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  for (let i = 0; i < 20; i++) {
    assertEquals(await ask(t, "reset", "203.0.113.5", `p${i}@example.org`), "sent");
  }
  assertEquals(await ask(t, "reset", "203.0.113.5", "p20@example.org"), "rate_limited 3600");
  assertEquals(await ask(t, "reset", "203.0.113.6", "p20@example.org"), "sent");
  t.clock.advance(hours(1));
  assertEquals(await ask(t, "reset", "203.0.113.5", "p20@example.org"), "sent");
});

Deno.test("sign-ups by strangers keep nobody from signing up with their own address", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const up = (i: number) =>
    signUp(t.app, {
      email: ADA,
      password: OTHER_PASSWORD,
      name: "Ada",
      address: `10.0.${i >> 8}.${i & 255}`,
    });
  for (let i = 0; i < 48; i++) {
    await up(i * 2);
    await t.drain();
    t.clock.advance(minutes(30));
  }
  await t.drain();
  assertEquals(mailer.recipients().length, 5, "a day");
  t.clock.advance(hours(8));
  await up(1);
  await t.drain();
  assertEquals(mailer.recipients().length, 6, "and the owner's own");
});

Deno.test("members who claim an address do not keep its owner from it", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  const claim = async (i: number) => {
    const account = await member(t.app, { email: `p${i}@example.org` });
    const asked = { account, email: ADA, address: `10.0.${i >> 8}.${i & 255}` };
    return await outcomeOf("sent", () => askForEmail(t.app, asked));
  };
  for (let i = 0; i < 40; i++) {
    await claim(i);
    t.clock.advance(minutes(30));
  }
  const [, wait = "0"] = (await claim(40)).split(" ");
  assert(Number(wait) > 0 && Number(wait) <= 8 * 3_600, wait);
  t.clock.advance(hours(8));
  assertEquals(await claim(41), "sent");
});

Deno.test("letters that were asked for wait behind no other news, and news waits half an hour at most", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const { id: accountId } = await member(t.app);
  for (let i = 0; i < 12; i++) {
    await transact(t.app, (tx) => writeLetter(t.app, tx, { accountId, letter: "export_ready" }));
  }
  await t.drain();
  const count = (subject: string) => subjects(mailer).filter(([, one]) => one === subject).length;
  const news = () => count("Your data is ready");
  assertEquals(news(), 10);
  assertEquals(await ask(t, "sign_in", HOME), "sent");
  await t.drain();
  assertEquals(count("Sign in"), 1, "today");
  for (const most of [11, 12]) {
    t.clock.advance(minutes(30));
    await t.drain();
    assertEquals(news(), most);
  }
});
