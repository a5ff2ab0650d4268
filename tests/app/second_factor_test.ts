import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { sealSecret } from "../../domain/factors/totp.ts";
import { unseal } from "../../domain/factors/seal.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import { testApp } from "../support/app.ts";
import { days, minutes, seconds } from "../support/clock.ts";
import { ada, browser, door, member, OTHER_PASSWORD, PASSWORD, signedUp } from "../support/door.ts";
import { codeAt, phoneOf } from "../support/factor.ts";
import { type Client, errorOf, jsonOf } from "../support/http.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import { visitor } from "../support/site.ts";

interface Offer {
  secret: string;
  uri: string;
  offer: string;
}

/** Good beside a second factor, and too short alone. */
const SHORT = "vq7!kz-Lam2w";

const offered = async (client: Client) =>
  await jsonOf<Offer>(await client.post("/api/me/factors/totp/offer", {}));

async function half(t: Parameters<typeof phoneOf>[0] & { app: Parameters<typeof door>[0] }) {
  const client = browser(t.app, door(t.app));
  const answer = await client.post("/api/session", ada);
  assertEquals([answer.status, await answer.json()], [202, { next: "factor" }]);
  return client;
}

const show = (client: Client, code: string) => client.post("/api/session/factor", { code });

Deno.test("an app is taken by its key, its first code, and ends every session without one", async () => {
  await using t = await testApp();
  const { client, another, account } = await signedUp(t);
  const elsewhere = another();
  await elsewhere.post("/api/session", ada);
  const { secret, uri, offer } = await offered(client);
  assertMatch(uri, /^otpauth:\/\/totp\/Clock%20Work:ada%40example\.org\?issuer=Clock%20Work&/);
  assertEquals(new URL(uri).searchParams.get("secret"), secret);
  const wrong = await client.post("/api/me/factors/totp", { offer, code: "000000" });
  assertEquals([wrong.status, (await errorOf(wrong)).field], [400, "code"]);
  const code = codeAt(secret, t.clock.now());
  const added = await client.post("/api/me/factors/totp", { offer, code });
  const { codes } = await jsonOf<{ codes: string[] }>(added);
  assertEquals([added.status, codes.length, new Set(codes).size], [201, 10, 10]);
  for (const one of codes) assertMatch(one, /^([0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}$/);
  assertEquals((await client.get("/api/me")).status, 200, "this browser goes on");
  assertEquals((await elsewhere.get("/api/me")).status, 401);
  const stored = (await read(t.app, keys.factors(account.id)))!;
  assertEquals(stored.codes.length, 10);
  for (const one of codes) assert(!JSON.stringify(stored).includes(one.slice(0, 6)));
  const acts = (await list(t.app, ranges.audit)).map(({ act }) => act);
  assert(acts.includes("factor_added"));
});

Deno.test("with a second factor the password alone opens nothing, and a code with it does", async () => {
  await using t = await testApp();
  const phone = await phoneOf(t, await member(t.app));
  const client = await half(t);
  assertEquals((await client.get("/api/me")).status, 401);
  const wrong = await show(client, "000000");
  assertEquals([wrong.status, (await errorOf(wrong)).field], [400, "code"]);
  assertEquals((await show(client, phone.code().replace(/^.../, "$& "))).status, 201);
  assertEquals((await client.get("/api/me")).status, 200);
  const again = browser(t.app, door(t.app));
  assertEquals((await show(again, phone.code(1))).status, 401, "a code alone neither");
});

Deno.test("a ticket is half a sign-in for ten minutes, once, and not after the password has changed", async () => {
  await using t = await testApp();
  const account = await member(t.app);
  const phone = await phoneOf(t, account);
  const late = await half(t);
  t.clock.advance(minutes(10));
  assertEquals((await show(late, phone.code())).status, 401);
  const twice = await half(t);
  const ticket = twice.cookies.get("cw_ticket_dev")!;
  assertEquals((await show(twice, phone.code())).status, 201);
  assertEquals(twice.cookies.has("cw_ticket_dev"), false);
  t.clock.advance(seconds(60));
  const copy = browser(t.app, door(t.app));
  copy.cookies.set("cw_ticket_dev", ticket);
  assertEquals((await show(copy, phone.code())).status, 401);
  const old = await half(t);
  await twice.post("/api/me/password", { current: PASSWORD, password: OTHER_PASSWORD });
  assertEquals((await show(old, phone.code(1))).status, 401);
});

Deno.test("of each step of 30 s one code is good once, of now, of the one before or the one after", async () => {
  await using t = await testApp();
  const phone = await phoneOf(t, await member(t.app));
  const tries = async (steps: number) => (await show(await half(t), phone.code(steps))).status;
  assertEquals(await tries(-2), 400);
  assertEquals(await tries(2), 400);
  assertEquals(await tries(-1), 201);
  assertEquals(await tries(-1), 400, "used");
  assertEquals(await tries(0), 201);
  assertEquals(await tries(1), 201);
  assertEquals(await tries(0), 400, "older than the last one");
  t.clock.advance(seconds(60));
  assertEquals(await tries(0), 201);
});

Deno.test("one code in many browsers at once lets one of them in", async () => {
  await using t = await testApp();
  const phone = await phoneOf(t, await member(t.app));
  const many: Client[] = [];
  for (let i = 0; i < 15; i++) many.push(await half(t));
  const answers = await Promise.all(many.map((client) => show(client, phone.code())));
  assertEquals(answers.filter(({ status }) => status === 201).length, 1);
});

Deno.test("a recovery code takes the place of the app once, however it is typed, and its owner hears", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const { codes } = await phoneOf(t, account);
  const typed = codes[3]!.toUpperCase().replaceAll("-", " ");
  assertEquals((await show(await half(t), typed)).status, 201);
  assertEquals((await show(await half(t), codes[3]!)).status, 400);
  assertEquals((await show(await half(t), codes[4]!)).status, 201);
  assertEquals((await read(t.app, keys.factors(account.id)))!.codes.length, 8);
  await t.drain();
  const letters = mailer.accepted.filter(({ subject }) => subject === "A recovery code was used");
  const left = letters.map(({ text }) => text.match(/Left: (\d+)/)?.[1]);
  assertEquals(left.sort(), ["8", "9"]);
});

