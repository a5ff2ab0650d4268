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
  ...["new_device", "email_asked", "email_changed", "address_added", "factor_added"]
    .map((letter) => `email_account ${letter}`),
  ...["factor_removed", "recovery_code_used"].map((letter) => `email_account ${letter}`),
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

/** A document that puts what somebody wrote into every sort of place, as it is. */
const naive = (text: string) =>
  `<!doctype html><p>${text}</p><img alt="${text}" src=a:><img alt='${text}' src=a:>` +
  `<a href="${text.replaceAll('"', "&quot;")}">a</a><script>a = "${text}"</script>` +
  `<script>a = '${text}'</script><script>a = \`${text}\`</script>`;

Deno.test("a hundred and more of the hostile strings run at once where nothing is escaped", async () => {
  const browser = await launch();
  try {
    const { ran } = await frames(browser, xssStrings.map(naive));
    const hits = new Set(ran.flatMap((what) => what.match(/^hit .*\/one\/\d+$/) ?? []));
    assert(hits.size > 100, `${hits.size} of ${xssStrings.length} run`);
    const asked = new Set(ran.filter((what) => what.startsWith("request ")));
    assert(asked.size > 10, `${asked.size} kinds of requests go elsewhere`);
  } finally {
    await browser.close();
  }
});
