import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { countInDay } from "../../domain/mail/mail_days.ts";
import { listMembers } from "../../domain/admin/members.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";

async function world() {
  const t = await testApp();
  const root = await t.person("Root", { role: "admin" });
  return { t, root, admin: await visitor(t, root) };
}

/** Many accounts at once, the first one the oldest. */
async function crowd(t: TestApp, count: number): Promise<void> {
  for (let from = 0; from < count; from += 200) {
    await transact(t.app, (tx) => {
      for (let i = from; i < Math.min(count, from + 200); i++) {
        const id = `${String(i).padStart(10, "0")}${newId().slice(10)}`; // in the order of their numbers
        const email = `person${i}@example.org`;
        const account: Account = {
          ...{ id, email, name: `Person ${i}`, zone: "UTC", role: "member", password: "" },
          ...{ verified: null, epoch: 0, createdAt: i },
        };
        tx.set(keys.account(id), account);
      }
    });
  }
}

Deno.test("members are found by a part of their name or address, in any case", async () => {
  const { t, root } = await world();
  await using _ = t;
  await t.person("Zoë", { email: "zoe.smith@example.com" });
  await t.person("Ada");
  await t.person("Adam", { email: "other@example.net" });
  const found = async (q: string) =>
    (await listMembers(t.app, { by: root, q })).items.map(({ name }) => name).toSorted();
  assertEquals(await found("ada"), ["Ada", "Adam"]);
  assertEquals(await found(" SMITH@ "), ["Zoë"]);
  assertEquals(await found("ZOË"), ["Zoë"]);
  assertEquals(await found("ada@example.org"), ["Ada"]);
  assertEquals(await found(".*"), []);
  assertEquals((await found("")).length, 4);
});

Deno.test("a search looks at two thousand accounts a page, says so, and goes on from there", async () => {
  const { t, root, admin } = await world();
  await using _ = t;
  await crowd(t, 4_500);
  const first = await listMembers(t.app, { by: root, q: "person 1@" });
  assertEquals([first.items.length, first.looked], [0, 2_000]);
  const page = await pageOf(admin, "/admin/members?q=person1%40");
  assertMatch(page, /0 members with “person1@” among 2,000 accounts/);
  const names: string[] = [];
  let cursor: string | undefined;
  let looked = 0;
  do {
    const part = await listMembers(t.app, { by: root, q: "person 12", cursor });
    names.push(...part.items.map(({ name }) => name));
    looked += part.looked;
    cursor = part.next ?? undefined;
  } while (cursor !== undefined);
  const wanted = Array.from({ length: 4_500 }, (_, i) => `Person ${i}`)
    .filter((name) => name.startsWith("Person 12")).toReversed();
  assertEquals(names, wanted);
  assertEquals(looked, 4_501);
});

Deno.test("whose whole address or id it is comes first, however old, and once", async () => {
  const { t, root } = await world();
  await using _ = t;
  const old = { id: `0${newId().slice(1)}`, email: "old@example.org" };
  await t.person("Old", old);
  await transact(t.app, (tx) => {
    tx.set(keys.accountByEmail(old.email), old.id);
    tx.set(keys.account(old.id), { ...root, ...old, name: "Old", role: "member" });
  });
  await crowd(t, 2_100);
  for (const q of ["Old@example.org", old.id, `${old.id.toUpperCase()} `]) {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await listMembers(t.app, { by: root, q, cursor });
      names.push(...items.map(({ name }) => name));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    assertEquals(names, ["Old"], q);
  }
});

Deno.test("a search that is too long, or goes on from nowhere, is refused in words", async () => {
  const { t, admin } = await world();
  await using _ = t;
  for (const path of ["/admin/members", "/api/admin/members"]) {
    for (const query of [`q=${"x".repeat(201)}`, "cursor=nonsense"]) {
      const answer = await admin.get(`${path}?${query}`);
      assertEquals(answer.status, 400, path + query);
      await answer.body?.cancel();
    }
  }
});

Deno.test("a member's page tells how much there is of everything and nothing of what it says", async () => {
  const { t, root } = await world();
  await using _ = t;
  const ada = await t.person("Ada", { password: "$argon2id$planted" });
  await visitor(t, ada);
  await visitor(t, ada);
  await createNote(t.app, {
    ownerId: ada.id,
    title: "Planted title",
    text: "planted words #planted",
  });
  const sent = { reserved: 4, sent: 3, bounced: 1 };
  await transact(t.app, async (tx) => void await countInDay(t.app, tx, ada.id, sent));
  t.clock.advance(days(13));
  await transact(t.app, async (tx) => void await countInDay(t.app, tx, ada.id, { sent: 2 }));
  const admin = await visitor(t, root);
  const path = `/api/admin/members/${ada.id}`;
  const answer = await admin.get(path);
  const { today, lately, counts, sessions } = await jsonOf<{
    today: { sent: number };
    lately: { sent: number; bounced: number };
    counts: { notes: number };
    sessions: number;
  }>(answer.clone());
  assertEquals([today.sent, lately.sent, lately.bounced, counts.notes], [2, 5, 1, 1]);
  assertEquals(sessions, 2);
  const page = await pageOf(admin, `/admin/members/${ada.id}`);
  assertMatch(page, /2 browsers/);
  assertMatch(page, /1 note,/);
  for (const text of [await answer.text(), page, await pageOf(admin, "/admin/members")]) {
    assertNotMatch(text, /planted/i);
  }
  t.clock.advance(days(1));
  const tomorrow = await visitor(t, root);
  const later = await jsonOf<{ lately: { sent: number } }>(await tomorrow.get(path));
  assertEquals(later.lately.sent, 2, "fourteen days, and no more");
});

Deno.test("a member who is not there, or closed their account, is nobody to act on", async () => {
  const { t, admin } = await world();
  await using _ = t;
  const gone = await t.person("Gone", { closedAt: t.clock.now() });
  for (const id of [newId(), "no id", "%00", "__proto__"]) {
    for (const path of [`/admin/members/${id}`, `/api/admin/members/${id}`]) {
      const answer = await admin.get(path);
      assertEquals(answer.status, 404, path);
      await answer.body?.cancel();
    }
  }
  for (const act of ["suspend", "restore", "sessions", "release"]) {
    for (const id of [gone.id, newId()]) {
      const answer = await admin.post(`/api/admin/members/${id}/${act}`, {});
      assertEquals(answer.status, 404, act);
      await answer.body?.cancel();
    }
  }
  assertMatch(await pageOf(admin, `/admin/members/${gone.id}`), /closed by its owner/);
});

Deno.test("when somebody was last seen is when one of their sessions was last used", async () => {
  const { t, admin } = await world();
  await using _ = t;
  const ada = await t.person("Ada");
  const path = `/api/admin/members/${ada.id}`;
  assertEquals((await jsonOf(await admin.get(path))).seenAt, null);
  const client = await visitor(t, ada);
  t.clock.advance(minutes(11));
  await client.get("/api/me");
  const seen = new Date(t.clock.now()).toISOString();
  t.clock.advance(minutes(5));
  assertEquals((await jsonOf(await admin.get(path))).seenAt, seen);
  assert(!(await admin.get(path).then((answer) => answer.text())).includes("password"));
});
