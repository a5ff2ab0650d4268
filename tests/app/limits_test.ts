import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { z } from "zod";
import { seconds } from "../support/clock.ts";
import { systemClock } from "../../adapters/clock.ts";
import { MAX_HANDLER_MS, timeLimit } from "../../routes/limits.ts";
import { Buckets } from "../../routes/rate.ts";
import { body, createRouter, form } from "../../routes/router.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { browser, door, member } from "../support/door.ts";
import { errorOf, type Sent } from "../support/http.ts";

const KIB = 1_024;

function withRoutes(t: TestApp) {
  const answers = { handled: 0 };
  const fetch = door(t.app, {
    rates: { anonymous: { burst: 1e6, perSecond: 1 }, signedIn: { burst: 1e6, perSecond: 1 } },
    add: (http) => {
      const sized = (path: string) =>
        http.post(path, async (c) => {
          const { byteLength } = await c.req.arrayBuffer();
          answers.handled++;
          return c.json({ byteLength });
        });
      for (const path of ["/api/sized", "/api/notes", "/api/notes/1/mailings", "/mailjet/events"]) {
        sized(path);
      }
      http.post("/notes", async (c) => c.json({ byteLength: (await c.req.text()).length }));
      http.post(
        "/api/strict",
        body(z.strictObject({ name: z.string().max(9), n: z.int().min(1) })),
        (c) => c.json(c.req.valid("json")),
      );
      http.post(
        "/form",
        form(z.strictObject({ name: z.string().max(9), tags: z.unknown().optional() })),
        (c) => c.json(c.req.valid("form")),
      );
      http.get("/slow", async (c) => {
        await t.clock.sleep(MAX_HANDLER_MS + 1);
        answers.handled++;
        return c.text("late");
      });
    },
  });
  return { client: browser(t.app, fetch), answers };
}

/** A body that goes on until somebody cancels it, or `bytes` are through; counts what was taken. */
function endless(bytes = Infinity, chunkBytes = 16 * KIB) {
  const seen = { bytes: 0, cancelled: false };
  const chunk = new Uint8Array(chunkBytes);
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (seen.bytes >= bytes) return controller.close();
      seen.bytes += chunk.length;
      controller.enqueue(chunk);
    },
    cancel() {
      seen.cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { stream, seen };
}

const json = (raw: BodyInit, headers = {}): Sent => ({
  method: "POST",
  raw,
  headers: { "content-type": "application/json", ...headers },
});

for (
  const [name, bytes, told] of [
    ["of 300 MB", 300e6, null],
    ["that never ends", Infinity, null],
    ["whose length is a lie", Infinity, "10"],
    ["whose length is no number", Infinity, "many"],
    ["whose length is negative", Infinity, "-1"],
  ] as const
) {
  Deno.test(`a body ${name} is refused after its limit is read, and quickly`, async () => {
    await using t = await testApp();
    const { client, answers } = withRoutes(t);
    for (const [path, limit] of [["/api/sized", 64], ["/api/notes", 256]] as const) {
      const { stream, seen } = endless(bytes);
      const start = performance.now();
      const response = await client.send(path, json(stream, { "content-length": told }));
      assertEquals(response.status, 413, path);
      assertEquals((await errorOf(response)).code, "too_large");
      assertLess(performance.now() - start, 100);
      assertLessOrEqual(seen.bytes, limit * KIB + 2 * 16 * KIB);
      assert(seen.cancelled, "nothing more is taken");
    }
    assertEquals(answers.handled, 0);
  });
}

Deno.test("a body that says it is too long is not read at all", async () => {
  await using t = await testApp();
  const { client, answers } = withRoutes(t);
  const { stream, seen } = endless();
  const response = await client.send("/api/sized", json(stream, { "content-length": "65537" }));
  assertEquals([response.status, seen.bytes, seen.cancelled], [413, 0, true]);
  assertEquals(answers.handled, 0);
});