Deno.test("of a day's guesses at the code at most 96 are looked at, and recovery codes still work", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const { codes } = await phoneOf(t, await member(t.app));
  let looked = 0;
  let client = await half(t);
  for (let i = 0; i < 3_000; i++) {
    if (i % 15 === 0) client = await half(t);
    const answer = await show(client, "000000");
    if (answer.status === 400) looked++;
    await answer.body?.cancel();
    t.clock.advance(days(1) / 3_000);
  }
  assert(looked > 40 && looked <= 96, String(looked));
  assertEquals((await show(await half(t), codes[0]!)).status, 201);
  await t.drain();
  const told = mailer.accepted.filter(({ subject }) => subject === "Somebody has your password");
  assertEquals(told.length, 1);
});

Deno.test("the link of a letter and a new password by one still need the second factor", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const phone = await phoneOf(t, await member(t.app));
  const client = await visitor(t);
  const linkTo = async (ask: string) => {
    assertEquals((await client.postForm(ask, { email: ada.email })).status, 200);
    await t.drain();
    return pathsTo(mailer, ada.email, `${ask}/`).at(-1)!;
  };
  const entered = await client.postForm(await linkTo("/sign-in/mail"), { next: "/account" });
  assertEquals(entered.headers.get("location"), "/sign-in/factor?next=%2Faccount");
  assertEquals((await client.get("/api/me")).status, 401);
  const password = SHORT; // long enough beside the factor
  await client.postForm(await linkTo("/reset"), { password });
  const signed = await client.postForm("/sign-in", { email: ada.email, password, next: "/" });
  assertEquals(signed.headers.get("location"), "/sign-in/factor?next=%2F");
  assertEquals((await client.get("/api/me")).status, 401);
  const shown = await client.postForm("/sign-in/factor", { code: phone.code(), next: "/account" });
  assertEquals([shown.status, shown.headers.get("location")], [303, "/account"]);
  assertEquals((await client.get("/api/me")).status, 200);
});

