import { assert, assertEquals, assertLess } from "@std/assert";
import { createRoutes } from "../../routes/mod.ts";
import { testApp } from "../support/app.ts";
import { say } from "../support/figures.ts";
import { Fuzzer, type FuzzRequest } from "../support/fuzz.ts";
import { jsonOf } from "../support/http.ts";
import { rssOf } from "../support/process.ts";
import { type Machine, machine } from "../support/machine.ts";
import { seeded } from "../support/random.ts";
import { latin1, sendRaw } from "../support/raw_http.ts";

const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20_261_125);
const REQUESTS = 2_000;
/** So many are sent signed in; after that an account is slowed down. */
const SIGNED_IN = 280;
/** Most that a process may keep after all of it, MB. */
const MOST_KEPT_MB = 60;

async function doorsOf(): Promise<string[]> {
  await using t = await testApp();
  const { routes } = createRoutes(
    { app: t.app, assets: { css: "", js: null, parts: [] }, startedAt: 0 },
    { open: new Set(), update: () => Promise.resolve() },
  );
  return routes.filter(({ method }) => method !== "ALL").map(({ method, path }) =>
    `${method} ${path}`
  ).filter((door) => door !== "GET /readyz"); // says 503 where the machine is slow
}

const PROXY = "x-forwarded-for";

function bytesOf({ method, path, headers, body }: FuzzRequest, more: [string, string][]) {
  const content = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const all: [string, string][] = [
    ["host", "localhost"],
    ["connection", "close"],
    ...more,
    ...headers.filter(([name]) => name !== PROXY),
  ];
  if (content) all.push(["content-length", String(content.length)]);
  const head = `${method} ${path.replaceAll(" ", "%20")} HTTP/1.1\r\n` +
    all.map(([name, value]) => `${name}: ${value}\r\n`).join("") + "\r\n";
  return new Uint8Array([...latin1(head), ...content ?? []]);
}

/** What no client of good will sends, or sends only half. */
const MALFORMED = [
  "",
  "\r\n\r\n",
  "\0\0\0\0",
  "GET\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET /\xc0\xaf\xff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "GET http://evil.example/api/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "GET * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "CONNECT a:1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: \xff[::1\r\nconnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: x\r\n folded: y\r\nconnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nno colon here\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: x\r\n: empty\r\n\r\n",
  "POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
  "POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
  "POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
  "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\nzz\r\n",
  "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
  `GET / HTTP/1.1\r\nhost: x\r\n${"a: b\r\n".repeat(500)}connection: close\r\n\r\n`,
  `GET /${"a".repeat(100_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: x\r\nbig: ${"a".repeat(200_000)}\r\nconnection: close\r\n\r\n`,
  "GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
  "sec-websocket-key: x\r\nsec-websocket-version: 99\r\n\r\n",
];

async function fuzzAll(m: Machine, doors: string[]): Promise<void> {
  const { id } = await jsonOf<{ id: string }>(
    await m.browser.post("/api/notes", { title: "N", text: "x" }),
  );
  const fuzzer = new Fuzzer({ seed: SEED, origin: m.origin, doors, ids: { notes: [id] } });
  const random = seeded(SEED + 1);
  const statuses = new Map<number | null, number>();
  for (let i = 0; i < REQUESTS; i++) {
    const fuzzed = fuzzer.next();
    const from = Array.from({ length: 4 }, () => Math.floor(random() * 256)).join(".");
    const more: [string, string][] = [[PROXY, from]];
    if (i < SIGNED_IN) more.push(["cookie", m.cookie()]);
    const answer = await sendRaw(m.port, bytesOf(fuzzed, more));
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const said = `request ${i} of seed ${SEED}: ${fuzzed.method} ${fuzzed.path.slice(0, 300)} ` +
      `${String(fuzzed.body).slice(0, 300)}: ${answer.text.slice(0, 600)}`;
    assert((answer.status ?? 0) < 500, said);
    fuzzer.learn(fuzzed, answer.text);
    if (i < SIGNED_IN && /cw_session_dev=;/.test(answer.text)) await m.signIn();
  }
  say(`fuzz over a port: ${[...statuses].map((pair) => pair.join(": ")).join(", ")}`);
}

Deno.test("two thousand requests over a port, whole, broken and cut off, end in an answer below 500; the process keeps nothing of them", async () => {
  say(`fuzz over a port: seed ${SEED}`);
  const doors = await doorsOf();
  await using m = await machine({ env: { TRUSTED_PROXIES: "1" } });
  await using server = await m.start();
  await m.signIn();
  const malformed = async () => {
    for (const bytes of MALFORMED) {
      // Who sends half of one is waited for; that ends with the connection.
      const half = bytes.slice(0, Math.floor(bytes.length / 2));
      await sendRaw(m.port, half, { leave: true });
      const { status } = await sendRaw(m.port, bytes, { withinMs: 700 }).catch(() => ({
        status: null,
      }));
      assert((status ?? 0) < 500, `${status} for ${bytes.slice(0, 200)}`);
    }
  };
  await malformed();
  await fuzzAll(m, doors);
  const before = await rssOf(server.pid);
  await malformed();
  await fuzzAll(m, doors);
  const after = await rssOf(server.pid);
  say(
    `fuzz over a port: RSS ${Math.round(before)} MB, ${Math.round(after)} MB after as many again`,
  );
  assertLess(after - before, MOST_KEPT_MB);
  const alive = await m.browser.get("/healthz");
  assertEquals(alive.status, 200);
  await alive.body?.cancel();
  const failed = server.output().split("\n").filter((line) => line.includes("request_failed"));
  assertEquals(failed, []);
});
