import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import type { Client, Sent } from "../support/http.ts";
import { type Door, doors } from "../support/doors/mod.ts";
import { knock, partsOf } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { visitor } from "../support/site.ts";
import { things } from "../support/things.ts";

const env = {
  ORIGIN: "https://clock.example.org",
  TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0",
};
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Doors that show a letter as it was sent; a page of ours frames it. */
const LETTERS = ["/notes/:id/mail/letter", "/outbox/:id/html", "/outbox/open/:token/html"];

const start = () => testApp({ env, messenger: new TestMessenger() });

/** Looks at what every answer must say, and at what only pages must. */
async function check(about: string, path: string, response: Response): Promise<string> {
  const has = (name: string) => response.headers.get(name) ?? "";
  const type = has("content-type");
  const text = await response.text();
  const said = `${about}: ${response.status} ${type}`;
  assertEquals(has("x-content-type-options"), "nosniff", said);
  assertEquals(has("cross-origin-resource-policy"), "same-origin", said);
  assertEquals(has("strict-transport-security"), "max-age=63072000; includeSubDomains", said);
  assertMatch(has("referrer-policy"), /^(strict-origin-when-cross-origin|same-origin)$/, said);
  for (const absent of ["server", "x-powered-by", "access-control-allow-origin"]) {
    assertEquals(response.headers.has(absent), false, `${said} ${absent}`);
  }
  const isFile = path.startsWith("/static/") || path === "/favicon.ico";
  if (!isFile) {
    assertEquals(has("cache-control"), "no-store", said);
    assertEquals(has("vary"), "Cookie, Sec-Fetch-Site, Origin", said);
  }
  if (text !== "") assert(type !== "", said);
  if (/^(text\/|application\/json)/.test(type)) assertMatch(type, /; ?charset=utf-8$/i, said);
  for (const cookie of response.headers.getSetCookie()) {
    const [name, ...attributes] = cookie.split("; ");
    assertMatch(name!, /^__Host-cw_\w+=/, said);
    if (name === "__Host-cw_session=") { // who is signed out leaves nothing behind
      assertEquals(has("clear-site-data"), `"cache", "storage"`, said);
    }
    for (const wanted of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]) {
      assert(attributes.includes(wanted), `${said} ${cookie}`);
    }
    assert(!attributes.some((one) => /^domain/i.test(one)), `${said} ${cookie}`);
  }
  const policy = has("content-security-policy");
  if (!type.startsWith("text/html")) assertEquals(policy, FILE_POLICY, said);
  else if (LETTERS.includes(path) && response.status === 200) checkLetter(said, policy, has);
  else checkPage(said, { policy, has, text });
  return policy;
}

function checkLetter(said: string, policy: string, has: (name: string) => string): void {
  assertMatch(policy, /^default-src 'none'; style-src 'unsafe-inline'; img-src data:; /, said);
  assertMatch(policy, /; frame-ancestors 'self'; sandbox allow-popups [\w-]+$/, said);
  assertEquals(has("x-frame-options"), "SAMEORIGIN", said);
}

function checkPage(
  said: string,
  { policy, has, text }: { policy: string; has: (name: string) => string; text: string },
): void {
  assertEquals(has("cross-origin-opener-policy"), "same-origin", said);
  assertEquals(has("x-frame-options"), "DENY", said);
  assertMatch(has("permissions-policy"), /camera=\(\).*microphone=\(\)/, said);
  assertMatch(policy, /^default-src 'none'; /, said);
  assertNotMatch(policy, /unsafe-eval|https?:|\*/, said);
  const nonce = /^default-src 'none'; script-src 'self' 'nonce-([\w+/]{22}==)'; style-src 'self'; /
    .exec(policy)?.[1];
  assert(nonce !== undefined, said);
  assertMatch(policy, /; frame-ancestors 'none'; require-trusted-types-for 'script'; /, said);
  for (const [script, attributes] of text.matchAll(/<script\b([^>]*)>/g)) {
    const runs = !attributes!.includes('type="application/json"');
    if (runs) assert(script.includes(` nonce="${nonce}"`) && script.includes(' src="/'), script);
  }
  assertNotMatch(text.replace(/ data-props="[^"]*"/g, ""), /<[^>]* (style|on\w+)="|<style/, said);
}

