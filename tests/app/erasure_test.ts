import { assert, assertEquals } from "@std/assert";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { closeAccount } from "../../domain/accounts/closing.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { keys } from "../../kv/keys.ts";
import type { JobRecord } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { days, minutes } from "../support/clock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { CHAT, MARK, wholeLife } from "../support/whole_life.ts";

/** The first part of every key that there is. */
const kinds = new Set(
  Object.values(keys).map((key) =>
    String((typeof key === "function" ? (key as (...parts: never[]) => Deno.KvKey)() : key)[0])
  ),
);

/** Kinds under which nothing of anybody's stands. */
const NOBODYS = new Set([
  "instance",
  "commit_token",
  "set_up",
  "tick",
  "trial",
  "chat_update", // an id of Telegram's, gone in two days
  "chat_poller",
  "suppressed_lately",
  "failures_lately",
  "sending",
  "audit_floor",
  "started",
  "purge", // begins with the end
  "tombstone",
]);

/** What says that there was an account, and what was done to it. */
const STAYS = ["audit", "audit_head", "tombstone"];
/** What stays of its addresses, as a hash: who wants no mail gets none, whoever has the address. */
const STAYS_HASHED = ["soft_bounces", "suppression"];
/** Broadcasts are everybody's; neither who wrote them nor to whom they went is known any more. */
const BROADCASTS = ["broadcast", "broadcast_by_time", "broadcast_run"];
/** Jobs that are nobody's, and the last steps of the purge itself. */
const JOBS = ["send_broadcast", "deliver_broadcast", "purge_account", "prune", "tell_admins"];

interface Entry {
  kind: string;
  name: string;
  text: string;
  value: unknown;
}

async function entries({ kv }: TestApp): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const { key, value } of kv.list({ prefix: [] })) {
    const bytes = value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
    const name = JSON.stringify(key);
    const text = `${name} ${JSON.stringify(value)} ${bytes}`.toLowerCase();
    found.push({ kind: String(key[0]), name, text, value });
  }
  return found;
}

const kindsOf = (all: readonly Entry[]) => [...new Set(all.map(({ kind }) => kind))].sort();
const withWords = (all: readonly Entry[], words: readonly string[]) =>
  all.filter(({ text }) => words.some((word) => text.includes(word.toLowerCase())));

Deno.test("every kind of record is removed with a closed account, but for what says that there was one", async () => {
  await using t = await testApp({ messenger: new TestMessenger() });
  const { app } = t;
  const bob = await t.person("Bob", { role: "admin" });
  const silent = { ...DEFAULT_PREFERENCES, broadcasts: { mail: false, telegram: false } };
  await setPreferences(app, bob.id, silent); // his mail would say who announced
  const email = "adalovelace@example.org";
  const hash = await addressHash(app, email);
  await transact(app, (tx) => { // what others have asked an address is theirs
    const consent = { ownerId: bob.id, address: email, state: "accepted" } as const;
    tx.set(keys.consent(bob.id, hash), { ...consent, invitedAt: 0, decidedAt: 1 });
    tx.set(keys.consentByAddress(hash, bob.id), bob.id);
    tx.set(keys.invited(bob.id, hash), 1);
  });
  const before = new Set((await entries(t)).map(({ name }) => name));

  const ada = await t.person("Adalovelace", { role: "admin" });
  await wholeLife(t, ada);
  t.clock.advance(minutes(11)); // two broadcasts are not nearer to each other
  const { id, version } = await written(t, bob);
  await confirmBroadcast(app, { id, adminId: bob.id, version, members: 2 });
  await t.drain();
  const lived = (await entries(t)).filter(({ name }) => !before.has(name));
  const all = kindsOf(lived);
  assertEquals([...kinds].filter((kind) => !all.includes(kind) && !NOBODYS.has(kind)), []);
  const words = [ada.id, ada.email, ada.name, MARK, String(CHAT)];
  assert(kindsOf(withWords(lived, [...words, hash])).length > 40, "it stands everywhere");

  await closeAccount(app, { accountId: ada.id });
  for (let minute = 0; minute < 3; minute++) {
    await t.drain();
    t.clock.advance(minutes(1));
  }
  const erased = await entries(t);
  const others = erased.filter(({ name }) => before.has(name));
  assertEquals(others.length, before.size, "what was there before is there");
  const left = erased.filter(({ name }) => !before.has(name));
  assertEquals(kindsOf(withWords(left, words)), STAYS);
  const ends = ["newest_token", ...STAYS_HASHED]; // the first when its link is too old
  assertEquals(kindsOf(withWords(left, [hash])), ends.sort());

  for (let day = 0; day < 3; day++) {
    await t.server.lookAhead();
    t.clock.advance(days(1));
    await t.drain();
  }
  const jobs = new Map(
    (await Array.fromAsync(t.kv.list<JobRecord>({ prefix: ["job"] })))
      .map(({ value }) => [value.id, value.kind]),
  );
  const mayStay = ({ kind, name, text, value }: Entry): boolean =>
    before.has(name) || [...STAYS, ...STAYS_HASHED, ...BROADCASTS].includes(kind) ||
    text.includes(bob.id) || text.includes("everyone") || NOBODYS.has(kind) ||
    (kind === "job" && JOBS.includes((value as JobRecord).kind)) ||
    (kind.startsWith("job_by_") && JOBS.includes(jobs.get(String(value)) ?? "")) ||
    (kind === "delivery" && JOBS.includes(jobs.get((value as { jobId: string }).jobId) ?? ""));
  const odd = (await entries(t)).filter((entry) => !mayStay(entry));
  assertEquals(odd.map(({ name }) => name), []);
  assertEquals(kindsOf(withWords(await entries(t), words)), ["consent", ...STAYS].sort());
});
