import { assert, assertEquals } from "@std/assert";
import { accountByAddress } from "../../domain/accounts/accounts.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { markRestored } from "../../domain/admin/restore.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Suppression } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { linkChat } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";

const nothing = { backup: "b.sqlite3", closed: new Map<string, number>(), stops: [] };

Deno.test("an account that was closed after the backup is closed again by a restore, and what is in it goes", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob", { closesAt: 1 })];
  await t.person("Root", { role: "admin" });
  for (const { id: ownerId } of [ada, bob]) {
    await createNote(t.app, { ownerId, title: "Diary", text: "of a life" });
  }
  await linkChat(t.app, bob, 99);
  const browser = await visitor(t, bob);
  const closed = new Map([[bob.id, t.clock.now() - minutes(5)]]);
  const restored = await markRestored(t.app, { ...nothing, closed });
  assertEquals(restored, { accounts: 3, closedAgain: 1, stopsKept: 0 });
  assertEquals((await browser.get("/api/me")).status, 401);
  assertEquals(await accountByAddress(t.app, bob.email), null, "his address is free");
  assertEquals(await read(t.app, keys.chatOf(bob.id)), null);
  for (let i = 0; i < 5; i++) {
    await t.drain();
    t.clock.advance(minutes(1));
  }
  await t.drain();
  const kept = await Array.fromAsync(t.kv.list({ prefix: [] }));
  const of = (id: string) => kept.filter((entry) => Deno.inspect(entry).includes(id));
  const kinds = new Set(of(bob.id).map(({ key }) => key[0]));
  assertEquals([...kinds].filter((kind) => kind !== "job" && kind !== "job_by_end"), ["tombstone"]);
  assert(of(ada.id).some(({ key }) => key[0] === "note"), "another's stays");
});

Deno.test("who has stopped mail after the backup does not get it again after a restore", async () => {
  await using t = await testApp();
  const said = async (address: string, cause: Suppression["cause"]) =>
    await transact(
      t.app,
      (tx) =>
        suppress(t.app, tx, { hash: address, box: address, shown: address }, {
          scope: "all",
          cause,
        }),
    );
  const entries = () => Array.fromAsync(t.app.store.list<Suppression>(ranges.suppressions));
  await said("a", "unsubscribe");
  await said("b", "unsubscribe");
  const [earlier] = await entries();
  t.clock.advance(days(1));
  await transact(t.app, (tx) => tx.delete(keys.suppression("a", "all")));
  await said("a", "never"); // once more, and more of it
  await said("c", "complaint");
  const stops = await entries();
  // The store of the day before:
  for (const { key } of stops) await t.kv.delete(key);
  await t.kv.set(earlier!.key, earlier!.value);
  const restored = await markRestored(t.app, { ...nothing, stops });
  assertEquals(restored.stopsKept, 3);
  const kept = await list(t.app, ranges.suppressions);
  assertEquals(kept.map(({ shown, cause }) => [shown, cause]), [
    ["a", "never"],
    ["b", "unsubscribe"],
    ["c", "complaint"],
  ]);
  // And nothing that the backup knows better is undone.
  await t.kv.set(stops[0]!.key, { ...stops[0]!.value, at: t.clock.now() + 1, shown: "newer" });
  assertEquals((await markRestored(t.app, { ...nothing, stops })).stopsKept, 0);
  assertEquals((await list(t.app, ranges.suppressions))[0]!.shown, "newer");
});
