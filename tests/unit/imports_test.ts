import { assertEquals } from "@std/assert";
import { root, sources } from "../support/sources.ts";

/** Who may import whom; a type may cross. What is not listed may be imported by nobody. */
const mayImport: Record<string, string[]> = {
  core: [],
  islands: [],
  kv: ["core"],
  realtime: ["core", "kv"],
  jobs: ["core", "kv", "realtime"],
  domain: ["core", "kv", "realtime", "jobs"],
  adapters: ["core", "kv"],
  mails: ["core"],
  queues: ["core", "kv", "jobs", "domain", "mails"],
  bot: ["core", "domain"],
  views: ["core", "islands"],
  routes: ["core", "domain", "realtime", "views", "mails"],
};
/** Of the adapters only the outbox keeps anything in the store. */
const kvAdapters = ["adapters/outbox.ts"];

/** The own modules that one imports for more than their types. */
function* importsOf(path: string): Generator<string> {
  const text = Deno.readTextFileSync(new URL(path, root));
  for (
    const [, what, from] of text.matchAll(
      /^(?:import|export)\s+([^"';]*?)\s*from\s*"(\.[^"]+\.tsx?)"/gms,
    )
  ) {
    const named = what!.match(/^\{(.*)\}$/s)?.[1]?.split(",").map((n) => n.trim()).filter(Boolean);
    const typesOnly = what!.startsWith("type ") || named?.every((name) => name.startsWith("type "));
    if (!typesOnly) yield new URL(from!, new URL(path, root)).href.slice(root.href.length);
  }
}

Deno.test("folders import only downwards", () => {
  const wrong: string[] = [];
  for (const [folder, allowed] of Object.entries(mayImport)) {
    for (const path of sources(folder)) {
      for (const target of importsOf(path)) {
        const to = target.split("/")[0]!;
        const fine = to === folder || allowed.includes(to);
        const kvByOthers = folder === "adapters" && to === "kv" && !kvAdapters.includes(path);
        if (!fine || kvByOthers) wrong.push(`${path} imports ${target}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("only the store's own folder, its opener and the wakers touch Deno KV", () => {
  const wrong: string[] = [];
  for (const folder of Object.keys(mayImport)) {
    for (const path of sources(folder)) {
      const text = Deno.readTextFileSync(new URL(path, root));
      const opens = /Deno\.openKv|\.atomic\(\)|\.listenQueue\(|\.sum\(/.test(text);
      const allowed = ["kv/store.ts", "adapters/embedded.ts", "adapters/wakers.ts"].includes(path);
      if (opens && !allowed) wrong.push(path);
    }
  }
  assertEquals(wrong, []);
});
