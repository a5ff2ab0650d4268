import { assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { createRoutes } from "../../routes/mod.ts";
import { testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { doors } from "../support/doors/mod.ts";
import { knock } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";

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
