import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startPurge } from "../../domain/accounts/purge_start.ts";
import { auditAlone } from "../../domain/admin/audit.ts";
import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, Purge } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { backUp, bringBack, inStore, run } from "../support/backups.ts";
import { type Machine, machine } from "../support/machine.ts";
import { until } from "../support/until.ts";

const mode = async (path: string) => (await Deno.stat(path)).mode! & 0o777;
const bytes = async (path: string) => (await Deno.readFile(path)).toBase64();

/** Starts a server once, so that there is a store with an admin in it. */
async function withStore(m: Machine): Promise<void> {
  await using server = await m.start();
  server.kill("SIGTERM");
  await server.ended;
}

Deno.test("a backup made while people write is the store of one moment, and nobody else may read it", async () => {
  await using m = await machine();
  let writing = true;
  let written = 0;
  const paths: string[] = [];
  {
    await using _server = await m.start();
    await m.signIn();
    const writers = Array.from({ length: 4 }, async () => {
      while (writing) {
        const note = { title: `Note ${written}`, text: "word ".repeat(2_000) };
        const answer = await m.browser.post("/api/notes", note);
        await answer.body?.cancel();
        if (answer.status === 201) written++;
        else await new Promise((resolve) => setTimeout(resolve, 200)); // slowed down
      }
    });
    for (let i = 0; i < 3; i++) {
      const before = written;
      paths.push(await backUp(m));
      assert(written > before, "people went on writing");
    }
    writing = false;
    await Promise.all(writers);
  }
  let last = 0;
  for (const path of paths) {
    assertEquals([await mode(path), await mode(`${path}.sha256`)], [0o600, 0o600]);
    const copy = `${m.dir}/look.sqlite3`;
    await Deno.copyFile(path, copy);
    const kv = await Deno.openKv(copy);
    const count = async (prefix: string) =>
      (await Array.fromAsync(kv.list({ prefix: [prefix] }))).length;
    const [{ value: account }] = await Array.fromAsync(kv.list<{ id: string }>({
      prefix: ["account"],
    })) as [Deno.KvEntry<{ id: string }>];
    const { value: counts } = await kv.get(keys.counts(account.id));
    const notes = await count("note");
    // Written in one commit: they agree, or the copy is of no moment.
    assertEquals([notes, await count("note_by_owner")], [
      (counts as { notes: number }).notes,
      notes,
    ]);
    assert(notes >= last, `${notes} after ${last}`);
    last = notes;
    kv.close();
    await Deno.remove(copy);
  }
  assertEquals(await mode(`${m.dir}/store.sqlite3`), 0o600);
  const left = await Array.fromAsync(Deno.readDir(`${m.dir}/backups`), ({ name }) => name);
  assertEquals(left.filter((name) => /partial|-wal|-shm|trial/.test(name)), []);
});

Deno.test("where there is no file to copy, the backup says why", async () => {
  await using m = await machine();
  const ways: [Record<string, string>, RegExp][] = [
    [{ KV_PATH: ":memory:" }, /^Cannot back up: KV_PATH is :memory:/],
    [{ KV_PATH: "https://kv.example.org" }, /^Cannot back up: KV_PATH is a denokv server/],
    [{ DENO_DEPLOYMENT_ID: "d1" }, /^Cannot back up: on Deno Deploy/],
    [{ KV_PATH: `${m.dir}/none.sqlite3` }, /^Cannot back up: there is no store /],
    [{ KV_PATH: `${m.dir}-else/s.sqlite3` }, /^Cannot back up: this task may only use \.\/data/],
  ];
  for (const [env, why] of ways) {
    const { code, says } = await run(m, "backup", { args: [`${m.dir}/backups`], env });
    assertMatch(says, why);
    assertEquals(code, 1);
  }
});

