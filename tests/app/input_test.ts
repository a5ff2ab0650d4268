import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { body, form } from "../../routes/router.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { browser, door } from "../support/door.ts";
import { errorOf, type Sent } from "../support/http.ts";

/** A browser in front of a JSON door and a form. */
function asking(t: TestApp) {
  return browser(
    t.app,
    door(t.app, {
      add: (http) => {
        http.post(
          "/api/strict",
          body(z.strictObject({ name: z.string().max(9), n: z.int().min(1) })),
          (c) => c.json(c.req.valid("json")),
        );
        http.post(
          "/form",
          form(z.strictObject({ name: z.string().max(9), tags: z.unknown().optional() })),
          (c) => c.json(c.req.valid("form")),
        );
      },
    }),
  );
}

const json = (raw: BodyInit, headers = {}): Sent => ({
  method: "POST",
  raw,
  headers: { "content-type": "application/json", ...headers },
});

Deno.test("JSON that is none, is odd or is not what the route takes is refused at its field", async () => {
  await using t = await testApp();
  const client = asking(t);
  const table: [raw: BodyInit, field: string | undefined][] = [
    ["", undefined],
    ["{", undefined],
    ['"\\', undefined],
    ["[".repeat(10_000), undefined],
    ["[".repeat(10_000) + "]".repeat(10_000), undefined],
    [new Uint8Array([0x7b, 0xff, 0x7d]), undefined],
    ['{"name":"a","name":"b","n":1}', undefined],
    ['{"name":"\\ud800","n":1}', undefined],
    ["null", undefined],
    ["[]", undefined],
    ['"text"', undefined],
    ["{}", "name"],
    ['{"name":1,"n":1}', "name"],
    ['{"name":"secret12345","n":1}', "name"],
    ['{"name":"a","n":"1"}', "n"],
    ['{"name":"a","n":0}', "n"],
    ['{"name":"a","n":1.5}', "n"],
    ['{"name":"a","n":1e999}', "n"],
    ['{"name":"a","n":1,"role":"admin"}', "role"],
    ['{"name":"a","n":1,"__proto__":{"role":"admin"}}', "__proto__"],
    ['{"name":"a","n":1,"<secret12345>":1}', undefined],
    [`{"name":"a","n":1,"${"k".repeat(100)}":1}`, undefined],
  ];
  for (const [raw, field] of table) {
    const response = await client.send("/api/strict", json(raw));
    assertEquals(response.status, 400, String(raw).slice(0, 40));
    const text = await response.text();
    const { error } = JSON.parse(text);
    assertEquals([error.code, error.field], ["invalid", field], text);
    assert(error.message.startsWith("Cannot "), text);
    assert(!text.includes("secret12345") && text.length < 250, text);
  }
  const good = await client.send("/api/strict", json('{"name":"a","n":1}'));
  assertEquals(await good.json(), { name: "a", n: 1 });
});

Deno.test("a form that is not good comes back with what was typed, but for passwords", async () => {
  await using t = await testApp();
  const client = asking(t);
  const typed = { name: "far too long", password: "hunter2", current: "hunter2", role: "admin" };
  const response = await client.postForm("/form", typed);
  assertEquals(await response.json(), {
    ok: false,
    problems: {
      name: "Cannot use this: it must have at most 9 characters",
      password: "Cannot use this: there is no such field",
    },
    typed: { name: "far too long", role: "admin" },
  });
});

Deno.test("a form is read as browsers write it", async () => {
  await using t = await testApp();
  const client = asking(t);
  const send = async (raw: BodyInit) => {
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
    return await client.send("/form", { method: "POST", raw, headers });
  };
  const good = await send("name=%C3%9C+%2B&tags=a&tags=b");
  assertEquals(await good.json(), {
    ok: true,
    data: { name: "Ü +", tags: ["a", "b"] },
    typed: { name: "Ü +", tags: "a, b" },
  });
  assertEquals((await (await send("")).json()).ok, false);
  for (const raw of ["name=%", "name=%zz", "name=%ff", "%c3=1", new Uint8Array([0xff])]) {
    const response = await send(raw);
    assertEquals([response.status, (await errorOf(response)).code], [400, "invalid"], String(raw));
  }
  assertEquals((await send("&".repeat(1_000))).status, 400);
  assertEquals((await (await send("name=a&__proto__=b")).json()).ok, false);
  assertEquals((await (await send("name=a&name=b")).json()).ok, false, "one name, two values");
});
