import { assert, assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../support/app.ts";
import { browser, door, member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { errorOf, jsonOf, type Sent } from "../support/http.ts";

/** What an attacker's page, or an old browser, can make of a request. */
const foreign: Record<string, Sent["headers"]> = {
  "from another site": { "sec-fetch-site": "cross-site", "origin": "https://evil.example" },
  "from another site that hides": { "sec-fetch-site": "cross-site", "origin": null },
  "from another site, with our Origin": { "sec-fetch-site": "cross-site" },
  "from a sibling host": { "sec-fetch-site": "same-site", "origin": "http://a.localhost:8000" },
  "from no page": { "sec-fetch-site": "none", "origin": null },
  "with a Sec-Fetch-Site that nobody knows": { "sec-fetch-site": "own" },
  "with an empty Sec-Fetch-Site": { "sec-fetch-site": "" },
  "from a sandbox": { "origin": "null" },
  "from a sandbox of an old browser": { "sec-fetch-site": null, "origin": "null" },
  "without both": { "sec-fetch-site": null, "origin": null },
  "from another Origin only": { "sec-fetch-site": null, "origin": "https://evil.example" },
  "from another port": { "sec-fetch-site": null, "origin": "http://localhost:8001" },
  "from https instead of http": { "sec-fetch-site": null, "origin": "https://localhost:8000" },
  "from an Origin that begins like ours": {
    "sec-fetch-site": null,
    "origin": "http://localhost:8000.evil.example",
  },
  "from the Host that it names itself": {
    "sec-fetch-site": null,
    "origin": "https://evil.example",
    "host": "evil.example",
  },
  "with an empty Origin": { "sec-fetch-site": null, "origin": "" },
  "as plain text": { "content-type": "text/plain" },
  "as a form": { "content-type": "application/x-www-form-urlencoded" },
  "as a form with files": { "content-type": "multipart/form-data; boundary=x" },
  "without a type": { "content-type": "" },
  "as JSON in a parameter": { "content-type": "text/plain; a=application/json" },
};

async function signedIn(t: TestApp) {
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const response = await client.post("/api/session", {
    email: "ada@example.org",
    password: PASSWORD,
  });
  assertEquals(response.status, 201);
  return client;
}

const unsafe: [method: string, path: string, json?: unknown][] = [
  ["POST", "/api/accounts", { email: "eve@example.org", password: OTHER_PASSWORD, name: "Eve" }],
  ["POST", "/api/session", { email: "ada@example.org", password: PASSWORD }],
  ["DELETE", "/api/session", {}],
  ["PATCH", "/api/me", { name: "Eve" }],
  ["POST", "/api/me/password", { current: PASSWORD, password: OTHER_PASSWORD }],
  ["POST", "/api/me/email", { email: "eve@example.org" }],
  ["DELETE", "/api/me/sessions", {}],
  ["POST", "/api/session/proof", { password: PASSWORD }],
  ["POST", "/api/session/mail", { email: "ada@example.org" }],
  ["POST", "/api/session/token", { token: "A".repeat(43) }],
  ["POST", "/api/accounts/reset", { email: "ada@example.org" }],
];

for (const [name, headers] of Object.entries(foreign)) {
  Deno.test(`a request ${name} is refused and does nothing`, async () => {
    await using t = await testApp();
    const client = await signedIn(t);
    const before = await Array.fromAsync(t.kv.list({ prefix: [] }));
    const cookies = [...client.cookies];
    for (const [method, path, json] of unsafe) {
      const response = await client.send(path, { method, json, headers });
      assertEquals(response.status, 403, `${method} ${path}`);
      assertEquals((await errorOf(response)).code, "forbidden");
      assertEquals(response.headers.getSetCookie(), []);
    }
    assertEquals([...client.cookies], cookies);
    assertEquals(await Array.fromAsync(t.kv.list({ prefix: [] })), before);
    assertEquals((await client.get("/api/me")).status, 200);
  });
}

const own: Record<string, Sent["headers"]> = {
  "of today": {},
  "without Sec-Fetch-Site": { "sec-fetch-site": null },
  "that leaves Origin out": { "origin": null },
  "that names the charset": { "content-type": "Application/JSON; charset=utf-8" },
};

for (const [name, headers] of Object.entries(own)) {
  Deno.test(`a page of ours in a browser ${name} is let through`, async () => {
    await using t = await testApp();
    const client = await signedIn(t);
    const json = { name: "Ada L" };
    const response = await client.send("/api/me", { method: "PATCH", json, headers });
    assertEquals(response.status, 200);
  });
}

Deno.test("a request without a body needs no type", async () => {
  await using t = await testApp();
  const client = await signedIn(t);
  for (const length of ["0", null]) {
    const empty = { method: "DELETE", headers: { "content-length": length } };
    assertEquals((await client.send("/api/session", empty)).status, 204);
  }
});

Deno.test("a body without a type is refused, whether it was announced or not", async () => {
  await using t = await testApp();
  const client = await signedIn(t);
  const json = JSON.stringify({ name: "Eve" });
  const announced: Sent["headers"][] = [
    { "content-length": String(json.length) },
    { "transfer-encoding": "chunked" },
    {},
  ];
  for (const headers of announced) {
    const raw = new TextEncoder().encode(json); // a string would be sent as text/plain
    const request = client.request("/api/me", { method: "PATCH", raw, headers });
    assertEquals(request.headers.get("content-type"), null);
    const response = await client.deliver(request);
    assertEquals([response.status, (await errorOf(response)).code], [403, "forbidden"]);
    if (Object.keys(headers ?? {}).length === 0) continue; // this door does not read it
    const out = client.request("/api/session", { method: "DELETE", raw, headers });
    assertEquals((await client.deliver(out)).status, 403);
  }
  assertEquals((await jsonOf(await client.get("/api/me"))).name, "Ada");
});

Deno.test("looking never changes anything, whatever it says it is", async () => {
  await using t = await testApp();
  const client = await signedIn(t);
  const before = await Array.fromAsync(t.kv.list({ prefix: [] }));
  for (const path of ["/api/session?_method=DELETE", "/api/me?_method=PATCH&name=Eve"]) {
    for (const method of ["GET", "HEAD"]) {
      const headers = { "x-http-method-override": "DELETE", "sec-fetch-site": "cross-site" };
      await client.send(path, { method, headers });
    }
  }
  assertEquals(await Array.fromAsync(t.kv.list({ prefix: [] })), before);
  assert(client.cookies.size === 1);
});

Deno.test("doors with a proof of their own need not be asked from a page, others do", async () => {
  await using t = await testApp();
  const fetch = door(t.app, {
    add: (http) => {
      for (
        const path of ["/telegram", "/telegram/x", "/mailjet/x", "/u/token", "/ux", "/api/u"]
      ) {
        http.post(path, (c) => c.text("in"));
      }
    },
  });
  const client = browser(t.app, fetch);
  const hook = { method: "POST", raw: "{}", headers: { "sec-fetch-site": null, "origin": null } };
  for (const path of ["/telegram", "/telegram/x", "/mailjet/x", "/u/token"]) {
    assertEquals((await client.send(path, hook)).status, 200, path);
  }
  for (const path of ["/ux", "/api/u", "/api/session"]) {
    assertEquals((await client.send(path, hook)).status, 403, path);
  }
});
