import { assert, assertEquals, assertMatch } from "@std/assert";

interface Config {
  imports: Record<string, string>;
  tasks: Record<string, string | { command: string }>;
}
interface Lock {
  npm: Record<string, { integrity?: string; scripts?: true; hasScripts?: true }>;
}

const readJson = async <T>(name: string): Promise<T> =>
  JSON.parse(await Deno.readTextFile(new URL(`../../${name}`, import.meta.url)));

Deno.test("every dependency is exact, locked by its hash, and runs nothing when it is installed", async () => {
  const { imports } = await readJson<Config>("deno.json");
  for (const [name, from] of Object.entries(imports)) {
    if (from.startsWith("./")) continue; // ours
    assertMatch(from, /^npm:\/?(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+\/?$/, name);
  }
  const { npm } = await readJson<Lock>("deno.lock");
  assert(Object.keys(npm).length > 20);
  for (const [name, { integrity, ...more }] of Object.entries(npm)) {
    assertMatch(integrity ?? "", /^sha512-[\w+/]{86}==$/, name);
    assertEquals(more.scripts ?? more.hasScripts, undefined, name);
  }
  const { nodeModulesDir, allowScripts } = await readJson<
    { nodeModulesDir: string; allowScripts?: unknown }
  >("deno.json");
  assertEquals([nodeModulesDir, allowScripts], ["none", undefined]);
});

/** They start others, or look at what tests wrote with nothing from elsewhere. */
const WITHOUT_LOCK = ["test", "test:reset", "test:tally", "ok"];
/** They work for who changes this, with a browser and what it needs. */
const WITH_ALL = ["test:browser", "pictures"];

Deno.test("every task names what it may use, and takes nothing that the lock does not know", async () => {
  const { tasks } = await readJson<Config>("deno.json");
  for (const [name, task] of Object.entries(tasks)) {
    const command = typeof task === "string" ? task : task.command;
    if (!WITHOUT_LOCK.includes(name)) assert(/ --frozen /.test(command), `${name} is not frozen`);
    const all = /(?:^| )(?:-A|--allow-all)(?: |$)/.test(command);
    assertEquals(all, WITH_ALL.includes(name), name);
  }
});

Deno.test("every dependency has its reason in a decision", async () => {
  const { imports } = await readJson<Config>("deno.json");
  const decisions = new URL("../../docs/decisions/", import.meta.url);
  let reasons = "";
  for await (const { name } of Deno.readDir(decisions)) {
    reasons += (await Deno.readTextFile(new URL(name, decisions))).toLowerCase();
  }
  const names = Object.values(imports).filter((from) => from.startsWith("npm:"))
    .map((from) => from.match(/^npm:\/?(@?[\w.-]+)/)![1]!);
  assertEquals(names.filter((name) => !reasons.includes(name)), []);
});

Deno.test("a version that is younger than a week is not taken, and each check asks what is known of those that are", async () => {
  const { minimumDependencyAge, tasks } = await readJson<
    Config & { minimumDependencyAge?: unknown }
  >("deno.json");
  assertEquals(minimumDependencyAge, "P7D", "with no exception");
  const command = (name: string) => {
    const task = tasks[name]!;
    return typeof task === "string" ? task : task.command;
  };
  assertMatch(command("audit"), /^deno audit --frozen --level=high$/);
  assertMatch(command("ok"), / && \(deno task audit [^)]*\) && deno task test$/);
});
