import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeLetter } from "../../domain/accounts/account_letters.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import type { SuppressionCause } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "../support/app.ts";
import { claims } from "../support/claims.ts";
import { days } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { PASSWORD } from "../support/door.ts";
import { mailingApp, pathsTo, subjects } from "../support/letters.ts";
import { visitor } from "../support/site.ts";

const BOB = "bob@example.net";

async function world() {
  const { t, mailer } = await mailingApp({ env: realMail });
  return { t, mailer, eve: await visitor(t, await t.person("Eve")) };
}

async function choose({ app }: TestApp, address: string, cause: SuppressionCause): Promise<void> {
  const to = await addresseeOf(app, address);
  await transact(app, (tx) => suppress(app, tx, to, { scope: "all", cause }));
}

/** What an answer says, without what is different each time. */
async function said(answer: Response): Promise<string> {
  const text = (await answer.text()).replaceAll(/\b[0-9a-z]{26}\b/g, "").replaceAll(BOB, "");
  return `${answer.status} ${answer.headers.get("location")} ${text}`;
}

for (const [name, claim] of Object.entries(claims)) {
  Deno.test(`by ${name} nothing reaches who chose to get nothing, and the answer does not tell`, async () => {
    const answers = new Set<string>();
    for (const cause of [null, "never", "complaint", "admin", "bounce"] as const) {
      const { t, mailer, eve } = await world();
      await using _ = t;
      if (cause !== null) await choose(t, cause === "bounce" ? BOB : "bob+news@example.net", cause);
      answers.add(await said(await claim(eve, BOB)));
      await t.drain();
      const letters = mailer.recipients().filter((to) => to === BOB).length;
      assertEquals(letters, cause === null ? 1 : 0, String(cause));
    }
    assertEquals(answers.size, 1);
  });

  Deno.test(`by ${name} who has an account and wants nothing gets nothing either`, async () => {
    const { t, mailer, eve } = await world();
    await using _ = t;
    await t.person("Bob", { email: BOB });
    await choose(t, BOB, "never");
    await (await claim(eve, BOB)).body?.cancel();
    await t.drain();
    assertEquals(mailer.recipients().filter((to) => to === BOB), []);
  });
}

Deno.test("ten claims a day reach a mailbox, whatever a door has forgotten to count", async () => {
  const { t, mailer } = await world();
  await using _ = t;
  for (let i = 0; i < 12; i++) {
    const { id: accountId } = await t.person(`P${i}`, { email: `bob+${i}@example.net` });
    await transact(
      t.app,
      (tx) => writeLetter(t.app, tx, { accountId, letter: "already_member" }),
    );
  }
  await t.drain();
  assertEquals(mailer.accepted.length, 10);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 12);
});

Deno.test("who wants nothing from anyone still gets the letters that open their account", async () => {
  const { t, mailer } = await world();
  await using _ = t;
  await t.person("Bob", { email: BOB });
  for (const cause of ["never", "admin"] as const) await choose(t, BOB, cause);
  const bob = await visitor(t);
  for (const path of ["/reset", "/sign-in/mail"]) await bob.postForm(path, { email: BOB });
  await t.drain();
  assertEquals(subjects(mailer).toSorted(), [[BOB, "Choose a new password"], [BOB, "Sign in"]]);
  const [link = ""] = pathsTo(mailer, BOB, "/sign-in/mail/");
  assertEquals((await bob.postForm(link, {})).status, 303);
});

Deno.test("who once reported a stranger's claim signs up themselves by taking it back at that letter's link", async () => {
  const { t, mailer, eve } = await world();
  await using _ = t;
  await eve.postForm("/account/addresses", { address: BOB });
  await t.drain();
  const { pathname, search } = new URL(mailer.accepted[0]!.headers["X-Clock-Work-Report"]!);
  const bob = await visitor(t);
  await bob.postForm(pathname + search, {});
  const up = { name: "Bob", email: BOB, password: PASSWORD, zone: "UTC", website: "" };
  const answer = await (await bob.postForm("/sign-up", up)).text();
  assertStringIncludes(answer, "Did you once stop all mail to it?");
  await t.drain();
  assertEquals(pathsTo(mailer, BOB, "/activate/"), []);
  const back = pathname.replace(/\/report$/, "");
  assertStringIncludes(await (await bob.get(back)).text(), "Undo");
  await bob.postForm(back, { what: "all", act: "undo" });
  await bob.postForm("/sign-up", up);
  await t.drain();
  const [activate = ""] = pathsTo(mailer, BOB, "/activate/");
  assertEquals((await bob.postForm(activate, { password: PASSWORD })).status, 303);
});
