import { assert, assertEquals, assertLess } from "@std/assert";
import { gzipSync } from "node:zlib";
import { MAILJET_USER, mailjetPassword } from "../../domain/mail/mailjet_secret.ts";
import { say } from "../support/figures.ts";
import { type Machine, machine } from "../support/machine.ts";
import { rssOf } from "../support/process.ts";
import { latin1, sendRaw } from "../support/raw_http.ts";
import { overlapping } from "../support/zips.ts";
import {
  chunksOf,
  piecesOf,
  repeated,
  streamBody,
  type StreamOptions,
} from "../support/stream_body.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;
const APP_SECRET = "planted: sphinx of black quartz, judge my vow";
/** What tells a body that is kept from one that is not, MB: three bombs are of 300. */
const MOST_MB = 40;
/** How soon after its limit a body is answered on a machine that does other things too, ms. */
const SOON_MS = 1_000;

/** A body that is too much, and how it is answered. */
interface Bomb {
  path?: string;
  type?: string;
  more?: string[];
  /** Without it the body comes in chunks. */
  length?: number;
  body: () => Iterable<Uint8Array>;
  limit?: number;
  status: number | null;
  leave?: true;
  soonMs?: number;
  mostMb?: number;
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";
const file = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n';

async function bombs(): Promise<Record<string, Bomb>> {
  const packed = gzipSync(new Uint8Array(40 * MIB), { level: 9 });
  const password = await mailjetPassword({ secret: new TextEncoder().encode(APP_SECRET) });
  const mailjet = {
    path: "/mailjet/events",
    more: [`authorization: Basic ${btoa(`${MAILJET_USER}:${password}`)}`],
    limit: MIB,
  };
  const whole = (bytes: number) => ({ length: bytes, body: () => piecesOf(bytes) });
  return {
    "1 MiB and a byte": { ...whole(MIB + 1), status: 413 },
    "1 MiB and a byte, where 1 MiB is taken": { ...mailjet, ...whole(MIB + 1), status: 413 },
    "1 MiB, where that is taken, and no JSON": { ...mailjet, ...whole(MIB), status: 400 },
    "300 MB": { ...whole(300e6), status: 413 },
    "300 MB in chunks": { body: () => chunksOf(piecesOf(300e6)), status: 413 },
    "300 MB where a file is taken": { // whose 20 MB go into the store as they come, and out again
      path: "/account/data/import",
      type: MULTIPART,
      limit: 20 * MIB + 16 * KIB,
      body: () => chunksOf(around(latin1(file), piecesOf(300e6))),
      status: 413,
      soonMs: 10_000,
      mostMb: 120,
    },
    "a file of 200 KB that unpacks to 200 MB": {
      path: "/account/data/import",
      type: MULTIPART,
      body: () => chunksOf([latin1(file), overlapping(1, 200e6), latin1("\r\n--B--\r\n")]),
      status: 413,
    },
    "a length of 10 and a megabyte": { length: 10, body: () => piecesOf(1e6), status: 400 },
    "a length of 60,000 and ten bytes": {
      length: 60_000,
      body: () => piecesOf(10),
      status: null,
      leave: true,
    },
    "40 MiB, packed to 40 KiB": {
      more: ["content-encoding: gzip"],
      length: packed.length,
      body: () => [packed],
      status: 400,
    },
    "JSON 10,000 deep": {
      body: () => chunksOf(repeated("[", 10_000, { after: "]".repeat(10_000) })),
      status: 400,
    },
    "JSON with a million names": {
      body: () => chunksOf(repeated('"a":1,', 1_000_000, { before: "{", after: '"b":1}' })),
      status: 413,
    },
    "JSON with as many names as fit": {
      body: () => chunksOf(repeated('"a":1,', 10_000, { before: "{", after: '"b":1}' })),
      status: 400,
    },
    "a form with a million fields": {
      path: "/sign-in",
      type: FORM,
      body: () => chunksOf(repeated("a=1&", 1_000_000)),
      status: 413,
    },
    "a form with as many fields as fit": {
      path: "/sign-in",
      type: FORM,
      body: () => chunksOf(repeated("a=1&", 16_000)),
      status: 400,
    },
    "a form with a field of a million": {
      path: "/sign-in",
      type: FORM,
      body: () => chunksOf(repeated("a", 1_000_000, { before: "email=" })),
      status: 413,
    },
  };
}

function* around(before: Uint8Array, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield before;
  yield* pieces;
}

let asked = 0;

function request(m: Machine, bomb: Bomb): StreamOptions {
  const { path = "/api/session", type = "application/json", more = [], length, body } = bomb;
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    "connection: close",
    `origin: ${m.origin}`,
    `cookie: ${m.cookie()}`,
    `x-forwarded-for: 203.0.113.${++asked % 250}`,
    `content-type: ${type}`,
    length === undefined ? "transfer-encoding: chunked" : `content-length: ${length}`,
    ...more,
  ];
  const { limit = 64 * KIB, leave } = bomb;
  return { head: head.join("\r\n") + "\r\n\r\n", body: body(), limit, leave };
}