Deno.test("a key sealed for one account opens for no other, nor with another secret", async () => {
  await using t = await testApp();
  await using other = await testApp();
  const secret = crypto.getRandomValues(new Uint8Array(20));
  const sealed = await sealSecret(t.app, "ada", secret);
  const open = (app: typeof t.app, accountId: string, bytes = sealed) =>
    unseal(app, { purpose: "totp", accountId }, bytes);
  assertEquals(await open(t.app, "ada"), secret);
  assertEquals(await open(t.app, "bob"), null);
  assertEquals(await open(other.app, "ada"), null);
  assertEquals(await open(t.app, "ada", sealed.with(20, sealed[20]! ^ 1)), null);
  assertEquals(await open(t.app, "ada", new Uint8Array(3)), null);
  assertNotEquals(await sealSecret(t.app, "ada", secret), sealed, "never the same twice");
});

Deno.test("an offer is good for its account, for a quarter of an hour, unaltered", async () => {
  await using t = await testApp();
  const { client } = await signedUp(t);
  await member(t.app, { email: "bob@example.org", name: "Bob" });
  const bob = browser(t.app, door(t.app));
  await bob.post("/api/session", { email: "bob@example.org", password: PASSWORD });
  const { secret, offer } = await offered(client);
  const take = (who: Client, given: string) =>
    who.post("/api/me/factors/totp", { offer: given, code: codeAt(secret, t.clock.now()) });
  assertEquals((await take(bob, offer)).status, 400);
  for (const altered of ["", "x", `${offer}AAAA`, offer.slice(4), offer.toUpperCase()]) {
    assertEquals((await take(client, altered)).status, 400, altered);
  }
  t.clock.advance(minutes(9));
  assertEquals((await client.post("/api/session/proof", { password: PASSWORD })).status, 204);
  t.clock.advance(minutes(6));
  assertEquals((await take(client, offer)).status, 400, "too old");
});

Deno.test("the last factor stays beside a short password, and with an admin", async () => {
  await using t = await testApp();
  const { client } = await signedUp(t);
  const { secret, offer } = await offered(client);
  const code = codeAt(secret, t.clock.now());
  await client.post("/api/me/factors/totp", { offer, code });
  const change = (current: string, password: string) =>
    client.post("/api/me/password", { current, password });
  const prove = async () => {
    t.clock.advance(seconds(30));
    const code = codeAt(secret, t.clock.now());
    assertEquals((await client.post("/api/session/proof", { code })).status, 204);
  };
  assertEquals((await change(PASSWORD, SHORT)).status, 204);
  await prove();
  const kept = await client.delete("/api/me/factors/totp");
  assertEquals(kept.status, 409);
  assertMatch((await errorOf(kept)).message, /too short to stand alone/);
  assertEquals((await change(SHORT, PASSWORD)).status, 204);
  await prove();
  assertEquals((await client.delete("/api/me/factors/totp")).status, 204);
  assertEquals((await change(PASSWORD, SHORT)).status, 400);
  assertEquals((await client.post("/api/me/factors/codes", {})).status, 409);
  assertEquals((await client.delete("/api/me/factors/totp")).status, 404);
});

Deno.test("a new password needs the second factor, and is no proof that it is there", async () => {
  await using t = await testApp();
  const { client } = await signedUp(t);
  const { secret, offer } = await offered(client);
  const code = codeAt(secret, t.clock.now());
  await client.post("/api/me/factors/totp", { offer, code });
  t.clock.advance(minutes(10));
  const change = { current: PASSWORD, password: OTHER_PASSWORD };
  const unproved = await client.post("/api/me/password", change);
  assertEquals([unproved.status, (await errorOf(unproved)).code], [403, "proof_needed"]);
  const prove = async () => {
    t.clock.advance(seconds(30));
    const code = codeAt(secret, t.clock.now());
    assertEquals((await client.post("/api/session/proof", { code })).status, 204);
  };
  await prove();
  assertEquals((await client.post("/api/me/password", change)).status, 204);
  assertEquals((await client.get("/api/me")).status, 200, "the session goes on");
  const refused = await client.delete("/api/me/factors/totp");
  assertEquals([refused.status, (await errorOf(refused)).code], [403, "proof_needed"]);
  await prove();
  assertEquals((await client.delete("/api/me/factors/totp")).status, 204);
});
