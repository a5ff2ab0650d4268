import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Hono } from "hono";
import { AppError } from "../../core/errors.ts";
import type { Env } from "../../routes/router.ts";
import { signedIn } from "../../routes/router.ts";
import { testApp } from "../support/app.ts";
import { browser, door } from "../support/door.ts";

const HTTPS = { ORIGIN: "https://clock.example.org" };

function routes(http: Hono<Env>) {
  http.get("/page", (c) => c.html(`<script nonce="${c.var.nonce}"></script>`));
  http.get("/foreign", (c) => {
    c.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return c.html("<p style='color: red'>a mail</p>");
  });
  http.get("/text", (c) => c.text("text"));
  http.get("/json", (c) => c.json({}));
  http.get("/empty", (c) => c.body(null, 204));
  http.get("/away", (c) => c.redirect("/page", 303));
  http.get("/frozen", () => Response.redirect("http://localhost:8000/page", 303));
  http.get("/raw", () => new Response("raw", { headers: { "X-Powered-By": "chance" } }));
  http.get("/static/app.css", (c) => {
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body("a{}", 200, { "Content-Type": "text/css" });
  });
  http.get("/activate/secret", (c) => c.html("token"));
  http.get("/rule", () => {
    throw new AppError("conflict", "Cannot do this: it is done");
  });
  http.get("/bug", () => {
    throw new TypeError("the password is hunter2");
  });
  http.get("/odd", () => {
    throw "thrown, and no Error"; // deno-lint-ignore no-throw-literal
  });
  http.get("/late-bug", async () => {
    await Promise.resolve();
    throw new RangeError("later");
  });
  http.get("/mine", signedIn, (c) => c.text("mine"));
}

const answers: [path: string, status: number, method?: string][] = [
  ["/page", 200],
  ["/page", 200, "HEAD"],
  ["/foreign", 200],
  ["/text", 200],
  ["/json", 200],
  ["/empty", 204],
  ["/away", 303],
  ["/frozen", 303],
  ["/raw", 200],
  ["/static/app.css", 200],
  ["/activate/secret", 200],
  ["/rule", 409],
  ["/bug", 500],
  ["/odd", 500],
  ["/late-bug", 500],
  ["/mine", 303],
  ["/nowhere", 404],
  ["/page", 405, "PUT"],
  ["/page", 405, "OPTIONS"],
  ["/api/me", 401],
  ["/api/nowhere", 404],
  ["/api/session", 403, "POST"],
  [`/${"a".repeat(4_096)}`, 414],
];

for (const [path, status, method = "GET"] of answers) {
  Deno.test(`${method} ${path.slice(0, 20)} answers ${status} with all headers`, async () => {
    await using t = await testApp({ env: HTTPS });
    const client = browser(t.app, door(t.app, { add: routes }));
    const site = status === 403 ? "cross-site" : "same-origin";
    const response = await client.send(path, { method, headers: { "sec-fetch-site": site } });
    assertEquals(response.status, status);
    const has = (name: string) => response.headers.get(name);
    assertEquals(has("x-content-type-options"), "nosniff");
    assertEquals(has("cross-origin-resource-policy"), "same-origin");
    assertEquals(has("strict-transport-security"), "max-age=63072000; includeSubDomains");
    assert(has("content-security-policy")?.startsWith("default-src 'none'; "));
    assertMatch(has("referrer-policy") ?? "", /^(strict-origin-when-cross-origin|same-origin)$/);
    for (const absent of ["server", "x-powered-by", "access-control-allow-origin"]) {
      assertEquals(has(absent), null, absent);
    }
    const isFile = path.startsWith("/static/");
    assertEquals(has("cache-control"), isFile ? "public, max-age=31536000, immutable" : "no-store");
    assertEquals(has("vary"), isFile ? null : "Cookie, Sec-Fetch-Site, Origin");
    if (response.body !== null && method !== "HEAD") {
      assertMatch(has("content-type") ?? "", /; ?charset=utf-8$/i);
    }
    await response.body?.cancel();
  });
}

