import { assert, assertEquals } from "@std/assert";
import { accountByAddress } from "../../domain/accounts/accounts.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { markRestored } from "../../domain/admin/restore.ts";
import { keys } from "../../kv/keys.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import { read } from "../../kv/read.ts";
import type {
  Account,
  Consent,
  MailDay,
  SameText,
  Sender,
  Suppression,
  Token,
} from "../../kv/schema.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { passkeyOf, phoneOf } from "../support/factor.ts";
import { linkChat } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";

const nothing = { backup: "b.sqlite3", closed: new Map<string, number>(), old: null };

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
  assertEquals(restored, { accounts: 3, closedAgain: 1, carried: 0, hasAdmin: true });
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

/** A store that a restore replaces. */
async function oldStore() {
  const kv = await Deno.openKv(":memory:");
  const store = createStore({ kv, traits: EMBEDDED });
  const put = (entries: Entry[], value: (entry: Entry) => unknown) =>
    transact({ store }, (tx) => {
      for (const entry of entries) if (value(entry)) tx.set(entry.key, value(entry));
    });
  return { store, put, [Symbol.dispose]: () => kv.close() };
}

interface Entry {
  key: Deno.KvKey;
  /** What the backup has, and the store that it replaces. */
  there?: unknown;
  old?: unknown;
  /** What is there afterwards. */
  then: unknown;
}

const NOW = Date.parse("2026-11-23T10:00:00Z");
const stop = (shown: string, at: number): Suppression => ({
  ...{ shown, at, scope: "all", cause: "never", until: null },
});
const day = (sent: number): MailDay => ({
  ...{ reserved: sent, sent, bounced: 0, complained: 0, invited: 0, refused: 0, limited: false },
});
const agreed = (state: Consent["state"], decidedAt: number | null): Consent => ({
  ...{ ownerId: "ada", address: "bob@example.net", state, invitedAt: 1, decidedAt },
});
const sender = (perDay: number | null, why?: string): Sender => ({
  ...{ perDay, paused: why === undefined ? null : { at: 1, why } },
});
const token = (purpose: Token["purpose"]): Token => ({
  ...{ purpose, subject: "ada bob", expiresAt: NOW + days(1) },
});
const text = (heldAt: number | null): SameText => ({
  ...{ hash: "t", by: [{ accountId: "ada", recipients: 60, at: 5 }], heldAt, decided: null },
});

/** Of each kind what was in the backup, what came since, and what is stricter. */
const carried = (ada: Account): Record<string, Entry[]> => ({
  suspensions: [{
    key: keys.account("ada"),
    there: ada,
    old: { ...ada, suspended: { at: 2, by: "root" } },
    then: { ...ada, suspended: { at: 2, by: "root" }, epoch: 1 },
  }],
  "suspensions that were lifted since": [{
    key: keys.account("ada"),
    there: { ...ada, suspended: { at: 2, by: "root" } },
    old: ada,
    then: { ...ada, suspended: { at: 2, by: "root" }, epoch: 1 },
  }],
  "admins that are none any more": [{
    key: keys.account("ada"),
    there: { ...ada, role: "admin" },
    old: ada,
    then: { ...ada, epoch: 1 },
  }],
  "and no new ones": [{
    key: keys.account("ada"),
    there: ada,
    old: { ...ada, role: "admin", email: "eve@example.org", password: "another" },
    then: { ...ada, epoch: 1 },
  }],
  "pauses and limits of senders": [
    { key: keys.sender("ada"), old: sender(10, "complaints"), then: sender(10, "complaints") },
    {
      key: keys.sender("bob"),
      there: sender(10, "bounces"),
      old: sender(500),
      then: sender(10, "bounces"),
    },
    { key: keys.sender("eve"), old: sender(0), then: null },
  ],
  "what recipients answered": [
    {
      key: keys.consent("ada", "a"),
      there: agreed("accepted", 2),
      old: agreed("refused", 3),
      then: agreed("refused", 3),
    },
    {
      key: keys.consent("ada", "b"),
      there: agreed("accepted", 4),
      old: agreed("refused", 3),
      then: agreed("accepted", 4),
    },
    { key: keys.consent("ada", "c"), old: agreed("invited", null), then: agreed("invited", null) },
    { key: keys.consentByAddress("c", "ada"), then: "ada" },
    { key: keys.token("x"), old: token("invitation"), then: token("invitation") },
    { key: keys.consent("eve", "c"), old: agreed("invited", null), then: null },
  ],
  "who was asked": [
    { key: keys.invited("ada", "a"), old: 7, then: 7 },
    { key: keys.invited("eve", "a"), old: 7, then: null },
  ],
  "what was stopped": [
    {
      key: keys.suppression("a", "all"),
      there: stop("before", 1),
      old: stop("since", 2),
      then: stop("since", 2),
    },
    {
      key: keys.suppression("b", "all"),
      there: stop("newer", 3),
      old: stop("since", 2),
      then: stop("newer", 3),
    },
    { key: keys.suppression("c", "all"), old: stop("since", 2), then: stop("since", 2) },
  ],
  "what was chosen beneath what a provider says": [{
    key: keys.suppression("a", "all"),
    there: stop("a", 5),
    old: { ...stop("a", 5), chosen: { cause: "never", at: 9 } },
    then: { ...stop("a", 5), chosen: { cause: "never", at: 9 } },
  }],
  "what was erased": [
    {
      key: keys.consent("ada", "a"),
      there: agreed("accepted", 4),
      old: { ...agreed("accepted", 4), address: "" },
      then: { ...agreed("accepted", 4), address: "" },
    },
    {
      key: keys.suppression("b", "all"),
      there: stop("b…@example.net", 5),
      old: stop("", 5),
      then: stop("", 5),
    },
  ],
  "texts that are held": [
    { key: keys.sameText("t"), there: text(null), old: text(9), then: text(9) },
    {
      key: keys.sameText("u"), // which counts until long after
      there: { ...text(null), by: [{ accountId: "ada", recipients: 60, at: NOW + days(7) }] },
      old: { ...text(9), decided: { at: 10, past: "drop" } },
      then: { ...text(9), decided: { at: 10, past: "drop" } },
    },
  ],
  "what was counted": [
    { key: keys.mailDay("ada", "2026-11-23"), there: day(3), old: day(40), then: day(40) },
    { key: keys.mailDay("", "2026-11-23"), old: day(900), then: day(900) },
    { key: keys.mailDay("new", "2026-11-23"), there: day(9), old: day(4), then: day(9) },
    { key: keys.mailDay("eve", "2026-11-23"), old: day(9), then: null },
    {
      key: keys.tries("invitation", "h"),
      there: { at: [1] },
      old: { at: [1, 2] },
      then: { at: [1, 2] },
    },
  ],
  "and nothing else": [
    { key: keys.note("n"), old: { id: "n" }, then: null },
    { key: keys.token("y"), old: token("reset"), then: null },
    { key: keys.session("s"), old: { accountId: "ada" }, then: null },
  ],
});

