import { assert, assertEquals } from "@std/assert";
import { accountLetters, sendAll } from "../support/all_that_leaves.ts";
import { launch } from "../support/browser.ts";
import { carelessly } from "../support/careless.ts";
import { frames } from "../support/frames.ts";
import { kindOf, letterKinds } from "../support/letter_kinds.ts";
import { mailingApp } from "../support/letters.ts";
import { ALL_STRINGS } from "../support/spoil.ts";
import { xssStrings } from "../support/xss_strings.ts";

/** Those in which words of people stand. */
const WITH_WORDS = [
  ...["deliver_broadcast", "email_invitation", "email_note", "fire_reminder"],
  ...["new_device", "email_asked", "email_changed"].map((letter) => `email_account ${letter}`),
];

Deno.test("hostile text in every field runs in no letter, of none of its kinds", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await sendAll(t, { strings: xssStrings, all: ALL_STRINGS });
  const [kinds, withWords] = [new Set<string>(), new Set<string>()];
  for (const { ref, html, text } of mailer.accepted) {
    const kind = await kindOf(t, ref);
    kinds.add(kind);
    if (html.includes("hit") && text.includes("hit()")) withWords.add(kind);
  }
  const expected = (await letterKinds()).flatMap((kind) =>
    kind === "email_account" ? accountLetters.map((letter) => `${kind} ${letter}`) : [kind]
  );
  assertEquals([...kinds].sort(), expected.sort());
  assertEquals([...withWords].sort(), WITH_WORDS.toSorted());
  const letters = mailer.accepted.map(({ html }) => html);
  assert(letters.length > 600, String(letters.length));

  const browser = await launch();
  try {
    const { ran, marks } = await frames(browser, letters);
    assertEquals([ran, marks], [[], []]);
    const some = letters.filter((_, i) => i % 5 === 0);
    const careless = await frames(browser, some.map(carelessly));
    assert(careless.ran.length > 100, `without escaping: ${careless.ran.length}`);
    assert(careless.marks.length > 100, `without escaping: ${careless.marks.length}`);
  } finally {
    await browser.close();
  }
});
