import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { testApp } from "../support/app.ts";
import { browser, door } from "../support/door.ts";
import { routes } from "../support/answers.ts";

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
