import { assertEquals } from "@std/assert";
import { root, sources } from "../support/sources.ts";

/** What runs on the server, but for the adapters, which know addresses from the settings alone. */
const FOLDERS = [
  ...["core", "kv", "jobs", "realtime", "domain", "queues", "routes", "views", "mails", "bot"],
];
/** What opens a connection: of the language, of the platform, of libraries. */
const OPENS =
  /(?<![.\w])(?:fetch|EventSource|WebSocketStream)\s*\(|new (?:WebSocket|EventSource|Worker|XMLHttpRequest)\b|Deno\.(?:connect|resolveDns|createHttpClient)|["']node:(?:net|tls|dgram|dns|https?|http2)["']|import\((?!["'])/;

Deno.test("nothing but an adapter opens a connection, so no address that people write is asked for anything", () => {
  const opening = FOLDERS.flatMap((folder) => [...sources(folder)])
    .filter((path) => OPENS.test(Deno.readTextFileSync(new URL(path, root))));
  assertEquals(opening, []);
});

Deno.test("what opens a connection is seen in each of its forms", () => {
  const forms = [
    "await fetch(url)",
    "new WebSocket(url)",
    'import net from "node:net";',
    "Deno.connect({ port })",
    "await import(name)",
  ];
  assertEquals(forms.filter((text) => !OPENS.test(text)), []);
  const harmless = ["routes.fetch(request)", 'await import("hash-wasm")', "prefetch(x)"];
  assertEquals(harmless.filter((text) => OPENS.test(text)), []);
});
