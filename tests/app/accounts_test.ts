import { assert, assertEquals } from "@std/assert";
import type { Hono } from "hono";
import { findSession } from "../../domain/accounts/sessions.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { adminOnly, type Env, signedIn } from "../../routes/router.ts";
import { testApp } from "../support/app.ts";
import { seconds } from "../support/clock.ts";
import { browser, door, member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { phoneOf } from "../support/factor.ts";
import { errorOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { ada, signedUp } from "../support/door.ts";

const mail = () => ({ env: { MAIL_FROM: "clock@example.org" }, mailer: new TestMailer() });

/** Everything of an answer but what is there to differ: the date, and random names. */
async function seen(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== "date");
  return { status: response.status, headers, body: await response.text() };
}

Deno.test("what is wrong at signing in is not told: not by status, words or headers", async () => {
  await using t = await testApp();
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const wrong = { ...ada, password: OTHER_PASSWORD };
  const known = await seen(await client.post("/api/session", wrong));
  assertEquals(known.status, 401);
  for (const email of ["eve@example.org", "no address", ""]) {
    assertEquals(await seen(await client.post("/api/session", { ...wrong, email })), known);
  }
  for (let i = 0; i < 4; i++) await client.post("/api/session", { ...ada, ...wrong });
  const slowed = await client.post("/api/session", ada);
  assertEquals([slowed.status, slowed.headers.get("retry-after")], [429, "1"]);
  t.clock.advance(seconds(1));
  assertEquals((await client.post("/api/session", ada)).status, 201);
});

Deno.test("signing up is answered the same for a known and an unknown address", async () => {
  await using t = await testApp(mail());
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const ask = async (email: string) => {
    const asked = { email, name: "Ada", password: OTHER_PASSWORD, zone: "Europe/Berlin" };
    return await seen(await client.post("/api/accounts", asked));
  };
  const known = await ask("ada@example.org");
  assertEquals(known.status, 202);
  assertEquals(await ask("eve@example.org"), known);
  assertEquals(await ask("ADA@example.org"), known);
});

Deno.test("what is wrong at signing up is said at its field, the same for known addresses", async () => {
  await using t = await testApp(mail());
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const table = [
    [{ password: "short" }, "password"],
    [{ name: "" }, "name"],
    [{ zone: "Nowhere" }, "zone"],
    [{ name: 7 }, "name"],
    [{ password: undefined }, "password"],
  ] as const;
  for (const email of ["ada@example.org", "eve@example.org"]) {
    for (const [change, field] of table) {
      const asked = { email, name: "Ada", password: OTHER_PASSWORD, ...change };
      const response = await client.post("/api/accounts", asked);
      assertEquals([response.status, (await errorOf(response)).field], [400, field]);
    }
  }
});

Deno.test("a sixth sign-up within the hour is told when to come back", async () => {
  await using t = await testApp(mail());
  const client = browser(t.app, door(t.app));
  const ask = (i: number) =>
    client.post("/api/accounts", { email: `p${i}@example.org`, name: "P", password: PASSWORD });
  for (let i = 0; i < 5; i++) assertEquals((await ask(i)).status, 202);
  const response = await ask(5);
  assertEquals([response.status, response.headers.get("retry-after")], [429, "3600"]);
});

Deno.test("nobody makes themselves what they are not", async () => {
  await using t = await testApp(mail());
  const { account, client } = await signedUp(t);
  const fields = {
    role: "admin",
    id: "x",
    email: "root@example.org",
    verified: { at: 0, by: "operator" },
    epoch: 7,
    password: OTHER_PASSWORD,
    isAdmin: true,
    accountId: "x",
    createdAt: 0,
  };
  for (const [name, value] of Object.entries(fields)) {
    const response = await client.patch("/api/me", { name: "Eve", [name]: value });
    assertEquals([response.status, (await errorOf(response)).field], [400, name]);
  }
  const asked = { email: "eve@example.org", name: "Eve", password: OTHER_PASSWORD };
  for (const name of ["role", "verified", "id"]) {
    const response = await client.post("/api/accounts", { ...asked, [name]: "admin" });
    assertEquals(response.status, 400);
  }
  assertEquals(await read(t.app, keys.account(account.id)), account);
});

Deno.test("people change their name and zone, and see no secret of their account", async () => {
  await using t = await testApp();
  const { account, client } = await signedUp(t);
  const response = await client.patch("/api/me", { name: " Ada  Lovelace ", zone: "asia/tokyo" });
  const me = {
    id: account.id,
    email: "ada@example.org",
    name: "Ada Lovelace",
    zone: "Asia/Tokyo",
    role: "member",
    verifiedAt: "2026-11-23T10:00:00.000Z",
    createdAt: "2026-11-23T10:00:00.000Z",
  };
  assertEquals(await response.json(), me);
  assertEquals(await (await client.patch("/api/me", {})).json(), me);
  // In the outbox nothing leaves, so nothing is counted.
  assertEquals(await (await client.get("/api/me")).json(), { ...me, mail: null });
  const bad = await client.patch("/api/me", { name: "evil.example" });
  assertEquals([bad.status, (await errorOf(bad)).field], [400, "name"]);
});

Deno.test("a new password ends the other browsers' sessions, and this one goes on", async () => {
  await using t = await testApp();
  const { client, value, another } = await signedUp(t);
  const other = another();
  await other.post("/api/session", ada);
  const wrong = { current: OTHER_PASSWORD, password: OTHER_PASSWORD };
  const refused = await client.post("/api/me/password", wrong);
  assertEquals([refused.status, (await errorOf(refused)).field], [400, "current"]);
  const change = { current: PASSWORD, password: OTHER_PASSWORD };
  assertEquals((await client.post("/api/me/password", change)).status, 204);
  assertEquals((await client.get("/api/me")).status, 200);
  assertEquals((await other.get("/api/me")).status, 401);
  assertEquals(await findSession(t.app, value), null);
});

Deno.test("who is not signed in sees and changes nothing of an account", async () => {
  await using t = await testApp();
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const answers = [
    await client.get("/api/me"),
    await client.patch("/api/me", { name: "Eve" }),
    await client.post("/api/me/password", { current: PASSWORD, password: OTHER_PASSWORD }),
  ];
  for (const response of answers) {
    assertEquals(response.status, 401);
    assertEquals(await errorOf(response), {
      code: "unauthorized",
      message: "Cannot do this: sign in first",
    });
  }
});

function pages(http: Hono<Env>) {
  http.get("/notes", signedIn, (c) => c.text("notes"));
  http.post("/notes", signedIn, (c) => c.text("written"));
  http.get("/jobs", signedIn, adminOnly, (c) => c.text("jobs"));
}

Deno.test("a page leads who is not signed in to where they can, and back", async () => {
  await using t = await testApp();
  const { account } = await signedUp(t);
  const client = browser(t.app, door(t.app, { add: pages }));
  const page = await client.get("/notes?q=a%26b&tag=x");
  assertEquals(page.status, 303);
  assertEquals(page.headers.get("location"), "/sign-in?next=%2Fnotes%3Fq%3Da%2526b%26tag%3Dx");
  const form = await client.postForm("/notes", { text: "a" });
  assertEquals([form.status, form.headers.get("location")], [303, "/sign-in"]);
  await client.post("/api/session", ada);
  assertEquals(await (await client.get("/notes")).text(), "notes");
  assertEquals(account.role, "member");
});

Deno.test("to members there is nothing where only admins may go", async () => {
  await using t = await testApp();
  await member(t.app);
  const { code } = await phoneOf(
    t,
    await member(t.app, { email: "root@example.org", role: "admin" }),
  );
  const fetch = door(t.app, { add: pages });
  const [client, root] = [browser(t.app, fetch), browser(t.app, fetch)];
  await client.post("/api/session", ada);
  await root.post("/api/session", { ...ada, email: "root@example.org" });
  await root.post("/api/session/factor", { code: code() });
  const [hidden, absent] = [await client.get("/jobs"), await client.get("/nowhere")];
  assertEquals(await seen(hidden), await seen(absent));
  assertEquals(await (await root.get("/jobs")).text(), "jobs");
});

Deno.test("behind our proxy failures count for who is behind it, not for the proxy", async () => {
  await using t = await testApp({ env: { TRUSTED_PROXIES: "1" } });
  await member(t.app);
  const client = browser(t.app, door(t.app), { from: "10.0.0.1" });
  const guess = async (forwarded: string, i: number) => {
    const headers = { "x-forwarded-for": forwarded };
    const typed = { email: `p${i}@example.org`, password: OTHER_PASSWORD };
    return (await client.post("/api/session", typed, { headers })).status;
  };
  for (let i = 0; i < 20; i++) assertEquals(await guess(`6.6.6.${i}, 203.0.113.7`, i), 401);
  assertEquals(await guess("6.6.6.99, 203.0.113.7", 20), 429);
  assertEquals(await guess("203.0.113.8", 21), 401);
});

Deno.test("neither password nor session is ever written down", async () => {
  await using t = await testApp();
  const { client, value } = await signedUp(t);
  await client.post("/api/session", { ...ada, password: OTHER_PASSWORD });
  await client.post("/api/me/password", { current: PASSWORD, password: OTHER_PASSWORD });
  await client.patch("/api/me", { [PASSWORD]: OTHER_PASSWORD });
  const [fresh = ""] = client.cookies.values();
  const stored = Deno.inspect(await Array.fromAsync(t.kv.list({ prefix: [] })), { depth: 20 });
  for (const secret of [PASSWORD, OTHER_PASSWORD, value, fresh]) {
    assert(secret.length > 10);
    assert(!t.lines.join("\n").includes(secret));
    assert(!stored.includes(secret));
  }
});
