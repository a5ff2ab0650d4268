import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { z } from "zod";
import { seconds } from "../support/clock.ts";
import { systemClock } from "../../adapters/clock.ts";
import { MAX_HANDLER_MS, timeLimit } from "../../routes/limits.ts";
import { body, createRouter } from "../../routes/router.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { browser, door } from "../support/door.ts";
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
      for (const path of ["/api/sized", "/api/notes", "/api/notes/1/mailings", "/mailjet/x"]) {
        sized(path);
      }
      http.post("/notes", async (c) => c.json({ byteLength: (await c.req.text()).length }));
      http.post(
        "/api/strict",
        body(z.strictObject({ name: z.string().max(9), n: z.int().min(1) })),
        (c) => c.json(c.req.valid("json")),
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
  Deno.test(`a body ${name} is refused as soon as its limit is read`, async () => {
    await using t = await testApp();
    const { client, answers } = withRoutes(t);
    for (const [path, limit] of [["/api/sized", 64], ["/api/notes", 256]] as const) {
      const { stream, seen } = endless(bytes);
      const response = await client.send(path, json(stream, { "content-length": told }));
      assertEquals(response.status, 413, path);
      assertEquals((await errorOf(response)).code, "too_large");
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
      ["/mailjet/x", 1_024],
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