Deno.test("bodies that are too much are answered as soon as they are, and nothing of them is kept", async () => {
  await using m = await machine({ env: { TRUSTED_PROXIES: "1", APP_SECRET } });
  await using server = await m.start();
  await m.signIn();
  const all = Object.entries(await bombs());
  for (const [name, bomb] of all) { // so that all of the program is loaded
    if (!/00 MB/.test(name)) await streamBody(m.port, request(m, bomb));
  }
  const first = await rssOf(server.pid);
  for (const [name, bomb] of all) {
    const before = await rssOf(server.pid);
    let [most, over] = [before, false];
    const watched = (async () => {
      while (!over) most = Math.max(most, await rssOf(server.pid));
    })();
    const { status, sent, msAfterLimit } = await streamBody(m.port, request(m, bomb));
    over = true;
    await watched;
    most = Math.max(most, await rssOf(server.pid));
    assertEquals(status, bomb.status, name);
    const grown = most - before;
    const after = msAfterLimit === null ? "" : `, ${msAfterLimit.toFixed(0)} ms after its limit`;
    say(
      `${name}: ${status}${after}; ${(sent / 1e6).toFixed(1)} MB sent, ${
        grown.toFixed(1)
      } MB more memory`,
    );
    assertLess(msAfterLimit ?? 0, bomb.soonMs ?? SOON_MS, name);
    assertLess(grown, bomb.mostMb ?? MOST_MB, name);
  }
  const last = await rssOf(server.pid);
  say(`body bombs: RSS ${first.toFixed(0)} MB before, ${last.toFixed(0)} MB after all of them`);
  assertLess(last - first, 120);
  const alive = await m.browser.get("/healthz");
  assertEquals(alive.status, 200);
  await alive.body?.cancel();
  assert(!server.output().includes("request_failed"), server.output());
});

Deno.test("headers of 31 KiB, and a hundred of them, pass; more are 431, and what Deno itself does not take 400", async () => {
  await using m = await machine();
  await using _server = await m.start();
  const status = async (lines: string[]) => {
    const head = ["GET /healthz HTTP/1.1", "host: localhost", "connection: close", ...lines];
    return (await sendRaw(m.port, head.join("\r\n") + "\r\n\r\n")).status;
  };
  const one = (bytes: number) => [`x-big: ${"a".repeat(bytes)}`];
  const many = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, i) => `x-${i}: ${"a".repeat(bytes)}`);
  assertEquals(await status(one(31 * KIB)), 200);
  assertEquals(await status(many(97, 20)), 200);
  assertEquals(await status(one(33 * KIB)), 431);
  assertEquals(await status(one(60 * KIB)), 431);
  assertEquals(await status(one(100 * KIB)), 400);
  assertEquals(await status(many(90, 500)), 431);
  assertEquals(await status(one(128 * KIB)), 400);
  assertEquals(await status(many(500, 1)), 400);
});
