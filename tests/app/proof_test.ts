import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Hono } from "hono";
import { endSession } from "../../domain/accounts/session_end.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { proved } from "../../routes/proof.ts";
import { type Env, signedIn } from "../../routes/router.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes, seconds } from "../support/clock.ts";
import { browser, door, member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { type Client, errorOf } from "../support/http.ts";
import { fieldIn, pageOf, visitor } from "../support/site.ts";

const HTML = { headers: { accept: "text/html" } };

/** Doors that are only for who has just shown who they are. */
function guarded(app: TestApp["app"]) {
  return (http: Hono<Env>) => {
    http.get("/safe", signedIn, proved(app), (c) => c.text("open"));
    http.post("/safe", signedIn, proved(app, "/account#safe"), (c) => c.text("done"));
    http.post(
      "/safe/:id",
      signedIn,
      proved(app, (c) => `/safes/${c.req.param("id")}`),
      (c) => c.text("done"),
    );
    http.post("/api/safe", signedIn, proved(app), (c) => c.text("done"));
  };
}

async function adaSignedIn(t: TestApp): Promise<Client> {
  await member(t.app);
  const client = browser(t.app, door(t.app, { add: guarded(t.app) }));
  await client.post("/api/session", { email: "ada@example.org", password: PASSWORD });
  return client;
}

Deno.test("signing in shows who one is, for ten minutes", async () => {
  await using t = await testApp();
  const ada = await adaSignedIn(t);
  t.clock.advance(minutes(10) - 1);
  assertEquals(await (await ada.get("/safe?a=1")).text(), "open");
  assertEquals(await (await ada.post("/api/safe", {})).text(), "done");
  t.clock.advance(1);
  const pages: [Response, string][] = [
    [await ada.get("/safe?a=1", HTML), "/prove?next=%2Fsafe%3Fa%3D1"],
    [await ada.postForm("/safe", {}), "/prove?next=%2Faccount%23safe"],
    [await ada.postForm("/safe/7", {}), "/prove?next=%2Fsafes%2F7"],
  ];
  for (const [{ status, headers }, to] of pages) {
    assertEquals([status, headers.get("location")], [303, to]);
  }
  const refused = await ada.post("/api/safe", {});
  assertEquals(refused.status, 403);
  assertEquals(await errorOf(refused), {
    code: "proof_needed",
    message: "Cannot do this yet: show first that it is you",
  });
});

Deno.test("the password shows it once more, under another value of the session", async () => {
  await using t = await testApp();
  const ada = await adaSignedIn(t);
  const [stolen = ""] = ada.cookies.values();
  t.clock.advance(minutes(10));
  const wrong = await ada.post("/api/session/proof", { password: OTHER_PASSWORD });
  assertEquals([wrong.status, (await errorOf(wrong)).field], [400, "password"]);
  assertEquals((await ada.post("/api/safe", {})).status, 403);
  assertEquals((await ada.post("/api/session/proof", { password: PASSWORD })).status, 204);
  assertNotEquals([...ada.cookies.values()][0], stolen);
  assertEquals(await (await ada.post("/api/safe", {})).text(), "done");
  const thief = browser(t.app, door(t.app, { add: guarded(t.app) }));
  thief.cookies.set("cw_session_dev", stolen);
  assertEquals((await thief.get("/api/me")).status, 200, "requests that were under way");
  assertEquals((await thief.post("/api/safe", {})).status, 403, "and no more than before");
  t.clock.advance(minutes(1));
  assertEquals((await thief.get("/api/me")).status, 401);
  const acts = (await list(t.app, ranges.audit)).map(({ act }) => act);
  assertEquals(acts.filter((act) => act === "sudo").length, 1);
});

Deno.test("a proof changes no other session, and its end ends every value", async () => {
  await using t = await testApp();
  const ada = await adaSignedIn(t);
  const other = browser(t.app, door(t.app, { add: guarded(t.app) }));
  await other.post("/api/session", { email: "ada@example.org", password: PASSWORD });
  t.clock.advance(days(1));
  const values = [...ada.cookies.values()];
  await ada.get("/api/me"); // the day is over: its value changes
  values.push(...ada.cookies.values());
  await ada.post("/api/session/proof", { password: PASSWORD });
  values.push(...ada.cookies.values());
  assertEquals(new Set(values).size, 3);
  assertEquals((await other.post("/api/safe", {})).status, 403);
  const { session } = (await findSession(t.app, values.at(-1)!))!;
  await endSession(t.app, session);
  for (const value of values) assertEquals(await findSession(t.app, value), null);
});

Deno.test("a wrong password is counted as at signing in", async () => {
  await using t = await testApp();
  const ada = await adaSignedIn(t);
  const guess = (password: string) => ada.post("/api/session/proof", { password });
  for (let i = 0; i < 5; i++) assertEquals((await guess(OTHER_PASSWORD)).status, 400);
  assertEquals((await guess(PASSWORD)).status, 429);
  t.clock.advance(seconds(1));
  assertEquals((await guess(PASSWORD)).status, 204);
});

Deno.test("who is asked on the page goes on where they wanted to", async () => {
  await using t = await testApp();
  const account = await member(t.app);
  const ada = await visitor(t, account);
  t.clock.advance(minutes(10));
  const asking = await pageOf(ada, "/prove?next=/account%23telegram");
  const next = fieldIn(asking, "next");
  assertEquals(next, "/account#telegram");
  const wrong = await ada.postForm("/prove", { password: OTHER_PASSWORD, next });
  assertEquals(wrong.status, 400);
  const again = await wrong.text();
  assert(again.includes("the password is not right"));
  assertEquals(fieldIn(again, "next"), next);
  const right = await ada.postForm("/prove", { password: PASSWORD, next });
  assertEquals([right.status, right.headers.get("location")], [303, "/account#telegram"]);
  const known = await ada.get("/prove?next=/account", HTML);
  assertEquals([known.status, known.headers.get("location")], [303, "/account"], "not twice");
});

Deno.test("a chat is not unlinked by whoever finds the browser open", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await member(t.app));
  t.clock.advance(minutes(10));
  const asked = await ada.postForm("/account/telegram/unlink", {});
  assertEquals(asked.headers.get("location"), "/prove?next=%2Faccount%23telegram");
});
