import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { createRoutes } from "../../routes/mod.ts";
import { testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { doors } from "../support/doors/mod.ts";
import { addressOf, bodyOf, knock, requestTo } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { seen } from "../support/seen.ts";

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

Deno.test("there is no door of which is not said here who may use it", async () => {
  const env = { ORIGIN: "https://work.example.org", TELEGRAM_BOT_TOKEN: TOKEN };
  await using t = await testApp({ env, messenger: new TestMessenger() });
  const assets = { css: "/static/app.css", js: null, parts: [] };
  const { routes } = createRoutes({ app: t.app, assets, startedAt: t.clock.now() }, {
    open: new Set(),
    update: () => Promise.resolve(),
  });
  const there = routes.filter(({ method }) => method !== "ALL") // guards have no method
    .map(({ method, path }) => `${method} ${path}`);
  assertEquals([...new Set(there)].sort(), Object.keys(doors).sort());
});

Deno.test("what is not there is not there for an admin either", async () => {
  await using t = await testApp();
  const { account, client } = await asker(t, "an admin");
  for (const named of Object.entries(doors)) {
    const [name, { for: whom, thing }] = named;
    if (whom !== "admins" || thing === undefined) continue;
    for (const id of [newId(), "no id at all", "__proto__"]) {
      const response = await knock(client, named, { t, by: account, id });
      await response.body?.cancel();
      assertEquals(response.status, 404, `${name} ${id}`);
    }
  }
});

Deno.test("no token in a header opens a door: sessions come in their cookie, and there is nothing else", async () => {
  await using t = await testApp();
  const { account, client } = await asker(t, "an admin");
  const [value = ""] = client.cookies.values();
  client.cookies.clear();
  for (const named of Object.entries(doors)) {
    const [name, { for: whom, thing }] = named;
    if (whom !== "members" && whom !== "admins" || thing !== undefined) continue;
    t.clock.advance(15_000); // so that nobody is slowed down, and the session holds
    const at = { t, by: account, id: newId() };
    const without = await knock(client, named, at);
    const sent = requestTo(name, await bodyOf(named[1], at), { authorization: `Bearer ${value}` });
    const withIt = await client.send(addressOf(name, at.id), sent);
    assertEquals(await seen(withIt, at.id), await seen(without, at.id), name);
    assert([303, 401, 404].includes(withIt.status), `${name} ${withIt.status}`);
  }
});
