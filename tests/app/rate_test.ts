import { assert, assertEquals } from "@std/assert";
import { hours, seconds } from "../support/clock.ts";
import { Buckets } from "../../routes/rate.ts";
import { testApp } from "../support/app.ts";
import { browser, door, member } from "../support/door.ts";
import { errorOf } from "../support/http.ts";

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
  assertEquals(
    [response.headers.get("ratelimit-policy"), response.headers.get("ratelimit")],
    ['"anonymous";q=60;w=60', '"anonymous";r=0;t=1'],
  );
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

Deno.test("who is refused again and again is written down once, by what stands for their network today", async () => {
  await using t = await testApp();
  const client = browser(t.app, door(t.app), { from: "203.0.113.7" });
  const knock = async (times: number) => {
    for (let i = 0; i < times; i++) await (await client.get("/api/me")).body?.cancel();
  };
  const told = () =>
    t.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "slowed_down");
  await knock(80);
  assertEquals(told().length, 1);
  t.clock.advance(seconds(60));
  await knock(80);
  assertEquals(told().length, 2);
  t.clock.advance(hours(24));
  await knock(80);
  const [first, second, later] = told().map(({ from }) => from);
  assertEquals([first === second, first === later], [true, false]);
  assert(!t.lines.some((line) => line.includes("203.0.113")));
});
