import { assert, assertEquals, assertMatch } from "@std/assert";
import { testApp } from "../support/app.ts";
import { browser, door } from "../support/door.ts";
import { routes } from "../support/answers.ts";

const HTTPS = { ORIGIN: "https://clock.example.org" };

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
