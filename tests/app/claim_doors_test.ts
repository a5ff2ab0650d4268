import { assert, assertEquals } from "@std/assert";
import { browsersOf, claimAtOnce, claims, crowd } from "../support/claims.ts";
import { days } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { mailingApp } from "../support/letters.ts";

const AT_ONCE = 100;

const SPELLED = ["p@example.net", "p+sale@example.net", "P@EXAMPLE.NET", "p+2@example.net"];

/** A hundred claims at once, and how many letters left by the end of the day. */
async function lettersOf(
  door: string,
  { members, to }: { members: number; to: (i: number) => string },
): Promise<number> {
  const { t, mailer } = await mailingApp({ env: realMail });
  await using _ = t;
  const claim = claims[door]!;
  const tries = Array.from({ length: AT_ONCE }, (_, i) => ({ claim, to: to(i) }));
  await claimAtOnce(await browsersOf(t, await crowd(t, members)), tries);
  await t.drain();
  t.clock.advance(days(1));
  await t.drain();
  return mailer.recipients().filter((one) => one.toLowerCase().endsWith("@example.net")).length;
}

for (const door of Object.keys(claims)) {
  Deno.test(`a hundred claims at once by ${door}, of members on as many networks, put three letters into one mailbox`, async () => {
    const to = (i: number) => SPELLED[i % SPELLED.length]!;
    assertEquals(await lettersOf(door, { members: AT_ONCE, to }), 3);
  });

  Deno.test(`a hundred claims at once by ${door}, of one member and network, write to five mailboxes at most`, async () => {
    const letters = await lettersOf(door, { members: 1, to: (i) => `p${i}@example.net` });
    assert(letters > 0 && letters <= 5, `${letters}`);
  });

  Deno.test(`seen to fail: by ${door} as many members write to as many mailboxes`, async () => {
    const to = (i: number) => `p${i}@example.net`;
    const letters = await lettersOf(door, { members: AT_ONCE, to });
    assert(letters > 60, `${letters}`); // of so many sign-ups at once some are told to come again
  });
}
