import { assert, assertEquals } from "@std/assert";
import { askForLink } from "../../domain/accounts/account_links.ts";
import { askForEmail } from "../../domain/accounts/email_change.ts";
import { askFirst } from "../../domain/recipients/invitations.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { resumeSending, stopSending } from "../../domain/mail/sending.ts";
import { signUp } from "../../domain/accounts/sign_up.ts";
import { list } from "../../kv/read.ts";
import type { Account, Delivery } from "../../kv/schema.ts";
import type { TestApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { member, OTHER_PASSWORD } from "../support/door.ts";
import { mailingApp, pathsTo, subjects } from "../support/letters.ts";

const ADA = "ada@example.org";
const NEW = "new@example.org";
const address = "192.0.2.1";
const DEAD = "its link is too old, was used, or another took its place";

/** An app in which an admin has stopped all sending, and how it goes on. */
async function stopped() {
  const { t, mailer } = await mailingApp({ env: realMail });
  const ada = await member(t.app);
  const root = await t.person("Root", { role: "admin" });
  await stopSending(t.app, { by: root });
  const resume = async () => {
    await resumeSending(t.app, { by: root });
    t.clock.advance(minutes(1));
    await t.drain();
  };
  return { t, mailer, ada, resume };
}

async function deliveries(t: TestApp): Promise<string[]> {
  const all = await list<Delivery>(t.app, { prefix: ["delivery"] });
  return all.map(({ state, reason }) => `${state}: ${reason}`);
}

/** Each letter that is about its link, how long that lives, and what it is called. */
const letters: [string, number, (t: TestApp, ada: Account) => Promise<unknown>][] = [
  [
    "Choose a new password",
    minutes(30),
    ({ app }) => askForLink(app, { letter: "reset", email: ADA, address }),
  ],
  [
    "Sign in",
    minutes(10),
    ({ app }) => askForLink(app, { letter: "sign_in", email: ADA, address }),
  ],
  [
    "Confirm your address",
    days(1),
    ({ app }) => signUp(app, { email: NEW, password: OTHER_PASSWORD, name: "New", address }),
  ],
  [
    "Confirm your new address",
    hours(1),
    ({ app }, account) => askForEmail(app, { account, email: NEW, address }),
  ],
  [
    "Your address is about to change",
    days(7),
    ({ app }, account) => askForEmail(app, { account, email: NEW, address }),
  ],
  [
    "Is this address yours?",
    days(1),
    ({ app }, { id }) => addOwnAddress(app, { accountId: id, text: NEW }),
  ],
  [
    "Ada would like to send you notes",
    days(30),
    ({ app }, { id }) => askFirst(app, { ownerId: id, to: [NEW], field: "to" }),
  ],
];

for (const [subject, lifeMs, ask] of letters) {
  Deno.test(`held until its link is dead a letter is not sent: ${subject}`, async () => {
    for (const dead of [false, true]) {
      const { t, mailer, ada, resume } = await stopped();
      await using _ = t;
      await ask(t, ada);
      await t.drain();
      t.clock.advance(lifeMs - (dead ? minutes(1) : minutes(1) + 1));
      await t.drain();
      assertEquals(mailer.accepted.length, 0);
      await resume();
      const sent = subjects(mailer).some(([, one]) => one.includes(subject));
      assertEquals(sent, !dead);
      if (dead) assert((await deliveries(t)).includes(`skipped: ${DEAD}`));
    }
  });
}

Deno.test("of the letters for a new password that were held only that with the link that works leaves", async () => {
  const { t, mailer, resume } = await stopped();
  await using _ = t;
  for (let i = 0; i < 3; i++) await askForLink(t.app, { letter: "reset", email: ADA, address });
  await t.drain();
  await resume();
  assertEquals(pathsTo(mailer, ADA, "/reset/").length, 1);
  assertEquals((await deliveries(t)).filter((one) => one === `skipped: ${DEAD}`).length, 2);
});

Deno.test("news without a link leaves however late, and so does what tells of a change", async () => {
  const { t, mailer, ada, resume } = await stopped();
  await using _ = t;
  await askForEmail(t.app, { account: ada, email: NEW, address });
  await t.drain();
  t.clock.advance(days(6));
  await resume();
  assertEquals(subjects(mailer), [[ADA, "Your address is about to change"]], "it can be stopped");
});