/** Doors whose address is a secret. */
const isSecret = ({ for: whom, thing }: Door) => whom === "everybody" && thing !== undefined;

for (const name of ["anonymous", "owner", "an admin"]) {
  Deno.test(`${name}: every door's answer has its headers, and its cookies are closed to others`, async () => {
    const nonces = new Set<string>();
    let pages = 0;
    for (const [door, made] of Object.entries(doors)) {
      await using t = await start(); // whatever the door before it has done
      const { client, account } = await asker(t, name);
      const id = made.thing ? await things[made.thing](t, account) : newId();
      const { method, path } = partsOf(door);
      const response = await knock(client, [door, made], { t, by: account, id });
      if (isSecret(made)) {
        assertEquals(response.headers.get("referrer-policy"), "same-origin", door);
      }
      const policy = await check(`${method} ${path}`, path, response);
      if (!policy.includes("nonce")) continue;
      pages++;
      nonces.add(policy);
    }
    assert(pages > 10, `${pages} pages`);
    assertEquals(nonces.size, pages, "each answer has a nonce of its own");
  });
}

/** What is refused before any door, or where there is none. */
const refusals: Record<number, (client: Client) => Promise<Response>> = {
  400: (client) => send(client, "/api/session", { method: "POST", raw: "{", type: "json" }),
  403: (client) => client.post("/api/session", {}, { headers: { "sec-fetch-site": "cross-site" } }),
  404: (client) => client.get("/nowhere", { headers: { accept: "text/html" } }),
  405: (client) => client.send("/healthz", { method: "OPTIONS" }),
  413: (client) => send(client, "/sign-in", { method: "POST", raw: "a".repeat(70_000) }),
  414: (client) => client.get(`/${"a".repeat(5_000)}`),
  429: async (client) => {
    for (let i = 0; i < 60; i++) await (await client.get("/healthz")).body?.cancel();
    return await client.get("/healthz");
  },
  431: (client) => client.get("/", { headers: { "x-big": "a".repeat(33_000) } }),
};

function send(
  client: Client,
  path: string,
  { method, raw, type = "x-www-form-urlencoded" }: Sent & { type?: string },
): Promise<Response> {
  return client.send(path, { method, raw, headers: { "content-type": `application/${type}` } });
}

for (const [status, ask] of Object.entries(refusals)) {
  for (const accept of ["text/html", "application/json"]) {
    Deno.test(`an answer ${status} for ${accept} has all headers`, async () => {
      await using t = await start();
      const client = await visitor(t);
      const send = client.send.bind(client);
      client.send = (path, sent = {}) =>
        send(path, { ...sent, headers: { accept, ...sent.headers } });
      const response = await ask(client);
      assertEquals(response.status, Number(status));
      if (status === "429") assertMatch(response.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
      await check(status, "/", response);
    });
  }
}

Deno.test("files have all headers, those that are not there too", async () => {
  await using t = await start();
  const client = await visitor(t);
  for (
    const [path, status] of [
      ["/static/app.css?v=1", 200],
      ["/static/favicon.svg", 200],
      [
        "/static/none.js",
        404,
      ],
      ["/static/../deno.json", 404],
      ["/favicon.ico", 301],
    ] as const
  ) {
    const response = await client.get(path);
    assertEquals(response.status, status, path);
    await check(path, path.split("?")[0]!, response);
  }
});

Deno.test("a server that goes away says so with all headers", async () => {
  await using t = await start();
  const client = await visitor(t);
  await t.server.close();
  const response = await client.get("/");
  assertEquals([response.status, response.headers.get("retry-after")], [503, "1"]);
  await check("going away", "/", response);
});
