import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { type Door, doors, type Fields, FILE } from "../support/doors/mod.ts";
import { addressOf, bodyOf, requestTo } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { things } from "../support/things.ts";

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

/** Somebody on this machine who counts who comes. */
function counting() {
  let came = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    came++;
    return new Response("inside");
  });
  const { port } = server.addr;
  return {
    came: () => came,
    /** This machine, in the ways in which filters overlook it. */
    addresses: ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost"]
      .map((host) => `http://${host}:${port}/latest/meta-data`),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a door takes, with an address in the place of each of its texts in turn. */
function spoilt(fields: Fields, address: string): Fields[] {
  const texts = Object.entries(fields).filter(([, value]) => typeof value === "string");
  const forms = [address, `![a](${address})`];
  return texts.flatMap(([name]) =>
    name === FILE ? [] : forms.map((text) => ({ ...fields, [name]: text }))
  );
}

Deno.test("no address that somebody writes, at any door, is asked for anything", async () => {
  await using inside = counting();
  let asked = 0;
  const knockAt = async ([name, door]: [string, Door], address: string) => {
    const env = { TELEGRAM_BOT_TOKEN: TOKEN, LOG_LEVEL: "error" };
    await using t = await testApp({ env, messenger: new TestMessenger() });
    const { account, client } = await asker(t, "an admin");
    const id = door.thing ? await things[door.thing](t, account) : newId();
    const fields = await bodyOf(door, { t, by: account, id });
    const query = new URLSearchParams(["q", "next", "url", "words"].map((one) => [one, address]));
    for (const change of [fields, ...spoilt(fields, address)]) {
      const place = `${addressOf(name, id)}?${query}`;
      const response = await client.send(place, requestTo(name, change));
      await response.body?.cancel();
      asked++;
    }
    if (name === "POST /progress") return; // a demonstration takes its time, and tells nobody
    t.clock.advance(3_600_000);
    await t.drain();
  };
  for (const [i, named] of Object.entries(doors).entries()) {
    await knockAt(named, inside.addresses[i % inside.addresses.length]!);
  }
  assert(asked > 300, String(asked));
  assertEquals(inside.came(), 0);
  for (const address of inside.addresses) await (await fetch(address)).body?.cancel();
  assertEquals(inside.came(), inside.addresses.length, "each of them would have arrived");
});
