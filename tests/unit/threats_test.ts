import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

/** The names of the tests in a file; what is only known when they run is "…". */
function namesIn(source: string): string[] {
  const named = source.matchAll(/Deno\.test\(\s*(?:"((?:\\.|[^"])*)"|`([^`]*)`)/g);
  return [...named].map(([, text, template]) =>
    text !== undefined
      ? text.replaceAll('\\"', '"')
      : template!.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
  );
}

/** The threats of the document, each with the tests that it names. */
function threatsIn(text: string): Map<number, { file: string; name: string }[]> {
  const threats = new Map<number, { file: string; name: string }[]>();
  let tests: { file: string; name: string }[] = [];
  const lines = text.replace(/\n {2}(?=\S)/g, " ").split("\n"); // each bullet in one line
  for (const line of lines) {
    const threat = line.match(/^\*\*T(\d+) · /);
    if (threat) threats.set(Number(threat[1]), tests = []);
    const test = line.match(/^- `(tests\/[\w/]+\.tsx?)`: (.+)$/);
    if (test) tests.push({ file: test[1]!, name: test[2]! });
  }
  return threats;
}

const document = () => Deno.readTextFile(new URL("docs/security.md", root));

Deno.test("every threat that is written down is held by a test that exists", async () => {
  const threats = threatsIn(await document());
  assertEquals([...threats.keys()], Array.from({ length: 40 }, (_, i) => i + 1));
  for (const [number, tests] of threats) {
    assert(tests.length > 0, `T${number} names no test`);
    for (const { file, name } of tests) {
      const names = namesIn(await Deno.readTextFile(new URL(file, root)));
      assert(names.includes(name), `T${number}: there is no test "${name}" in ${file}`);
    }
  }
});

Deno.test("every file that is named as a protection exists", async () => {
  const text = await document();
  const named = [
    ...text.matchAll(/`((?:core|domain|routes|mails|adapters|docs|bench)\/[\w./]*)`/g),
  ];
  assert(named.length > 20);
  for (const [, path] of named) await Deno.stat(new URL(path!, root));
});

Deno.test("a name that no test has is found out", () => {
  const source =
    'Deno.test("one", () => {});\nDeno.test(`two of ${[{}].length}: ${name}`, () => {});';
  assertEquals(namesIn(source), ["one", "two of …: …"]);
  const text =
    "**T1 · A.** B\n\n- `tests/unit/a_test.ts`: one\n  and more\n- `tests/unit/b_test.ts`: two\n";
  assertEquals(threatsIn(text).get(1), [
    { file: "tests/unit/a_test.ts", name: "one and more" },
    { file: "tests/unit/b_test.ts", name: "two" },
  ]);
});
