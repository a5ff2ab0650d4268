/**
 * Adds up what the levels of tests reported and says it in one plain line, the last one:
 * `N passed, N failed`. A level that reported nothing counts as a failure.
 */

const FOLDER = "coverage";

if (Deno.args[0] === "reset") {
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
  await Deno.mkdir(FOLDER, { recursive: true });
  Deno.exit();
}

let passed = 0;
let failed = 0;
for (const level of Deno.args) {
  const report = await Deno.readTextFile(`${FOLDER}/${level}.xml`).catch(() => "");
  const totals = report.match(
    /<testsuites[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"[^>]*\berrors="(\d+)"/,
  );
  const tests = Number(totals?.[1] ?? 0);
  const bad = Number(totals?.[2] ?? 0) + Number(totals?.[3] ?? 0);
  if (tests === 0) failed++;
  passed += tests - bad;
  failed += bad;
}
// deno-lint-ignore no-console -- this line is what the task is for
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
