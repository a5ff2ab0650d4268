import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { suppressionFor } from "../../domain/recipients/suppressions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Suppression, SuppressionScope } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { jsonOf } from "../support/http.ts";
import { fieldIn, pageOf, visitor } from "../support/site.ts";

async function world() {
  const t = await testApp();
  const [root, ada] = [await t.person("Root", { role: "admin" }), await t.person("Ada")];
  return { t, root, ada, admin: await visitor(t, root) };
}

async function suppress(t: TestApp, address: string, change: Partial<Suppression> = {}) {
  const hash = await addressHash(t.app, address);
  const scope: SuppressionScope = change.scope ?? "all";
  const one: Suppression = {
    ...{ shown: "x…@example.org", scope, cause: "bounce", at: t.clock.now(), until: null },
    ...change,
  };
  await transact(t.app, (tx) => tx.set(keys.suppression(hash, scope), one));
}

const reaches = async (t: TestApp, address: string, ownerId: string) =>
  await suppressionFor(t.app, address, { kind: "note", ownerId }) === null;

Deno.test("an admin suppresses an address, which is then shown in part, and lifts it again", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  const answer = await admin.postForm("/admin/suppressions", { address: "Victim@Example.org" });
  assertEquals(answer.status, 303);
  assertEquals(await reaches(t, "victim@example.org", ada.id), false);
  const page = await pageOf(admin, "/admin/suppressions");
  assertMatch(page, /V…@example\.org/);
  assertMatch(page, /By an admin/);
  assertNotMatch(page, /victim@/i);
  await admin.postForm("/admin/suppressions/lift", { ref: fieldIn(page, "ref") });
  assertEquals(await reaches(t, "victim@example.org", ada.id), true);
  const lines = await list(t.app, ranges.audit);
  const facts = { cause: "admin", scope: "all", shown: "V…@example.org" };
  assertEquals(lines.map(({ act, by, facts }) => [act, by, facts]), [
    ["suppressed", root.id, facts],
    ["suppression_lifted", root.id, facts],
  ]);
});

Deno.test("letters about an account still reach an address that an admin suppressed", async () => {
  const { t, admin } = await world();
  await using _ = t;
  await admin.postForm("/admin/suppressions", { address: "ada@example.org" });
  const letter = { kind: "account", ownerId: null } as const;
  assertEquals(await suppressionFor(t.app, "ada@example.org", letter), null);
});

Deno.test("a whole address finds all that is known of it, without being in a path", async () => {
  const { t, ada, admin } = await world();
  await using _ = t;
  await suppress(t, "bob@example.org", { scope: `sender:${ada.id}`, cause: "refused" });
  await suppress(t, "bob@example.org", { scope: "broadcasts", cause: "unsubscribe" });
  await suppress(t, "eve@example.org", { cause: "complaint" });
  const find = async (address: string) => {
    const answer = await admin.postForm("/admin/suppressions/find", { address });
    return { status: answer.status, page: await answer.text() };
  };
  const { page } = await find("BOB@example.org");
  assertMatch(page, /Refused an invitation/);
  assertMatch(page, /Mail from <a href="\/admin\/members\/\w+"[^>]*>Ada<\/a>/);
  assertMatch(page, /Announcements/);
  assertNotMatch(page, /Complained/);
  assertMatch((await find("nobody@example.org")).page, /Nothing keeps mail from this address/);
  const wrong = await find("bob@");
  assertEquals(wrong.status, 400);
  assertMatch(wrong.page, /nothing is after the @/);
  assertMatch(wrong.page, /Complained/, "then all are shown");
  const found = await admin.post("/api/admin/suppressions/find", { address: "bob@example.org" });
  assertEquals((await jsonOf<{ items: unknown[] }>(found)).items.length, 2);
});

Deno.test("an admin's word lies beneath what a provider says, and lasts longer than that", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  const address = "soft@example.org";
  await suppress(t, address, { cause: "soft_bounces", until: t.clock.now() + days(7) });
  await admin.post("/api/admin/suppressions", { address });
  t.clock.advance(days(8));
  assertEquals(await reaches(t, address, ada.id), false);
  const later = await visitor(t, root);
  const page = await pageOf(later, "/admin/suppressions");
  assertMatch(page, /It kept coming back<small>beneath: by an admin/);
  await later.postForm("/admin/suppressions/lift", { ref: fieldIn(page, "ref") });
  assertEquals(await list(t.app, ranges.suppressions), [], "both are lifted");
  assertEquals(await reaches(t, address, ada.id), true);
});

Deno.test("suppressions come in pages, each once", async () => {
  const { t, admin } = await world();
  await using _ = t;
  for (let i = 0; i < 120; i++) await suppress(t, `p${i}@example.org`);
  const refs: string[] = [];
  let cursor = "";
  do {
    const answer = await admin.get(`/api/admin/suppressions${cursor && `?cursor=${cursor}`}`);
    const { items, next } = await jsonOf<{ items: { ref: string }[]; next: string | null }>(answer);
    refs.push(...items.map(({ ref }) => ref));
    cursor = next ?? "";
  } while (cursor !== "");
  assertEquals([refs.length, new Set(refs).size], [120, 120]);
  for (const ref of [...refs.slice(0, 1), ...refs.slice(0, 1), "x.all", "nonsense", "a.b.c"]) {
    const answer = await admin.delete(`/api/admin/suppressions/${ref}`);
    assertEquals(answer.status, ref === refs[0] && refs.length === 120 ? 204 : 404, ref);
    if (ref === refs[0]) refs.pop();
    await answer.body?.cancel();
  }
});