Deno.test("pages carry what only pages need, and other answers nothing that could run", async () => {
  await using t = await testApp({ env: HTTPS });
  const client = browser(t.app, door(t.app, { add: routes }));
  const page = await client.get("/page");
  const nonce = (await page.text()).match(/nonce="([^"]+)"/)?.[1];
  assertMatch(nonce ?? "", /^[\w+/]{22}==$/);
  assertEquals(
    page.headers.get("content-security-policy"),
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; ` +
      "img-src 'self' data:; font-src 'self'; connect-src 'self' wss://clock.example.org; " +
      "manifest-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; " +
      "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
      "trusted-types 'none'; upgrade-insecure-requests",
  );
  assertEquals(page.headers.get("cross-origin-opener-policy"), "same-origin");
  assertEquals(page.headers.get("x-frame-options"), "DENY");
  assertMatch(page.headers.get("permissions-policy") ?? "", /camera=\(\).*microphone=\(\)/);
  for (const path of ["/json", "/text", "/empty", "/static/app.css", "/rule", "/api/me"]) {
    const { headers, body } = await client.get(path);
    await body?.cancel();
    const policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    assertEquals(headers.get("content-security-policy"), policy, path);
    assertEquals(headers.get("permissions-policy"), null, path);
  }
});

Deno.test("each response has a nonce of its own", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app, { add: routes }));
  const policies = [];
  for (let i = 0; i < 3; i++) {
    const page = await client.get("/page");
    assert((await page.text()).length > 0);
    policies.push(page.headers.get("content-security-policy"));
  }
  assertEquals(new Set(policies).size, 3);
});

Deno.test("a handler may set a policy of its own for one answer", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app, { add: routes }));
  const foreign = await client.get("/foreign");
  await foreign.body?.cancel();
  assertEquals(
    foreign.headers.get("content-security-policy"),
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  );
});

Deno.test("on http, which is for localhost, nothing is said of https", async () => {
  await using t = await testApp();
  const page = await browser(t.app, door(t.app, { add: routes })).get("/page");
  await page.body?.cancel();
  assertEquals(page.headers.get("strict-transport-security"), null);
  const policy = page.headers.get("content-security-policy") ?? "";
  assert(!policy.includes("upgrade-insecure-requests"));
  assert(policy.includes("connect-src 'self' ws://localhost:8000;"));
});

Deno.test("a page whose address is a secret does not tell it to others", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app, { add: routes }));
  for (const path of ["/activate/secret", "/setup/x", "/outbox/x", "/u/x", "/calendar/x.ics"]) {
    const { headers, body } = await client.get(path);
    await body?.cancel();
    assertEquals(headers.get("referrer-policy"), "same-origin", path);
  }
});

Deno.test("a bug is answered by the request's id alone, and written down", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app, { add: routes }));
  for (const path of ["/bug", "/odd", "/late-bug"]) {
    const text = await (await client.get(path)).text();
    const id = text.match(/written down as ([0-9a-z]{26})/)?.[1];
    assert(!/hunter2|later|thrown/.test(text), text);
    assert(t.lines.some((line) => line.includes("request_failed") && line.includes(id ?? "no id")));
  }
});

Deno.test("an answer says which methods a path has, and 404 where it has none", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app, { add: routes }));
  const put = await client.send("/page", { method: "PUT" });
  assertEquals([put.status, put.headers.get("allow")], [405, "GET, HEAD"]);
  const patch = await client.send("/api/session", { method: "PATCH", json: {} });
  assertEquals([patch.status, patch.headers.get("allow")], [405, "POST, DELETE"]);
  assertEquals(await patch.json(), {
    error: { code: "method_not_allowed", message: "Cannot PATCH this: use POST or DELETE" },
  });
  assertEquals((await client.send("/nowhere", { method: "PUT" })).status, 404);
});

Deno.test("TRACE and methods that nobody knows are refused", async () => {
  await using t = await testApp();
  const fetch = door(t.app, { add: routes });
  for (const method of ["TRACE", "TRACK", "CONNECT", "PROPFIND", "get"]) {
    const request = new Request("http://localhost:8000/page");
    Object.defineProperty(request, "method", { value: method });
    const response = await fetch(request, "203.0.113.7");
    assertEquals(response.status, 405, method);
    assertMatch(response.headers.get("allow") ?? "", /^GET, HEAD, POST/);
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    assertNotEquals(await response.text(), "");
  }
});

Deno.test("people see a page where there is one to show, programs JSON", async () => {
  await using t = await testApp();
  const fetch = door(t.app, {
    add: routes,
    page: (c, { status, message }) => c.html(`<h1>${message}</h1>`, status),
  });
  const client = browser(t.app, fetch);
  const html = { headers: { accept: "text/html,application/xhtml+xml" } };
  for (const [path, status] of [["/nowhere", 404], ["/rule", 409], ["/bug", 500]] as const) {
    const page = await client.get(path, html);
    assertEquals(page.status, status);
    assertMatch(await page.text(), /^<h1>Cannot/);
    assertMatch(page.headers.get("content-security-policy") ?? "", /script-src 'self' 'nonce-/);
  }
  const json = [await client.get("/nowhere"), await client.get("/api/nowhere", html)];
  for (const response of json) {
    assertEquals(await response.json(), {
      error: { code: "not_found", message: "Cannot find the page" },
    });
  }
});
