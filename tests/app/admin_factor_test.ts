import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { member, PASSWORD } from "../support/door.ts";
import { type Door, doors } from "../support/doors/mod.ts";
import { passkeyOf, phoneOf } from "../support/factor.ts";
import { errorOf } from "../support/http.ts";
import { addressOf, bodyOf, partsOf, requestTo } from "../support/knock.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import { TestMessenger } from "../support/messenger.ts";
import { visitor } from "../support/site.ts";
import { things } from "../support/things.ts";

const ofAdmins = Object.entries(doors).filter(([, door]: [string, Door]) => door.for === "admins");

Deno.test("an admin without a second factor may do nothing that is an admin's", async () => {
  assert(ofAdmins.length > 50);
  for (const [name, door] of ofAdmins) {
    await using t = await testApp({ messenger: new TestMessenger() });
    const account = await t.person("Root", { role: "admin" });
    const client = await visitor(t, account);
    const id = door.thing ? await things[door.thing](t, account) : newId();
    const sent = requestTo(name, await bodyOf(door, { t, by: account, id }));
    await transact(t.app, async (tx) => {
      const { factorAt: _, ...bare } = (await tx.get(keys.account(account.id)))!;
      tx.set(keys.account(account.id), bare);
    });
    const answer = await client.send(addressOf(name, id), sent);
    if (partsOf(name).isApi) {
      assertEquals([answer.status, (await errorOf(answer)).code], [403, "factor_needed"], name);
    } else {
      const to = answer.headers.get("location");
      assertEquals([answer.status, to], [303, "/account#factor"], name);
    }
  }
});

Deno.test("an admin removes the factors of who has lost them, who is told and chooses a longer password", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const ada = await member(t.app, { shortPassword: true });
  await phoneOf(t, ada);
  await passkeyOf(t, ada);
  const hers = await visitor(t, ada);
  const root = await visitor(t, await t.person("Root", { role: "admin" }));
  const path = `/admin/members/${ada.id}`;
  const html = { headers: { accept: "text/html" } };
  const button = "Remove their second factors";
  assert((await (await root.get(path, html)).text()).includes(button));
  assertEquals((await root.postForm(`${path}/factors`, {})).status, 303);
  assert(!(await (await root.get(path, html)).text()).includes(button));
  assertEquals((await hers.get("/api/me")).status, 401);
  assertEquals(await read(t.app, keys.factors(ada.id)), null);
  const typed = { email: ada.email, password: PASSWORD };
  assertEquals((await hers.post("/api/session", typed)).status, 401, "too short to stand alone");
  await hers.postForm("/reset", { email: ada.email });
  await t.drain();
  assert(mailer.accepted.some(({ subject }) => subject === "Your second factors were removed"));
  const [link = ""] = pathsTo(mailer, ada.email, "/reset/");
  assertEquals((await hers.postForm(link, { password: "short one" })).status, 400);
  assertEquals((await hers.postForm(link, { password: PASSWORD })).status, 303);
  assertEquals((await hers.post("/api/session", typed)).status, 201);
});

Deno.test("nobody removes their own factors as an admin", async () => {
  await using t = await testApp();
  const account = await t.person("Root", { role: "admin" });
  const root = await visitor(t, account);
  assertEquals((await root.post(`/api/admin/members/${account.id}/factors`, {})).status, 409);
  await phoneOf(t, account);
  assertEquals((await root.delete("/api/me/factors/totp")).status, 409, "nor the last one");
});
