import { assert, assertEquals, assertMatch } from "@std/assert";
import { readConfig } from "../../core/config.ts";
import { HSTS } from "../../routes/headers.ts";
import {
  bodyLimitOf,
  IMPORT_PATH,
  MAX_HANDLER_MS,
  MAX_HEADER_BYTES,
  MAX_IMPORT_MS,
} from "../../routes/limits.ts";
import { publishedFlags } from "../support/process.ts";

const read = (name: string) => Deno.readTextFile(`docs/deploy/${name}`);

/** Without what is only said to people. */
const bare = (text: string) => text.split("\n").filter((line) => !/^\s*#/.test(line)).join("\n");

/** The value of a word of a configuration, within `part` of it. */
function valueOf(part: string, word: string): string {
  const value = new RegExp(`(?:^|\\s)${word}\\s+([^;{\\n]+?)\\s*(?:[;{]|\\n|$)`).exec(part)?.[1];
  assert(value !== undefined, `${word} is not said`);
  return value;
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

function ms(text: string): number {
  const [, count, unit = ""] = /^(\d+)([smh])$/.exec(text) ?? [];
  return Number(count) * UNITS[unit]!;
}

function bytes(text: string): number {
  const [, count, unit = ""] = /^(\d+)(k|m|KiB|MiB)$/.exec(text) ?? [];
  return Number(count) * (/^k/i.test(unit) ? 1_024 : 1_048_576);
}

const LARGEST_OTHER = Math.max(
  ...["/", "/notes", "/telegram", "/mailjet/events"].map(bodyLimitOf),
);
/** What a client may take for the head of a request, and between two of them (security.md, C.8). */
const HEADER_MS = 10_000;
const IDLE_MS = 75_000;

Deno.test("the Caddyfile waits no longer and takes no more than the server is made for", async () => {
  const file = bare(await read("Caddyfile"));
  const [, before = "", imports = "", others = ""] =
    /^([^]*)request_body @import \{([^]*?)\}[^]*request_body @others \{([^]*?)\}/.exec(file) ?? [];
  assertEquals(ms(valueOf(before, "read_header")), HEADER_MS);
  assertEquals(ms(valueOf(before, "read_body")), MAX_IMPORT_MS);
  assertEquals(ms(valueOf(before, "idle")), IDLE_MS);
  assertEquals(bytes(valueOf(before, "max_header_size")), MAX_HEADER_BYTES);
  assert(before.includes(`@import path ${IMPORT_PATH}\n`));
  assert(file.includes(`@others not path ${IMPORT_PATH}\n`));
  const most = bytes(valueOf(imports, "max_size"));
  assert(most >= bodyLimitOf(IMPORT_PATH) && most < bodyLimitOf(IMPORT_PATH) + 1_048_576);
  assertEquals(bytes(valueOf(others, "max_size")), LARGEST_OTHER);
  assert(ms(valueOf(file, "response_header_timeout")) > Math.max(MAX_IMPORT_MS, MAX_HANDLER_MS));
  assert(file.includes(`header Strict-Transport-Security "${HSTS}"`));
  assertMatch(file, /reverse_proxy 127\.0\.0\.1:8000 /);
  assert(!/trusted_proxies|header_up/.test(file), "X-Forwarded-For is Caddy's own");
});

Deno.test("nginx.conf waits no longer and takes no more than the server is made for", async () => {
  const file = bare(await read("nginx.conf"));
  const [server = "", all = "", socket = "", imports = ""] = file
    .slice(file.indexOf("listen 443")).split(/location [^{]*\{/);
  assert(file.includes(`location = ${IMPORT_PATH} {`) && file.includes("location = /ws {"));
  assertEquals(ms(valueOf(server, "client_header_timeout")), HEADER_MS);
  assert(ms(valueOf(server, "client_body_timeout")) <= MAX_IMPORT_MS);
  assertEquals(ms(valueOf(server, "keepalive_timeout")), IDLE_MS);
  assertEquals(valueOf(server, "limit_conn"), "connections 100");
  const [count = "", size = ""] = valueOf(server, "large_client_header_buffers").split(" ");
  assertEquals(Number(count) * bytes(size), MAX_HEADER_BYTES);
  assertEquals(bytes(valueOf(server, "client_max_body_size")), LARGEST_OTHER);
  const most = bytes(valueOf(imports, "client_max_body_size"));
  assert(most >= bodyLimitOf(IMPORT_PATH) && most < bodyLimitOf(IMPORT_PATH) + 1_048_576);
  assert(ms(valueOf(server, "proxy_read_timeout")) > MAX_HANDLER_MS);
  assert(ms(valueOf(imports, "proxy_read_timeout")) > MAX_IMPORT_MS);
  assert(ms(valueOf(socket, "proxy_read_timeout")) > 5_000, "the beat of a page's connection");
  assertMatch(valueOf(server, "ssl_protocols"), /^TLSv1\.2 TLSv1\.3$/);
  assertEquals(valueOf(server, "add_header"), `Strict-Transport-Security "${HSTS.split(";")[0]}`);
  assert(file.includes(`Strict-Transport-Security "${HSTS}" always;`));
  assertEquals(valueOf(server, "proxy_set_header      X-Forwarded-For"), "$remote_addr");
  assertMatch(file, /server 127\.0\.0\.1:8000;/);
  for (const place of [all, socket, imports]) {
    assert(place.includes("proxy_pass"));
    // One header said there, and those of the server would no longer hold.
    assert(!/add_header|proxy_set_header/.test(place));
  }
});

/** What a line of a unit says, all of them with that name. */
const said = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=((?:.*\\\\\\n)*.*)$`, "gm"))]
    .map(([, value = ""]) => value.replace(/\s*\\\n\s*/g, " "));

for (
  const [name, task, program] of [
    ["clock_work.service", "start", "main.ts"],
    ["clock_work_backup.service", "backup", "tasks/backup.ts"],
  ] as const
) {
  Deno.test(`${name} runs the program with the permissions of deno task ${task}`, async () => {
    const unit = await read(name);
    const [command = ""] = said(unit, "ExecStart");
    const flags = await publishedFlags("data", task);
    assertEquals(command.split(" "), [
      ...["/usr/local/bin/deno", "run", "--cached-only"],
      ...flags,
      program,
    ]);
    for (
      const wanted of [
        ...["ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "UMask=0077"],
        ...["User=clock-work", "PrivateDevices=yes", "SystemCallFilter=@system-service"],
      ]
    ) {
      assert(unit.includes(`\n${wanted}\n`), wanted);
    }
  });
}

Deno.test("the settings in clock_work.service are good together, and it waits until the server has stopped", async () => {
  const unit = await read("clock_work.service");
  const env = Object.fromEntries(
    said(unit, "Environment").map((
      pair,
    ) => [pair.split("=")[0]!, pair.slice(pair.indexOf("=") + 1)]),
  );
  // What is secret is in a file of its own.
  const secrets = { APP_SECRET: crypto.getRandomValues(new Uint8Array(32)).toBase64() };
  const { listen, trustedProxies, origin } = readConfig({ ...env, ...secrets });
  assertEquals([listen, trustedProxies], ["127.0.0.1", 1]);
  assertMatch(origin, /^https:/);
  assert(Number(said(unit, "TimeoutStopSec")[0]) > 4.5);
  assertEquals(said(unit, "MemoryDenyWriteExecute"), [], "V8 could not run");
});
