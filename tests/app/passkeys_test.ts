import { assert, assertEquals, assertMatch } from "@std/assert";
import { passkeysWork } from "../../domain/factors/passkeys.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { Authenticator, type Odd } from "../support/authenticator.ts";
import { minutes } from "../support/clock.ts";
import { ada, browser, door, PASSWORD, signedUp } from "../support/door.ts";
import { phoneOf } from "../support/factor.ts";
import { type Client, errorOf, jsonOf } from "../support/http.ts";
import { visitor } from "../support/site.ts";

type Made = Parameters<Authenticator["make"]>[0];
type Asked = Parameters<Authenticator["use"]>[0];

const offer = async (client: Client) =>
  await jsonOf<Made>(await client.post("/api/me/factors/passkeys/options", {}));
const question = async (client: Client) =>
  await jsonOf<Asked>(await client.post("/api/session/passkey/options", {}));

async function add(client: Client, device: Authenticator, odd: Odd = {}): Promise<Response> {
  const credential = await device.make(await offer(client), odd);
  return await client.post("/api/me/factors/passkeys", { name: "Blue key", credential });
}

async function enter(client: Client, device: Authenticator, odd: Odd = {}): Promise<number> {
  const credential = await device.use(await question(client), odd);
  const answer = await client.post("/api/session/passkey", { credential });
  await answer.body?.cancel();
  return answer.status;
}

/** Ada with a passkey, and a way to a new browser. */
async function withPasskey(t: TestApp) {
  const s = await signedUp(t);
  const device = await Authenticator.create(t.app.config.origin);
  const added = await add(s.client, device);
  assertEquals(added.status, 201);
  const { codes } = await jsonOf<{ codes: string[] }>(added);
  return { ...s, device, codes };
}

Deno.test("a passkey is made, listed by its name, and signs in by itself", async () => {
  await using t = await testApp();
  const { client, device, codes, another } = await withPasskey(t);
  assertEquals(codes.length, 10);
  const listed = await jsonOf<{ passkeys: { name: string; usedAt: string | null }[] }>(
    await client.get("/api/me/factors"),
  );
  assertEquals(listed.passkeys.map(({ name, usedAt }) => [name, usedAt]), [["Blue key", null]]);
  const elsewhere = another();
  const asked = await question(elsewhere);
  assertEquals([asked.rpId, asked.userVerification], ["localhost", "required"]);
  assertEquals(asked.allowCredentials ?? [], [], "strangers are not told what there is");
  assertEquals(await enter(elsewhere, device), 201);
  assertEquals((await elsewhere.get("/api/me")).status, 200);
});

Deno.test("it is the second of two factors too, and only for whose it is", async () => {
  await using t = await testApp();
  const { device, another } = await withPasskey(t);
  const bob = await t.person("Bob");
  const elsewhere = another();
  assertEquals((await elsewhere.post("/api/session", ada)).status, 202);
  const { allowCredentials = [] } = await question(elsewhere);
  assertEquals(allowCredentials.map(({ id }) => id), [device.id]);
  const bobs = await visitor(t, bob);
  const other = await Authenticator.create(t.app.config.origin);
  assertEquals((await add(bobs, other)).status, 201);
  assertEquals(await enter(elsewhere, other), 401, "another's, after her password");
  assertEquals((await elsewhere.get("/api/me")).status, 401);
  assertEquals(await enter(elsewhere, device), 201);
  assertEquals(elsewhere.cookies.has("cw_ticket_dev"), false);
});

const ODD: Record<string, Odd> = {
  "on another page": { origin: "https://clock-work.example.net" },
  "for another site": { rpId: "example.net" },
  "without finger, face or PIN": { unverified: true },
  "for a challenge that is not ours": { challenge: "A".repeat(43) },
  "for something else": { type: "payment.get" },
};

for (const [how, odd] of Object.entries(ODD)) {
  Deno.test(`a passkey that is made or used ${how} counts for nothing`, async () => {
    await using t = await testApp();
    const { client, device, another, account } = await withPasskey(t);
    const second = await Authenticator.create(t.app.config.origin);
    const refused = await add(client, second, odd);
    assertEquals([refused.status, (await errorOf(refused)).field], [400, "credential"]);
    assertEquals(await enter(another(), device, odd), 401);
    assertEquals((await read(t.app, keys.factors(account.id)))!.passkeys.length, 1);
    assertEquals(await enter(another(), device), 201, "and as it should be it does");
  });
}

Deno.test("an answer is good once, within five minutes, and a copied key is found out by its count", async () => {
  await using t = await testApp();
  const { device, another } = await withPasskey(t);
  const client = another();
  const credential = await device.use(await question(client));
  const send = () => another().post("/api/session/passkey", { credential });
  assertEquals((await send()).status, 201);
  assertEquals((await send()).status, 401, "seen and sent again");
  const late = await device.use(await question(client));
  t.clock.advance(minutes(5));
  const answer = await client.post("/api/session/passkey", { credential: late });
  assertEquals(answer.status, 401);
  assertEquals(await enter(another(), device, { uses: 2 }), 401, "the count of a copy");
  assertEquals(await enter(another(), device, { uses: 9 }), 201);
});

