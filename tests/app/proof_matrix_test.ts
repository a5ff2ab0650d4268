import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { minutes } from "../support/clock.ts";
import { type Door, doors } from "../support/doors/mod.ts";
import { phoneOf } from "../support/factor.ts";
import { addressOf, bodyOf, partsOf, requestTo } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { things } from "../support/things.ts";

/** What members do behind a proof, and what they look at: what cannot be taken back, and ways in. */
const MEMBERS = [
  "POST /api/me/email",
  "GET /account/email",
  "POST /account/email",
  "POST /account/data/export",
  "GET /account/data/export.zip",
  "GET /account/close",
  "POST /account/close",
  "POST /account/addresses",
  "POST /account/telegram",
  "POST /account/telegram/unlink",
  "POST /api/me/factors/totp/offer",
  "POST /api/me/factors/totp",
  "DELETE /api/me/factors/totp",
  "POST /api/me/factors/passkeys/options",
  "POST /api/me/factors/passkeys",
  "DELETE /api/me/factors/passkeys/:id",
  "POST /api/me/factors/codes",
  "GET /account/totp",
  "POST /account/totp",
  "POST /account/totp/remove",
  "POST /account/passkeys",
  "POST /account/passkeys/:id/remove",
  "POST /account/codes",
];
/** These ask for the password themselves, and where there is a second factor for that as well. */
const BY_PASSWORD = ["POST /api/me/password", "POST /account/password"];
/** What admins do without one. */
const ADMINS_FREE = [
  // An emergency waits for no password; it is undone by one.
  "POST /api/admin/sending/stop",
  "POST /admin/sending/stop",
  // Looks, and is no GET so that addresses stay out of paths.
  "POST /api/admin/suppressions/find",
  "POST /admin/suppressions/find",
  // A draft reaches nobody before it is confirmed; to call it off is to stop something.
  "POST /api/broadcasts",
  "PATCH /api/broadcasts/:id",
  "DELETE /api/broadcasts/:id",
  "POST /admin/broadcasts",
  "POST /admin/broadcasts/:id",
  "POST /admin/broadcasts/:id/cancel",
];

const needsProof = ([name, door]: [string, Door]) =>
  MEMBERS.includes(name) || BY_PASSWORD.includes(name) ||
  door.for === "admins" && !name.startsWith("GET ") && !ADMINS_FREE.includes(name);

/** Everything but the sessions, which are looked at. */
async function stored({ kv }: TestApp): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  const others = entries.filter(({ key }) => !["session", "commit_token"].includes(String(key[0])));
  return JSON.stringify(others.map(({ key, versionstamp }) => [key, versionstamp]));
}

async function world() {
  const t = await testApp({ messenger: new TestMessenger() });
  return { t, ...await asker(t, "an admin") };
}

for (const [name, door] of Object.entries(doors).filter(needsProof)) {
  Deno.test(`a browser left open is not enough for ${name}, a proof is`, async () => {
    const { t, account, client } = await world();
    await using _ = t;
    const id = door.thing ? await things[door.thing](t, account) : newId();
    await t.drain();
    t.clock.advance(minutes(10));
    const sent = requestTo(name, await bodyOf(door, { t, by: account, id }));
    const before = await stored(t);
    const refused = await client.send(addressOf(name, id), sent);
    await refused.body?.cancel();
    const { isApi } = partsOf(name);
    assertEquals(refused.status, isApi ? 403 : 303);
    if (!isApi) assertEquals(refused.headers.get("location")?.slice(0, 12), "/prove?next=");
    assertEquals(await stored(t), before, "nothing was done");

    const { code } = await phoneOf(t, account);
    assertEquals((await client.post("/api/session/proof", { code: code() })).status, 204);
    const passed = await client.send(addressOf(name, id), sent);
    await passed.body?.cancel();
    const to = passed.headers.get("location") ?? "";
    assert(passed.status !== 403 && passed.status < 500 && !to.startsWith("/prove"), to);
  });
}

Deno.test("no other door asks for a proof, and those for a password ask for the one of now", async () => {
  await using t = await testApp({ messenger: new TestMessenger() });
  for (const [name, door] of Object.entries(doors)) {
    const isFree = BY_PASSWORD.includes(name) || !needsProof([name, door]);
    if (!isFree || door.for === "everybody" || door.for === "services") continue;
    const { account, client } = await asker(t, door.for === "admins" ? "an admin" : "owner");
    const id = door.thing ? await things[door.thing](t, account) : newId();
    t.clock.advance(minutes(10));
    const fields = await bodyOf(door, { t, by: account, id });
    const typed = BY_PASSWORD.includes(name) ? { ...fields, current: "not the one" } : fields;
    const response = await client.send(addressOf(name, id), requestTo(name, typed));
    const to = response.headers.get("location") ?? "";
    const said = await response.text();
    assert(!said.includes("proof_needed") && !to.startsWith("/prove?"), `${name} ${to}`);
    assert(response.status !== 401 && !to.startsWith("/sign-in?"), name);
    if (BY_PASSWORD.includes(name)) assertEquals(response.status, 400, name);
  }
});

Deno.test("each door that is named here is one", () => {
  for (const name of [...MEMBERS, ...BY_PASSWORD, ...ADMINS_FREE]) assert(name in doors, name);
});