Deno.test("a body may be as long as its limit, by route", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  for (
    const [path, limit] of [
      ["/api/sized", 64],
      ["/api/notes", 256],
      ["/api/notes/1/mailings", 256],
      ["/mailjet/events", 1_024],
    ] as const
  ) {
    const bytes = limit * KIB;
    const good = await client.send(path, json(new Uint8Array(bytes)));
    assertEquals(await good.json(), { byteLength: bytes }, path);
    const over = await client.send(path, json(new Uint8Array(bytes + 1)));
    assertEquals(over.status, 413, path);
  }
  const text = "a".repeat(256 * KIB - 2);
  assertEquals((await client.postForm("/notes", { t: text })).status, 200);
  assertEquals((await client.postForm("/notes", { t: text + "a" })).status, 413);
});

Deno.test("a handler that takes over ten seconds is answered with 503", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  const answer = client.get("/slow");
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve));
  t.clock.advance(MAX_HANDLER_MS);
  const response = await answer;
  assertEquals([response.status, response.headers.get("retry-after")], [503, "10"]);
  assertEquals((await errorOf(response)).code, "unavailable");
  t.clock.advance(seconds(1)); // and the handler ends in peace
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve));
  assert(!t.lines.some((line) => line.includes("request_failed")));
});

Deno.test("a handler that answers in time leaves no timer behind", async () => {
  const http = createRouter().use(timeLimit({ clock: systemClock })).get(
    "/",
    (c) => c.text("in time"),
  );
  assertEquals(await (await http.request("/")).text(), "in time"); // the sanitizers see the timer
});

Deno.test("a body that never comes does not hold a handler for ever", async () => {
  await using t = await testApp();
  const { client, answers } = withRoutes(t);
  const answer = client.send("/api/strict", json(new ReadableStream({ start() {} })));
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve));
  t.clock.advance(MAX_HANDLER_MS);
  assertEquals((await answer).status, 503);
  assertEquals(answers.handled, 0);
});

Deno.test("long addresses and long headers are refused", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  const prefix = `${client.origin}/slow?`;
  const path = (chars: number) => `/slow?${"a".repeat(chars - prefix.length)}`;
  assertEquals((await client.send(path(4_097))).status, 414);
  assertEquals((await client.send(path(4_096), { method: "PUT" })).status, 405);
  const big = (bytes: number) => ({ headers: { "x-big": "a".repeat(bytes) } });
  assertEquals((await client.get("/api/me", big(33_000))).status, 431);
  assertEquals((await client.get("/api/me", big(30_000))).status, 401);
  const many = Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`x-${i}`, "a".repeat(100)]),
  );
  assertEquals((await client.get("/api/me", { headers: many })).status, 431);
});

Deno.test("JSON that is none, is odd or is not what the route takes is refused at its field", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  const table: [raw: BodyInit, field: string | undefined][] = [
    ["", undefined],
    ["{", undefined],
    ['"\\', undefined],
    ["[".repeat(10_000), undefined],
    ["[".repeat(10_000) + "]".repeat(10_000), undefined],
    [new Uint8Array([0x7b, 0xff, 0x7d]), undefined],
    ['{"name":"a","name":"b","n":1}', undefined],
    ['{"name":"\\ud800","n":1}', undefined],
    ["null", undefined],
    ["[]", undefined],
    ['"text"', undefined],
    ["{}", "name"],
    ['{"name":1,"n":1}', "name"],
    ['{"name":"secret12345","n":1}', "name"],
    ['{"name":"a","n":"1"}', "n"],
    ['{"name":"a","n":0}', "n"],
    ['{"name":"a","n":1.5}', "n"],
    ['{"name":"a","n":1e999}', "n"],
    ['{"name":"a","n":1,"role":"admin"}', "role"],
    ['{"name":"a","n":1,"__proto__":{"role":"admin"}}', "__proto__"],
    ['{"name":"a","n":1,"<secret12345>":1}', undefined],
    [`{"name":"a","n":1,"${"k".repeat(100)}":1}`, undefined],
  ];
  for (const [raw, field] of table) {
    const response = await client.send("/api/strict", json(raw));
    assertEquals(response.status, 400, String(raw).slice(0, 40));
    const text = await response.text();
    const { error } = JSON.parse(text);
    assertEquals([error.code, error.field], ["invalid", field], text);
    assert(error.message.startsWith("Cannot "), text);
    assert(!text.includes("secret12345") && text.length < 250, text);
  }
  const good = await client.send("/api/strict", json('{"name":"a","n":1}'));
  assertEquals(await good.json(), { name: "a", n: 1 });
});

