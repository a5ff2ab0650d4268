import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../domain/accounts/digest.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { hours } from "../support/clock.ts";
import { type Door, doors } from "../support/doors/mod.ts";
import type { Client } from "../support/http.ts";
import { addressOf, bodyOf, requestTo } from "../support/knock.ts";
import { rights } from "../support/rights.ts";
import { things } from "../support/things.ts";

type Right = keyof typeof rights;

/** Pages behind a link that is a right to do something once, by what makes such a link. */
const links = Object.entries(doors).filter(([name, { thing }]) =>
  name.startsWith("POST ") && thing !== undefined && Object.hasOwn(rights, thing)
) as [string, Door & { thing: Right }][];
/** Answers can be changed by the same link, and stopping mail must work for ever. */
const STAYS: readonly Right[] = ["invitation", "stop"];
const once = links.filter(([, { thing }]) => !STAYS.includes(thing));

async function scene() {
  const t = await testApp();
  const { account } = await asker(t, "owner");
  const { client } = await asker(t, "anonymous");
  return { t, account, client };
}

async function stored({ kv }: TestApp): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return JSON.stringify(entries.map(({ key, versionstamp }) => [key, versionstamp]));
}

async function press(
  client: Client,
  [name, door]: typeof links[number],
  { t, account, value }: { t: TestApp; account: Parameters<typeof things.note>[1]; value: string },
): Promise<number> {
  const fields = await bodyOf(door, { t, by: account, id: value });
  const response = await client.send(addressOf(name, value), requestTo(name, fields));
  await response.body?.cancel();
  return response.status;
}

Deno.test("the links of letters are these", () => {
  assertEquals(links.map(([name]) => name.split(" ")[1]!).toSorted(), [
    ...["/activate/:token", "/email/confirm/:token", "/email/undo/:token", "/i/:token"],
    ...["/own-address/:token", "/reset/:token", "/sign-in/mail/:token", "/u/:token"],
    ...["/u/:token/erase", "/u/:token/report"],
  ]);
});

for (const link of links) {
  const [name, { thing }] = link;
  Deno.test(`a look changes nothing and tells nobody the address: ${name}`, async () => {
    const { t, account, client } = await scene();
    await using _ = t;
    const value = await things[thing](t, account);
    const before = await stored(t);
    for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
      const headers = { "accept": "text/html", "sec-fetch-site": "none", "purpose": "prefetch" };
      const looked = await client.send(addressOf(name, value), { method, headers });
      await looked.body?.cancel();
      assertEquals(looked.headers.get("referrer-policy"), "same-origin");
      assertEquals(looked.headers.get("cache-control"), "no-store");
      if (method === "GET") assertEquals(looked.status, 200);
      assert(looked.status < 500);
    }
    assertEquals(await stored(t), before);
    assert(await press(client, link, { t, account, value }) < 400, "it still works");
  });
}

for (const link of once) {
  const [name, { thing }] = link;
  Deno.test(`it works once, for its hour, for nothing else, and is stored as a hash: ${name}`, async () => {
    const { t, account, client } = await scene();
    await using _ = t;
    const before = await stored(t);
    for (const [other, door] of once) {
      if (door.thing === thing) continue;
      const value = await things[door.thing](t, account);
      assertEquals(await press(client, link, { t, account, value }), 404, other);
      assert(await read(t.app, keys.token(await sha256(value))), `${other} is not used up`);
    }
    const late = await things[thing](t, account);
    t.clock.advance(hours(1));
    assertEquals(await press(client, link, { t, account, value: late }), 404, "too late");

    const value = await things[thing](t, account);
    assert(await stored(t) !== before);
    const all = Deno.inspect(await Array.fromAsync(t.kv.list({ prefix: [] })), {
      depth: 20,
      iterableLimit: Infinity,
      strAbbreviateSize: Infinity,
    });
    assert(!all.includes(value) && all.includes(await sha256(value)));
    assertEquals(value.length, 43, "256 bits");
    assert(await press(client, link, { t, account, value }) < 400, "once");
    assertEquals(await press(client, link, { t, account, value }), 404, "and no more");
  });
}
