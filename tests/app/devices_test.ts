import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listNotifications } from "../../domain/notifications.ts";
import { signIn } from "../../domain/accounts/sign_in.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { TestApp } from "../support/app.ts";
import { outcome, wrong } from "../support/attempts.ts";
import { hours, seconds } from "../support/clock.ts";
import { ada, member, OTHER_PASSWORD } from "../support/door.ts";
import { mailingApp, subjects } from "../support/letters.ts";
import { jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const NEWER = FIREFOX.replaceAll("145.0", "146.0");
const CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36";

const comeFrom = (t: TestApp, agent: string, address: string) =>
  signIn(t.app, { ...ada, agent, address });

const auditOf = async (t: TestApp, act: string) =>
  (await list(t.app, ranges.audit)).filter((line) => line.act === act);

Deno.test("a sign-in from a browser or network that was not there before is told by mail and in the inbox", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  await comeFrom(t, FIREFOX, "203.0.113.7");
  await comeFrom(t, NEWER, "203.0.113.99"); // a newer one of the same, next door
  await t.drain();
  assertEquals(subjects(mailer), [], "the first one is no news, nor is the same again");
  await comeFrom(t, CHROME, "203.0.113.7");
  await comeFrom(t, FIREFOX, "198.51.100.4");
  await comeFrom(t, FIREFOX, "198.51.100.4");
  await t.drain();
  const news = Array.from({ length: 2 }, () => [account.email, "Signed in from somewhere new"]);
  assertEquals(subjects(mailer), news as [string, string][]);
  const texts = mailer.accepted.map(({ text }) => text).join("\n");
  assertStringIncludes(texts, "Chrome on Windows, 203.0.113.x");
  assertStringIncludes(texts, "Firefox on Linux, 198.51.100.x");
  const { items } = await listNotifications(t.app, { accountId: account.id });
  assertEquals(items.map(({ title }) => title), news.map(([, title]) => title));
  assertEquals((await auditOf(t, "new_device")).map(({ facts }) => facts), [
    { device: "Chrome on Windows" },
    { device: "Firefox on Linux" },
  ]);
});

Deno.test("a password that is passed round fills no mailbox", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  for (let i = 0; i < 150; i++) await comeFrom(t, FIREFOX, `198.51.${i}.1`);
  await t.drain();
  assertEquals(subjects(mailer).length, 5);
  const account = (await list(t.app, ranges.accounts))[0]!;
  assertEquals((await read(t.app, keys.devices(account.id)))?.seen.length, 100);
});

Deno.test("what a browser calls itself puts no words of a stranger into a letter", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  await comeFrom(t, FIREFOX, "203.0.113.7");
  await comeFrom(t, "evil.example/claim-your-prize <b>now</b>", "203.0.113.7");
  await t.drain();
  const { text, html } = mailer.accepted[0]!;
  assertStringIncludes(text, "Unknown browser, 203.0.113.x");
  assert(!/evil|prize/.test(text + html));
});

Deno.test("the sessions show device, network and when they were seen, and each can be ended", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const here = await visitor(t, account);
  await comeFrom(t, CHROME, "2001:db8:1:2::7");
  const page = await pageOf(here, "/account");
  assertStringIncludes(page, "Chrome on Windows");
  assertStringIncludes(page, "from 2001:db8:1:x");
  const { items } = await jsonOf<{ items: { id: string; device: string; network: string }[] }>(
    await here.get("/api/me/sessions"),
  );
  assertEquals(items.map(({ device }) => device).sort(), ["Chrome on Windows", "Test"]);
  const other = items.find(({ device }) => device !== "Test")!;
  assertEquals(other.network, "2001:db8:1:x");
  const ended = await here.delete(`/api/me/sessions/${other.id}`);
  assertEquals(ended.status, 204);
  assertEquals((await here.delete(`/api/me/sessions/${other.id}`)).status, 404);
  assertEquals((await here.delete("/api/me/sessions")).status, 204);
  assertEquals((await here.get("/api/me")).status, 401);
  assertEquals((await auditOf(t, "signed_out_everywhere")).length, 1);
});

Deno.test("failures are audited without an address, and ten thousand of them as a few lines", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  for (let i = 0; i < 8; i++) await outcome(t, wrong);
  const failed = await auditOf(t, "sign_in_failed");
  assertEquals(failed.map(({ about }) => about), [account.id], "once an hour");
  assertEquals((await auditOf(t, "limit_hit")).map(({ about }) => about), [account.id]);
  for (let i = 0; i < 1_000; i++) {
    await outcome(t, {
      email: `p${i}@example.org`,
      address: `198.51.${i >> 6}.${i & 63}`,
      ...wrong,
    });
    t.clock.advance(seconds(1));
  }
  const strangers = (await auditOf(t, "sign_in_failed")).filter(({ about }) => about === null);
  assert(strangers.length > 0 && strangers.length <= 16, String(strangers.length));
  const text = JSON.stringify(await list(t.app, ranges.audit));
  assert(!/198\.51|@example/.test(text));
  t.clock.advance(hours(1));
  await outcome(t, { password: OTHER_PASSWORD });
  assertEquals((await auditOf(t, "sign_in_failed")).filter(({ about }) => about).length, 2);
});
