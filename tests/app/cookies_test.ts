import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { findSession } from "../../domain/accounts/sessions.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { browser, door, member } from "../support/door.ts";
import { phoneOf } from "../support/factor.ts";
import { jsonOf } from "../support/http.ts";
import { ada, signedUp } from "../support/door.ts";

const https = { ORIGIN: "https://clock.example.org" };

Deno.test("signing in gives a cookie that scripts, other sites and other hosts do not get", async () => {
  await using t = await testApp({ env: https });
  await member(t.app);
  const client = browser(t.app, door(t.app));
  const response = await client.post("/api/session", ada);
  assertEquals(response.status, 201);
  const [cookie, ...more] = response.headers.getSetCookie();
  assertEquals(more, []);
  assertMatch(
    cookie ?? "",
    /^__Host-cw_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  assertEquals((await jsonOf(await client.get("/api/me"))).email, "ada@example.org");
});

Deno.test("on http, which is for localhost, the cookie has another name and is not Secure", async () => {
  await using t = await testApp();
  const { client } = await signedUp(t);
  assertEquals([...client.cookies.keys()], ["cw_session_dev"]);
  const [, value] = [...client.cookies][0]!;
  const secure = browser(t.app, door(t.app));
  secure.cookies.set("__Host-cw_session", value);
  assertEquals((await secure.get("/api/me")).status, 401, "and only that name counts");
});

Deno.test("an admin's cookie lasts as long as an admin's session", async () => {
  await using t = await testApp();
  const { code } = await phoneOf(t, await member(t.app, { role: "admin" }));
  const root = browser(t.app, door(t.app));
  const half = await root.post("/api/session", ada);
  assertMatch(half.headers.getSetCookie().join(), /^cw_ticket_dev=[\w-]{43}; Max-Age=600;/);
  const response = await root.post("/api/session/factor", { code: code() });
  const cookies = response.headers.getSetCookie();
  assertMatch(cookies.find((one) => one.startsWith("cw_session_dev")) ?? "", /Max-Age=43200;/);
});

Deno.test("a session that was there before signing in is not the one after", async () => {
  await using t = await testApp();
  const { client, value } = await signedUp(t);
  await client.post("/api/session", ada);
  const [fresh] = client.cookies.values();
  assertNotEquals(fresh, value);
  assertEquals(await findSession(t.app, value), null, "the one before is dead");
  const planted = browser(t.app, door(t.app));
  planted.cookies.set("cw_session_dev", "A".repeat(43));
  await planted.post("/api/session", ada);
  assertNotEquals([...planted.cookies.values()][0], "A".repeat(43));
});

Deno.test("a session's value counts in its cookie only", async () => {
  await using t = await testApp();
  const { value, another } = await signedUp(t);
  const client = another();
  for (const path of [`/api/me?cw_session_dev=${value}`, `/api/me?session=${value}`]) {
    assertEquals((await client.get(path)).status, 401);
  }
  const headers = { authorization: `Bearer ${value}` };
  assertEquals((await client.get("/api/me", { headers })).status, 401);
});

Deno.test("signing out ends the session on the server and has the browser forget", async () => {
  await using t = await testApp();
  const { client, value } = await signedUp(t);
  const response = await client.delete("/api/session");
  assertEquals(response.status, 204);
  assertEquals(response.headers.get("clear-site-data"), `"cache", "storage"`);
  assertEquals(client.cookies.size, 0);
  client.cookies.set("cw_session_dev", value);
  assertEquals((await client.get("/api/me")).status, 401);
  assertEquals((await client.delete("/api/session")).status, 204, "also twice");
});

Deno.test("a session's value changes after a day, whatever is asked, and goes on working", async () => {
  await using t = await testApp();
  const { client, value } = await signedUp(t);
  t.clock.advance(days(1));
  const response = await client.get("/api/nowhere");
  assertEquals(response.status, 404);
  const [fresh] = client.cookies.values();
  assertNotEquals(fresh, value);
  t.clock.advance(minutes(2));
  assertEquals((await client.get("/api/me")).headers.getSetCookie(), []);
  client.cookies.set("cw_session_dev", value);
  assertEquals((await client.get("/api/me")).status, 401);
});

Deno.test("a value that is due to change does not come back after signing out or in", async () => {
  await using t = await testApp();
  const { client, another } = await signedUp(t);
  t.clock.advance(days(1));
  const out = await client.delete("/api/session");
  assertEquals(out.headers.getSetCookie().length, 1);
  assertEquals(client.cookies.size, 0);
  const other = another();
  await other.post("/api/session", ada);
  t.clock.advance(days(1));
  const again = await other.post("/api/session", ada);
  assertEquals(again.headers.getSetCookie().length, 1);
  assertEquals((await other.get("/api/me")).status, 200);
  assertEquals(
    (await list(
      t.app,
      ranges.sessionsOf((await jsonOf<{ id: string }>(await other.get("/api/me"))).id),
    )).length,
    1,
  );
});

Deno.test("a socket's request does not change the value: its answer carries no cookie", async () => {
  await using t = await testApp();
  const { client, value } = await signedUp(t);
  t.clock.advance(days(1));
  await client.get("/api/me", { headers: { upgrade: "websocket" } });
  assertEquals([...client.cookies.values()], [value]);
  assert(await findSession(t.app, value));
});
