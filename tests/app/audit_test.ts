import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { actOnJob } from "../../domain/admin/admin_job_acts.ts";
import { audit, auditAlone, firstAltered } from "../../domain/admin/audit.ts";
import { checkAudit } from "../../domain/admin/audit_view.ts";
import { cancelBroadcast } from "../../domain/broadcasts/broadcast_acts.ts";
import { pruneSome } from "../../domain/prune.ts";
import { ensureAdmin } from "../../domain/accounts/set_up.ts";
import { auditStart, settingsHash } from "../../domain/admin/started.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { AuditLine } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { days } from "../support/clock.ts";
import { jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";
import { sources } from "../support/sources.ts";

async function world() {
  const t = await testApp();
  const [root, ada] = [await t.person("Root", { role: "admin" }), await t.person("Ada")];
  return { t, root, ada, admin: await visitor(t, root) };
}

/** So many lines, the first of which the test does something to. */
async function some(t: TestApp, count: number): Promise<void> {
  await transact(t.app, async (tx) => {
    for (let i = 1; i <= count; i++) {
      await audit(t.app, tx, { act: "signed_in", by: "somebody", facts: { device: `no. ${i}` } });
    }
  });
}

const line = async (t: TestApp, seq: number) => (await read(t.app, keys.audit(seq)))!;
const put = (t: TestApp, line: AuditLine) => t.kv.set(keys.audit(line.seq), line);

Deno.test("a line that is altered, removed, added or moved shows, wherever it stands", async () => {
  const tricks: [string, number, (t: TestApp) => Promise<unknown>][] = [
    ["other facts", 3, async (t) => await put(t, { ...await line(t, 3), facts: { device: "x" } })],
    ["another act", 3, async (t) => await put(t, { ...await line(t, 3), act: "sudo" })],
    ["another time", 3, async (t) => await put(t, { ...await line(t, 3), at: 0 })],
    ["another person", 3, async (t) => await put(t, { ...await line(t, 3), by: "other" })],
    ["another hash", 3, async (t) => await put(t, { ...await line(t, 3), hash: "x" })],
    ["without one in the middle", 3, (t) => t.kv.delete(keys.audit(3))],
    ["without the first", 1, (t) => t.kv.delete(keys.audit(1))],
    ["the first altered", 1, async (t) => await put(t, { ...await line(t, 1), at: 0 })],
    ["without the last", 6, (t) => t.kv.delete(keys.audit(6))],
    ["the last altered", 6, async (t) => await put(t, { ...await line(t, 6), at: 0 })],
    ["two exchanged", 3, async (t) => {
      const [a, b] = [await line(t, 3), await line(t, 4)];
      await put(t, { ...a, seq: 4 });
      await put(t, { ...b, seq: 3 });
    }],
    ["none left", 1, async (t) => {
      for (let i = 1; i <= 6; i++) await t.kv.delete(keys.audit(i));
    }],
  ];
  for (const [what, where, trick] of tricks) {
    await using t = await testApp();
    await some(t, 6);
    assertEquals(await firstAltered(t.app), null);
    await trick(t);
    assertEquals(await firstAltered(t.app), where, what);
  }
});

Deno.test("the page says whether the log is whole, and where it is not", async () => {
  const { t, admin } = await world();
  await using _ = t;
  await some(t, 5);
  assertMatch(await pageOf(admin, "/admin/audit"), /The log is whole\..*5 lines/s);
  await t.kv.delete(keys.audit(2));
  assertMatch(await pageOf(admin, "/admin/audit"), /The log was altered\..*Line 2 is missing/s);
  const { check } = await jsonOf<{ check: unknown }>(await admin.get("/api/admin/audit?check"));
  assertEquals(check, { lines: 5, whole: false, altered: 2 });
});

Deno.test("a long log is checked when it is asked for", async () => {
  const { t, root, admin } = await world();
  await using _ = t;
  for (let i = 0; i < 26; i++) await some(t, 200);
  assertEquals(await checkAudit(t.app, { by: root }), { lines: 5_200, whole: null, altered: null });
  assertMatch(await pageOf(admin, "/admin/audit"), /Check that none was altered/);
  assertMatch(await pageOf(admin, "/admin/audit?check=all"), /The log is whole/);
});

Deno.test("lines go after 400 days, from the oldest on, and what is left is whole", async () => {
  const { t } = await world();
  await using _ = t;
  for (let i = 0; i < 4; i++) {
    await some(t, 80);
    t.clock.advance(days(150));
  }
  await pruneSome(t.app);
  assertEquals((await list(t.app, ranges.audit)).length, 220, "at most a hundred at a time");
  assertEquals(await firstAltered(t.app), null);
  while (await pruneSome(t.app));
  const left = await list(t.app, ranges.audit);
  assertEquals([left.length, left[0]!.seq], [160, 161]);
  assertEquals(await firstAltered(t.app), null);
  await t.kv.delete(keys.audit(161));
  assertEquals(await firstAltered(t.app), 161, "it was none of those that were too old");
  t.clock.advance(days(1_000));
  while (await pruneSome(t.app));
  assertEquals(await list(t.app, ranges.audit), []);
  assertEquals(await firstAltered(t.app), null);
  await some(t, 2);
  assertEquals((await list(t.app, ranges.audit)).map(({ seq }) => seq), [321, 322]);
  assertEquals(await firstAltered(t.app), null);
});

Deno.test("only audit.ts writes lines, and only the broom removes them", async () => {
  const at: string[] = [];
  for (const folder of ["core", "kv", "realtime", "jobs", "domain", "queues", "bot", "routes"]) {
    for (const path of sources(folder)) {
      if (/keys\.audit(Head|Floor)?\b/.test(await Deno.readTextFile(path))) at.push(path);
    }
  }
  assertEquals(at.toSorted(), [
    "domain/admin/audit.ts",
    "domain/admin/audit_view.ts",
    "domain/prune_audit.ts",
  ]);
  const view = await Deno.readTextFile("domain/admin/audit_view.ts");
  assertNotMatch(view, /transact|tx\./);
  const writer = await Deno.readTextFile("domain/admin/audit.ts");
  assertNotMatch(writer, /tx\.delete/);
  assertNotMatch(await Deno.readTextFile("domain/prune_audit.ts"), /tx\.set\(keys\.audit\(/);
});

Deno.test("no door changes the log: it can be read, and nothing else", async () => {
  const { t, admin } = await world();
  await using _ = t;
  await some(t, 3);
  for (const path of ["/admin/audit", "/admin/audit.csv", "/api/admin/audit"]) {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const sent = path.startsWith("/api") ? { json: {} } : { form: {} };
      for (const at of [path, `${path}/1`]) {
        const answer = await admin.send(at, { method, ...sent });
        assert([404, 405].includes(answer.status), `${method} ${at} ${answer.status}`);
        await answer.body?.cancel();
      }
    }
  }
  assertEquals((await list(t.app, ranges.audit)).length, 3);
});

Deno.test("lines come newest first in pages, and by act and by member", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  for (let i = 0; i < 30; i++) {
    await auditAlone(t.app, { act: "signed_in", by: ada.id, about: ada.id });
    await auditAlone(t.app, { act: "quota_changed", by: root.id, about: ada.id });
    await auditAlone(t.app, { act: "sudo", by: root.id, about: root.id });
  }
  const all = async (query: string) => {
    const found: number[] = [];
    let cursor = "";
    do {
      const more = cursor && `&cursor=${cursor}`;
      const answer = await admin.get(`/api/admin/audit?${query}${more}`);
      const { items, next } = await jsonOf<{ items: AuditLine[]; next: string | null }>(answer);
      found.push(...items.map(({ seq }) => seq));
      cursor = next ?? "";
    } while (cursor !== "");
    return found;
  };
  const down = Array.from({ length: 90 }, (_, i) => 90 - i);
  assertEquals(await all(""), down);
  assertEquals(await all("act=sudo"), down.filter((seq) => seq % 3 === 0));
  assertEquals(await all(`member=${ada.id}`), down.filter((seq) => seq % 3 !== 0));
  assertEquals(await all(`member=${ada.id}&act=signed_in`), down.filter((seq) => seq % 3 === 1));
  const page = await pageOf(admin, "/admin/audit?member=ada%40example.org&act=quota_changed");
  assertMatch(page, /Changed a quota/);
  assertMatch(page, new RegExp(`<a href="/admin/members/${root.id}"[^>]*>Root</a>`));
  assertNotMatch(page.split("<tbody>")[1]!, /Signed in|Showed again/);
  for (const query of ["act=nonsense", "act=constructor", "cursor=nonsense"]) {
    assertEquals((await admin.get(`/api/admin/audit?${query}`)).status, 400, query);
  }
});

Deno.test("a filter that passes over many looks at two thousand lines, and goes on from there", async () => {
  const { t, admin } = await world();
  await using _ = t;
  await auditAlone(t.app, { act: "sudo" });
  for (let i = 0; i < 13; i++) await some(t, 200);
  const first = await jsonOf<{ items: unknown[]; next: string }>(
    await admin.get("/api/admin/audit?act=sudo"),
  );
  assertEquals(first.items, []);
  const then = await jsonOf<{ items: unknown[]; next: null }>(
    await admin.get(`/api/admin/audit?act=sudo&cursor=${first.next}`),
  );
  assertEquals([then.items.length, then.next], [1, null]);
});

Deno.test("the whole log is had as a table and as JSON, and no cell of it is a formula", async () => {
  const { t, admin } = await world();
  await using _ = t;
  const evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", 'a "quoted", one', "line\r\nbreak"];
  for (const by of evil) await auditAlone(t.app, { act: "sudo", by, facts: { by } });
  const answer = await admin.get("/admin/audit.csv");
  assertEquals(answer.headers.get("content-type"), "text/csv; charset=utf-8");
  assertEquals(answer.headers.get("content-disposition"), 'attachment; filename="audit.csv"');
  assertEquals(answer.headers.get("cache-control"), "no-store");
  const rows = readCsv(await answer.text());
  assertEquals(rows[0], ["number", "at", "act", "by", "about", "facts", "hash"]);
  assertEquals(rows.slice(1).map(([, , , by]) => by), [
    ...["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx"],
    ...evil.slice(5),
  ]);
  for (const cell of rows.flat()) assertNotMatch(cell, /^[=+\-@\t\r]/);
  assertEquals(rows.slice(1).map((row) => JSON.parse(row[5]!).by), evil);
  const document = await jsonOf<AuditLine[]>(await admin.get("/admin/audit.json"));
  assertEquals(document.map(({ seq, by }) => [seq, by]), evil.map((by, i) => [i + 1, by]));
});

/** RFC 4180, read in the plainest way. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (
    const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/g)
  ) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

Deno.test("an empty log is a table with its heads and an empty list", async () => {
  const { t, admin } = await world();
  await using _ = t;
  assertEquals(
    await (await admin.get("/admin/audit.csv")).text(),
    "number,at,act,by,about,facts,hash\r\n",
  );
  assertEquals(await jsonOf<unknown>(await admin.get("/admin/audit.json")), []);
  assertMatch(await pageOf(admin, "/admin/audit"), /The log is whole\..*0 lines/s);
});

Deno.test("what admins do to jobs and broadcasts, the first admin and starts are in the log", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const job = await requestMailing(t.app, {
    noteId: note.id,
    ownerId: ada.id,
    to: ["b@example.org"],
  });
  await actOnJob(t.app, { id: job, by: root, act: "cancel" });
  const { id } = await written(t, root);
  await confirmBroadcast(t.app, { id, adminId: root.id, version: 1, members: 2 });
  await cancelBroadcast(t.app, { id, adminId: root.id });
  const password = "tired otters juggle nine lamps";
  await ensureAdmin(t.app, { email: "first@example.org", password });
  await auditStart(t.app);
  const lines = (await list(t.app, ranges.audit)).map((
    { act, by, about, facts },
  ) => [act, by, about, facts]);
  const { about: admin } = (await line(t, 4))!;
  assertEquals(lines.slice(0, 4), [
    ["job_act", root.id, job, { act: "cancel", kind: "email_note" }],
    ["broadcast_confirmed", root.id, id, { members: 2 }],
    ["broadcast_cancelled", root.id, id, {}],
    ["admin_made", null, admin, { how: "settings" }],
  ]);
  assertEquals((await read(t.app, keys.account(admin!)))?.email, "first@example.org");
  assertEquals(lines[4]![0], "started");
});

Deno.test("a start says which settings it had, by a name that tells none of the secrets", async () => {
  const secrets = {
    APP_SECRET: "planted 0123456789 abcdefghijklm",
    SMTP_URL: "smtps://me:planted@mail.example.org",
  };
  const env = { MAIL_FROM: "clock@example.org", ...secrets };
  const hash = async (more: Record<string, string>) => {
    await using t = await testApp({ env: { ...env, ...more } });
    return await settingsHash(t.app.config);
  };
  const before = await hash({});
  assertMatch(before, /^[\w-]{16}$/);
  assertEquals(await hash({ APP_SECRET: "planted 0123456789 nopqrstuvwxyz" }), before);
  assertEquals(await hash({ SMTP_URL: "smtps://me:other@mail.example.org" }), before);
  assert(await hash({ SMTP_URL: "smtps://me:planted@mail.example.net" }) !== before);
  assert(await hash({ SIGNUP: "closed" }) !== before);
});

Deno.test("where processes share a store only a start that differs is written", async () => {
  const kv = await Deno.openKv(":memory:");
  const lines = async (t: TestApp) => (await list(t.app, ranges.audit)).length;
  {
    await using one = await testApp({ kv });
    await using other = await testApp({ kv });
    await using changed = await testApp({ kv, env: { SIGNUP: "closed" } });
    for (const t of [one, other, one]) await auditStart(t.app);
    assertEquals(await lines(one), 1);
    await auditStart(changed.app);
    await auditStart(one.app);
    assertEquals(await lines(one), 3);
  }
  kv.close();
  await using alone = await testApp();
  for (let i = 0; i < 3; i++) await auditStart(alone.app);
  assertEquals(await lines(alone), 3);
});
