import { assertEquals } from "@std/assert";
import { signUp } from "../../domain/accounts/sign_up.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { hours } from "../support/clock.ts";
import { mailNote, sender } from "../support/consent.ts";
import { PASSWORD } from "../support/door.ts";
import { mailingApp } from "../support/letters.ts";

Deno.test("one mailbox gets three an hour of one member and twenty a day of everybody, however it is spelled", async () => {
  const { t, mailer } = await sender({ RECIPIENT_DOMAINS: "gmail.com" });
  await using _ = t;
  for (let i = 0; i < 10; i++) {
    const member = await t.person(`Member${i}`);
    const to = Array.from({ length: 5 }, (_, n) => `vic.tim+${i}.${n}@gmail.com`);
    for (const one of to) await mailNote(t, member, [one]);
    await t.drain();
    assertEquals(mailer.accepted.length, Math.min(20, 3 * (i + 1)));
  }
});

Deno.test("two hundred sign-ups with spellings of one mailbox from as many networks put five letters into it", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const up = (i: number) =>
    signUp(t.app, {
      email: `vic.tim+${i}@gmail.com`,
      password: PASSWORD,
      name: "Victim",
      address: `10.0.${i >> 8}.${i & 255}`,
    });
  for (let i = 0; i < 200; i++) {
    await up(i);
    if (i % 10 === 0) t.clock.advance(hours(1));
  }
  await t.drain();
  assertEquals(mailer.recipients().length, 5);
  assertEquals((await list(t.app, ranges.accountsUnprovenBy(Infinity))).length, 5);
});