Deno.test("a signature that was altered, or of another key under the same name, is refused", async () => {
  await using t = await testApp();
  const { device, another, account } = await withPasskey(t);
  const forger = await Authenticator.create(t.app.config.origin);
  const client = another();
  const { response } = await forger.use(await question(client));
  const forged = { ...await device.use(await question(client)), response };
  forged.response.userHandle = new TextEncoder().encode(account.id).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  assertEquals((await client.post("/api/session/passkey", { credential: forged })).status, 401);
  const right = await device.use(await question(client));
  const { signature } = right.response;
  right.response.signature = (signature[20] === "A" ? "B" : "A") + signature.slice(1);
  assertEquals((await client.post("/api/session/passkey", { credential: right })).status, 401);
});

Deno.test("an offer to one account makes no passkey for another, and none is taken twice", async () => {
  await using t = await testApp();
  const { client, device } = await withPasskey(t);
  const bob = await visitor(t, await t.person("Bob"));
  const second = await Authenticator.create(t.app.config.origin);
  const credential = await second.make(await offer(client));
  const crossed = await bob.post("/api/me/factors/passkeys", { credential });
  assertEquals(crossed.status, 400);
  const twice = await add(client, device);
  assertMatch((await errorOf(twice)).message, /you have it already/);
});

Deno.test("a passkey proves again who one is, and the password alone no longer does", async () => {
  await using t = await testApp();
  const { client, device, codes } = await withPasskey(t);
  t.clock.advance(minutes(10));
  assertEquals((await client.post("/api/me/factors/codes", {})).status, 403);
  const byPassword = await client.post("/api/session/proof", { password: PASSWORD });
  assertEquals([byPassword.status, (await errorOf(byPassword)).field], [400, "password"]);
  const credential = await device.use(await question(client));
  assertEquals((await client.post("/api/session/proof", { credential })).status, 204);
  const fresh = await client.post("/api/me/factors/codes", {});
  assertEquals(fresh.status, 201);
  t.clock.advance(minutes(10));
  const old = await client.post("/api/session/proof", { code: codes[0]! });
  assertEquals(old.status, 400, "codes from before new ones were made");
  const { codes: now } = await jsonOf<{ codes: string[] }>(fresh);
  assertEquals((await client.post("/api/session/proof", { code: now[0]! })).status, 204);
});

Deno.test("a passkey that was removed opens nothing, nor does one of who is shut out", async () => {
  await using t = await testApp();
  const { client, device, another, account } = await withPasskey(t);
  await phoneOf(t, account);
  const asked = await question(another());
  assertEquals((await client.delete(`/api/me/factors/passkeys/${device.id}`)).status, 204);
  const credential = await device.use(asked);
  assertEquals((await another().post("/api/session/passkey", { credential })).status, 401);
  const second = await Authenticator.create(t.app.config.origin);
  assertEquals((await add(client, second)).status, 201);
  const root = await visitor(t, await t.person("Root", { role: "admin" }));
  assertEquals((await root.post(`/api/admin/members/${account.id}/suspend`, {})).status, 200);
  assertEquals(await enter(another(), second), 401);
});

Deno.test("an eleventh passkey is refused, and names are short", async () => {
  await using t = await testApp();
  const { client, device } = await withPasskey(t);
  for (let i = 1; i < 10; i++) {
    const answer = await add(client, await Authenticator.create(t.app.config.origin));
    assertEquals([answer.status, (await jsonOf(answer)).codes], [201, null]);
  }
  const eleventh = await add(client, await Authenticator.create(t.app.config.origin));
  assertMatch((await errorOf(eleventh)).message, /10 already/);
  const credential = await device.make(await offer(client));
  const named = await client.post("/api/me/factors/passkeys", { name: "x".repeat(41), credential });
  assertEquals((await errorOf(named)).field, "name");
});

Deno.test("there are no passkeys where people come by a number", async () => {
  const at = (origin: string) => passkeysWork({ origin } as TestApp["app"]["config"]);
  assert(at("http://localhost:8000") && at("https://notes.example.org"));
  assert(!at("http://127.0.0.1:8000") && !at("http://[::1]:8000"));
  await using t = await testApp({ env: { ORIGIN: "http://127.0.0.1:8000" } });
  const { client } = await signedUp(t);
  assertEquals((await client.post("/api/me/factors/passkeys/options", {})).status, 409);
  const page = await (await visitor(t)).get("/sign-in", { headers: { accept: "text/html" } });
  assert(!(await page.text()).includes("passkey"));
});

Deno.test("what is no passkey at all is a 400 that changes nothing", async () => {
  await using t = await testApp();
  const { another } = await withPasskey(t);
  const client = browser(t.app, door(t.app));
  for (const credential of [null, "", {}, [], { id: 1 }, { id: "A", type: "password" }]) {
    assertEquals((await client.post("/api/session/passkey", { credential })).status, 400);
  }
  const pages = await visitor(t);
  for (const credential of ["", "{", "null", "[]", "x".repeat(40_000)]) {
    const answer = await pages.postForm("/sign-in/passkey", { credential });
    assertEquals(answer.status, 400);
  }
  assertEquals((await another().get("/api/me")).status, 401);
});

Deno.test("a passkey is no way into an account whose address is another's now", async () => {
  await using t = await testApp();
  const { device, another, account } = await withPasskey(t);
  const bob = await t.person("Bob");
  await transact(t.app, (tx) => tx.set(keys.accountByEmail(account.email), bob.id));
  assertEquals(await enter(another(), device), 401);
});