Deno.test("a form that is not good comes back with what was typed, but for passwords", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  const typed = { name: "far too long", password: "hunter2", current: "hunter2", role: "admin" };
  const response = await client.postForm("/form", typed);
  assertEquals(await response.json(), {
    ok: false,
    problems: {
      name: "Cannot use this: it must have at most 9 characters",
      password: "Cannot use this: there is no such field",
    },
    typed: { name: "far too long", role: "admin" },
  });
});

Deno.test("a form is read as browsers write it", async () => {
  await using t = await testApp();
  const { client } = withRoutes(t);
  const send = async (raw: BodyInit) => {
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
    return await client.send("/form", { method: "POST", raw, headers });
  };
  const good = await send("name=%C3%9C+%2B&tags=a&tags=b");
  assertEquals(await good.json(), {
    ok: true,
    data: { name: "Ü +", tags: ["a", "b"] },
    typed: { name: "Ü +", tags: "a, b" },
  });
  assertEquals((await (await send("")).json()).ok, false);
  for (const raw of ["name=%", "name=%zz", "name=%ff", "%c3=1", new Uint8Array([0xff])]) {
    const response = await send(raw);
    assertEquals([response.status, (await errorOf(response)).code], [400, "invalid"], String(raw));
  }
  assertEquals((await send("&".repeat(1_000))).status, 400);
  assertEquals((await (await send("name=a&__proto__=b")).json()).ok, false);
  assertEquals((await (await send("name=a&name=b")).json()).ok, false, "one name, two values");
});

Deno.test("who asks too much is told to wait, by network when unknown and by account when not", async () => {
  await using t = await testApp();
  await member(t.app);
  const fetch = door(t.app, {
    add: (http) => void http.get("/static/app.css", (c) => c.text("a{}")),
  });
  const client = browser(t.app, fetch, { from: "2001:db8::1" });
  const status = async () => (await client.get("/api/me")).status;
  for (let i = 0; i < 60; i++) assertEquals(await status(), 401);
  client.from = "2001:db8::2";
  const response = await client.get("/api/me");
  assertEquals([response.status, response.headers.get("retry-after")], [429, "1"]);
  assertEquals((await errorOf(response)).code, "rate_limited");
  assertEquals((await client.get("/static/app.css")).status, 200, "files are for everybody");
  client.from = "2001:db8:0:1::2";
  assertEquals(await status(), 401, "the neighbours");
  client.from = "2001:db8::2";
  t.clock.advance(seconds(2));
  assertEquals([await status(), await status(), await status()], [401, 401, 429]);

  t.clock.advance(seconds(2));
  const password = "tired otters juggle nine lamps";
  await client.post("/api/session", { email: "ada@example.org", password });
  for (let i = 0; i < 300; i++) assertEquals(await status(), 200);
  client.from = "198.51.100.1";
  assertEquals(await status(), 429, "the same account from elsewhere");
  t.clock.advance(seconds(1));
  const again = await Promise.all(Array.from({ length: 6 }, status));
  assertEquals(again.sort(), [200, 200, 200, 200, 200, 429]);
});

Deno.test("Buckets fill up again to their size, and remember only so many names", () => {
  const buckets = new Buckets({ burst: 2, perSecond: 0.5 }, 3);
  assertEquals([1, 2, 3].map(() => buckets.take("a", 0)), [0, 0, 2_000]);
  assertEquals(buckets.take("a", 1_000), 1_000);
  assertEquals(buckets.take("a", -5_000), 1_000, "a clock that steps back");
  assertEquals([1, 2, 3].map(() => buckets.take("a", 1e9)), [0, 0, 2_000]);
  for (const name of ["b", "c"]) buckets.take(name, 1e9);
  assertEquals(buckets.take("a", 1e9), 2_000, "just seen");
  for (const name of ["d", "e", "f"]) buckets.take(name, 1e9);
  assertEquals(buckets.take("a", 1e9), 0, "forgotten");
});