Deno.test("a copy that is not good is no backup: nothing of it is left, and older ones stay", async () => {
  await using m = await machine();
  await withStore(m);
  const good = await backUp(m);
  await inStore(m, async (_, kv) => {
    await kv.delete(keys.setUp); // no start of ours leaves it so
  });
  const { code, says } = await run(m, "backup", { args: [`${m.dir}/backups`] });
  assertMatch(says, /^Cannot back up: the copy is not good: it holds no store of Clock Work/);
  assertEquals(code, 1);
  const left = await Array.fromAsync(Deno.readDir(`${m.dir}/backups`), ({ name }) => name);
  const name = good.slice(good.lastIndexOf("/") + 1);
  assertEquals(left.sort(), [".lock", name, `${name}.sha256`].sort());
});

Deno.test("a backup that is not whole is not put in the place of the store", async () => {
  await using m = await machine();
  await withStore(m);
  const backup = await backUp(m);
  const before = await bytes(`${m.dir}/store.sqlite3`);
  const refused = async (why: RegExp) => {
    const { code, says } = await run(m, "restore", { args: [backup] });
    assertMatch(says, why);
    assertEquals(code, 1);
    assertEquals(await bytes(`${m.dir}/store.sqlite3`), before, "the store is as it was");
  };
  const whole = await Deno.readFile(backup);
  const spoilt = Uint8Array.from(whole);
  spoilt[9_000]! ^= 1;
  await Deno.writeFile(backup, spoilt);
  await refused(/^Cannot restore: .* is not what was backed up/);
  await Deno.writeFile(backup, whole);
  const sum = await Deno.readTextFile(`${backup}.sha256`);
  await Deno.remove(`${backup}.sha256`);
  await refused(/^Cannot restore: .*\.sha256 is missing/);
  await Deno.writeTextFile(`${backup}.sha256`, sum);
  await Deno.remove(backup);
  await refused(/^Cannot restore: there is no file /);
  // With a checksum of its own, and yet no store of ours.
  const junk = new TextEncoder().encode("not a database, and long enough ".repeat(200));
  await Deno.writeFile(backup, junk);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", junk)).toHex();
  await Deno.writeTextFile(`${backup}.sha256`, `${digest}  x\n`);
  await refused(/^Cannot restore: /);
  const left = await Array.fromAsync(Deno.readDir(m.dir), ({ name }) => name);
  assertEquals(left.filter((name) => /restoring|replaced/.test(name)), []);
});

Deno.test("a restore waits for no server: it is refused while one has the store", async () => {
  await using m = await machine();
  let backup: string;
  {
    await using _server = await m.start();
    backup = await backUp(m);
    const { code, says } = await run(m, "restore", { args: [backup] });
    assertMatch(says, /^Cannot restore: a server has the store .*; stop it first/);
    assertEquals(code, 1);
    await m.signIn(); // and it goes on
  }
  await bringBack(m, backup); // that one was killed; its lock is gone
});

Deno.test("a restore puts the old store aside, ends sessions and links, and says so in the audit log", async () => {
  await using m = await machine();
  let backup: string;
  {
    await using _server = await m.start();
    await m.signIn();
    await (await m.browser.post("/api/notes", { title: "Before", text: "x" })).body?.cancel();
    backup = await backUp(m);
    await (await m.browser.post("/api/notes", { title: "After", text: "x" })).body?.cancel();
  }
  const says = await bringBack(m, backup);
  const aside = /is now (\S+)\.$/m.exec(says)![1]!;
  const old = await Deno.openKv(aside); // with what had not been in its file yet
  assertEquals((await Array.fromAsync(old.list({ prefix: ["note"] }))).length, 2);
  old.close();
  await inStore(m, async (app, kv) => {
    assertEquals((await Array.fromAsync(kv.list({ prefix: ["note"] }))).length, 1);
    const sending = (await kv.get(keys.sending)).value as { restored: { past: string } };
    assertEquals(sending.restored.past, "held");
    const lines = await list(app, ranges.audit);
    const line = lines.find(({ act }) => act === "restored")!;
    assertStringIncludes(backup, String(line.facts["backup"]));
  });
  assertEquals(await mode(`${m.dir}/store.sqlite3`), 0o600);
  await using _server = await m.start();
  const me = await m.browser.get("/api/me");
  assertEquals(me.status, 401);
  await me.body?.cancel();
  await m.signIn();
});

