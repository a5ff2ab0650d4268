import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { jsonOf } from "../support/http.ts";
import { run } from "../support/backups.ts";
import { type Machine, machine, PASSWORD } from "../support/machine.ts";

const ROOT = "root@example.org";

async function status({ browser }: Machine, path: string): Promise<number> {
  const answer = await browser.get(path);
  await answer.body?.cancel();
  return answer.status;
}

Deno.test("the first admin adds a second factor, loses it, and who has the machine lets them in again", async () => {
  await using m = await machine();
  {
    await using server = await m.start();
    await m.signIn();
    const shut = await m.browser.get("/admin", { headers: { accept: "text/html" } });
    await shut.body?.cancel();
    assertEquals([shut.status, shut.headers.get("location")], [303, "/account#factor"]);
    const refused = await jsonOf<{ error: { code: string } }>(
      await m.browser.get("/api/admin/jobs"),
    );
    assertEquals(refused.error.code, "factor_needed");
    await m.addPhone();
    assertEquals(await status(m, "/api/admin/jobs"), 200);
    const busy = await run(m, "lost-factor", { args: [ROOT] });
    assertEquals(busy.code, 1);
    assertStringIncludes(busy.says, "another process has it; stop that one");
    server.kill("SIGTERM");
    await server.ended;
  }
  assertMatch((await run(m, "lost-factor")).says, /say deno task lost-factor/);
  const nobody = await run(m, "lost-factor", { args: ["nobody@example.org"] });
  assertEquals([nobody.code, /nobody signs in/.test(nobody.says)], [1, true]);
  const { code, says } = await run(m, "lost-factor", { args: [ROOT] });
  assertEquals(code, 0, says);
  assertMatch((await run(m, "lost-factor", { args: [ROOT] })).says, /has no second factor/);

  await using _server = await m.start();
  assertEquals(await status(m, "/api/me"), 401, "its sessions have ended");
  const entered = await m.browser.post("/api/session", { email: ROOT, password: PASSWORD });
  assertEquals(entered.status, 201, await entered.text());
  const letters = await m.browser.get("/outbox", { headers: { accept: "text/html" } });
  assertStringIncludes(await letters.text(), "Your second factors were removed");
});