const ADA: Account = {
  ...{
    id: "ada",
    email: "ada@example.org",
    name: "Ada",
    zone: "UTC",
    role: "member",
    password: "",
  },
  ...{ verified: null, epoch: 0, createdAt: 1 },
};

for (const [kind, entries] of Object.entries(carried(ADA))) {
  Deno.test(`what protects people and was done after the backup holds after a restore: ${kind}`, async () => {
    await using t = await testApp();
    using old = await oldStore();
    await transact(t.app, (tx) => {
      tx.set(keys.account("ada"), ADA);
      tx.set(keys.account("bob"), { ...ADA, id: "bob", email: "bob@example.org", role: "admin" });
      for (const { key, there } of entries) if (there !== undefined) tx.set(key, there);
    });
    await old.put(entries, ({ old }) => old);
    const restored = await markRestored(t.app, { ...nothing, old: old.store });
    for (const { key, then } of entries) {
      assertEquals(await read(t.app, key), then, String(key));
    }
    const again = await markRestored(t.app, { ...nothing, old: old.store });
    assertEquals([restored.hasAdmin, again.carried], [true, 0], "and once");
  });
}

Deno.test("a restore says when nobody is left who could let anything leave", async () => {
  await using t = await testApp();
  using old = await oldStore();
  const root = await t.person("Root", { role: "admin" });
  const demoted: Account = { ...root, role: "member" };
  await old.put([{ key: keys.account(root.id), old: demoted, then: null }], ({ old }) => old);
  assertEquals((await markRestored(t.app, nothing)).hasAdmin, true);
  assertEquals((await markRestored(t.app, { ...nothing, old: old.store })).hasAdmin, false);
});

Deno.test("second factors are those of the store that is replaced, and a short password alone fits no more", async () => {
  await using t = await testApp();
  using old = await oldStore();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob", { shortPassword: true })];
  const { codes } = await phoneOf(t, ada);
  const stolen = await passkeyOf(t, ada);
  await phoneOf(t, bob);
  // Since the backup Ada has used a code and removed the passkey of a stolen phone, Bob all.
  const before = (await read(t.app, keys.factors(ada.id)))!;
  const since = { ...before, passkeys: [], codes: before.codes.slice(1) };
  const accounts = [ada, bob].map((account) => ({
    key: keys.account(account.id),
    old: account,
    then: null,
  }));
  const factors = { key: keys.factors(ada.id), old: since, then: null };
  await old.put([...accounts, factors], ({ old }) => old);
  await markRestored(t.app, { ...nothing, old: old.store });
  const after = (await read(t.app, keys.factors(ada.id)))!;
  assertEquals([after.passkeys.length, after.codes.length], [0, codes.length - 1]);
  assert(before.passkeys.some(({ id }) => id === stolen));
  assert((await read(t.app, keys.account(ada.id)))!.factorAt !== undefined);
  assertEquals(await read(t.app, keys.factors(bob.id)), null);
  const { factorAt, shortPassword, password } = (await read(t.app, keys.account(bob.id)))!;
  assertEquals([factorAt, shortPassword, password], [undefined, undefined, ""]);
});