/** Who tells that an account was closed since: the old store, a list beside later backups or the store. */
const WITNESSES = ["the old store", "a later backup", "the server"] as const;
for (const witness of WITNESSES) {
  Deno.test(`an account that was closed after a backup is closed again by its restore: ${witness} knows`, async () => {
    await using m = await machine();
    await withStore(m);
    const [id, other] = ["closed-one", "open-one"];
    await inStore(m, async (app, kv) => {
      const [admin] = await list(app, ranges.accounts);
      for (const one of [id, other]) await kv.set(keys.account(one), { ...admin!, id: one });
    });
    const backup = await backUp(m);
    await inStore(m, async (app) => {
      const quiet = { ...app, waker: { wake() {} } };
      await transact(app, async (tx) => {
        const account = (await tx.get(keys.account(id)))!;
        const closedAt = app.clock.now();
        tx.set(keys.account(id), { ...account, closedAt });
        await startPurge(quiet, tx, { account, closedAt, letterId: null });
      });
      await auditAlone(app as App, { act: "account_closed", by: id, about: id });
    });
    const lines = /^closed-one \d{4}-\d\d-\d\dT\S+Z\n$/;
    if (witness === "a later backup") {
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // its name is the second
      const later = await backUp(m);
      assert(later !== backup);
      assertMatch(await Deno.readTextFile(`${m.dir}/backups/closed.txt`), lines);
    }
    if (witness === "the server") {
      await using _server = await m.start();
      const said = () => Deno.readTextFile(`${m.dir}/closed.txt`).catch(() => "");
      await until("that it is written down", async () => lines.test(await said()));
      assertEquals(await mode(`${m.dir}/closed.txt`), 0o600);
    }
    const lost = witness !== "the old store";
    if (lost) await Deno.writeTextFile(`${m.dir}/store.sqlite3`, "broken ".repeat(1_000));
    const says = await bringBack(m, backup);
    assertMatch(says, /; 1 closed since were closed again/);
    assertEquals(/could not be read/.test(says), lost, says);
    await inStore(m, async (_, kv) => {
      const of = async (one: string) =>
        (await kv.get(keys.account(one))).value as { epoch: number };
      assert("closedAt" in await of(id));
      const left = await Array.fromAsync(kv.list<Purge>({ prefix: ["purge"] }));
      assertEquals(left.map(({ value }) => value.accountId), [id], "and its content is to go");
      assert(!("closedAt" in await of(other)));
    });
  });
}

Deno.test("who has stopped mail or was suspended after a backup stays so after its restore", async () => {
  await using m = await machine();
  await withStore(m);
  await inStore(m, async (app, kv) => {
    const [admin] = await list(app, ranges.accounts);
    await kv.set(keys.account("spammer"), { ...admin!, id: "spammer", role: "member" });
  });
  const backup = await backUp(m);
  const stop = { shown: "b…", scope: "all", cause: "never", at: 1, until: null };
  await inStore(m, async (_, kv) => {
    const { value } = await kv.get<Account>(keys.account("spammer"));
    await kv.set(keys.account("spammer"), { ...value!, suspended: { at: 1, by: "root" } });
    await kv.set(keys.suppression("hash", "all"), stop);
  });
  assertMatch(await bringBack(m, backup), /\n2 entries that protect people were carried over/);
  await inStore(m, async (_, kv) => {
    const { value } = await kv.get<Account>(keys.account("spammer"));
    assertEquals(value?.suspended?.by, "root");
    assertEquals((await kv.get(keys.suppression("hash", "all"))).value, stop);
  });
});

Deno.test("a store that others on the machine could read is theirs no longer once it is opened", async () => {
  await using m = await machine();
  await withStore(m);
  const path = `${m.dir}/store.sqlite3`;
  await Deno.chmod(path, 0o644);
  await withStore(m);
  assertEquals(await mode(path), 0o640);
});
