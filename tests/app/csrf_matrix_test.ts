import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { ada, browser, door as doorOf, member } from "../support/door.ts";
import { doors, type Fields, FILE, unsafeDoors } from "../support/doors/mod.ts";
import type { Sent } from "../support/http.ts";
import { addressOf, bodyOf, partsOf, requestTo } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { things } from "../support/things.ts";

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

type Headers = NonNullable<Sent["headers"]>;

/** What another site, or an old browser, can make of a request. */
const foreign: Record<string, Headers> = {
  "from another site": { "sec-fetch-site": "cross-site", "origin": "https://evil.example" },
  "from a sibling host": { "sec-fetch-site": "same-site", "origin": "http://a.localhost:8000" },
  "without fetch metadata and Origin": { "sec-fetch-site": null, "origin": null },
  "with the Origin of a sandbox": { "sec-fetch-site": null, "origin": "null" },
  "as plain text": { "content-type": "text/plain" },
  "without a type": { "content-type": "" },
  "as a form with files": { "content-type": "multipart/form-data; boundary=x" },
};
/** The type that is right for the other half of the doors. */
const swapped = (isApi: boolean): Headers => ({
  "content-type": isApi ? "application/x-www-form-urlencoded" : "application/json",
});

/** All that is stored, with every stamp: not even the session was looked at. */
async function whole(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return JSON.stringify(entries.map(({ key, versionstamp }) => [key, versionstamp]));
}

async function admin() {
  const env = { TELEGRAM_BOT_TOKEN: TOKEN };
  const t = await testApp({ env, messenger: new TestMessenger() });
  return { t, ...await asker(t, "an admin") };
}

for (const [how, headers] of Object.entries({ ...foreign, "as what the other doors take": null })) {
  Deno.test(`${how}, no door that changes something does`, async () => {
    const { t, account, client } = await admin();
    await using _ = t;
    for (const [name, door] of Object.entries(unsafeDoors)) {
      if (door.for === "services" || door.exempt) continue; // have a proof of their own: see below
      const id = door.thing ? await things[door.thing](t, account) : newId();
      const fields = await bodyOf(door, { t, by: account, id });
      if (FILE in fields && how === "as a form with files") continue; // that is what it takes
      const before = await whole(t.kv);
      const cookies = [...client.cookies];
      const sent = requestTo(name, fields, headers ?? swapped(partsOf(name).isApi));
      const response = await client.send(addressOf(name, id), sent);
      await response.body?.cancel();
      assertEquals([response.status, response.headers.getSetCookie()], [403, []], name);
      assertEquals(await whole(t.kv), before, name);
      assertEquals([...client.cookies], cookies, name);
    }
  });
}

Deno.test("asking to look, with another method in the address or a header, changes nothing", async () => {
  const { t, account, client } = await admin();
  await using _ = t;
  for (const [name, door] of Object.entries(unsafeDoors)) {
    const id = door.thing ? await things[door.thing](t, account) : newId();
    const { method } = partsOf(name);
    const fields = await bodyOf(door, { t, by: account, id });
    const query = new URLSearchParams({ _method: method });
    for (const [field, value] of Object.entries(fields)) query.set(field, String(value));
    const before = await whole(t.kv);
    const override = { "x-http-method-override": method, "x-method-override": method };
    const headers = { ...override, "sec-fetch-site": "cross-site" };
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const response = await client.send(`${addressOf(name, id)}?${query}`, { method, headers });
      await response.body?.cancel();
      assert(response.status < 500, `${method} ${name}`);
    }
    assertEquals(await whole(t.kv), before, name);
  }
});

Deno.test("what a service asks without its proof is refused and does nothing", async () => {
  const env = { ORIGIN: "https://work.example.org", TELEGRAM_BOT_TOKEN: TOKEN };
  await using t = await testApp({ env, messenger: new TestMessenger() });
  const { client } = await asker(t, "anonymous");
  const services = Object.entries(doors).filter(([, door]) => door.for === "services");
  const before = await whole(t.kv);
  for (const [name] of services) {
    for (const headers of Object.values(foreign)) {
      const sent = { method: "POST", raw: `{"update_id":1}`, headers };
      const response = await client.send(addressOf(name, newId()), sent);
      await response.body?.cancel();
      assert([401, 403, 404].includes(response.status), `${name} ${response.status}`);
    }
  }
  assertEquals(await whole(t.kv), before);
});

Deno.test("a door that anybody may send to from anywhere does nothing without its proof", async () => {
  const { t, client } = await admin();
  await using _ = t;
  const exempt = Object.entries(doors).filter(([, door]) => door.exempt);
  assert(exempt.length > 0);
  for (const [name, door] of exempt) {
    for (const headers of Object.values(foreign).slice(0, 4)) {
      const before = await whole(t.kv);
      const fields = door.takes as Fields ?? {};
      const response = await client.send(
        addressOf(name, newId()),
        requestTo(name, fields, headers),
      );
      await response.body?.cancel();
      assertEquals(response.status, 404, name);
      assertEquals(await whole(t.kv), before, name);
    }
  }
});

Deno.test("without the guard the same requests do what they ask for", async () => {
  await using t = await testApp();
  await member(t.app);
  const client = browser(t.app, doorOf(t.app, { exempt: () => true }));
  await client.post("/api/session", ada);
  for (const headers of Object.values(foreign)) {
    if (headers["content-type"] === "") continue; // then there is no body to read either
    const before = await whole(t.kv);
    const response = await client.send("/api/me", {
      method: "PATCH",
      json: { name: "Eve" },
      headers,
    });
    assertEquals((await response.json()).name, "Eve");
    assertNotEquals(await whole(t.kv), before);
  }
});
