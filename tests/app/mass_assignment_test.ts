import { assert, assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { issueTicket } from "../../domain/factors/ticket.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { type Door, type Fields, FILE, unsafeDoors } from "../support/doors/mod.ts";
import { phoneOf } from "../support/factor.ts";
import type { Sent } from "../support/http.ts";
import { addressOf, bodyOf, partsOf, requestTo } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { things } from "../support/things.ts";

/** A word and a number that stand nowhere else. */
const WORD = "planted7k2";
const NUMBER = 7_340_033;

/** What nobody may say of themselves or of their things; `victim` is somebody else's id. */
const extras = (victim: string): Fields => ({
  role: "admin",
  isAdmin: WORD,
  userId: victim,
  ownerId: victim,
  accountId: victim,
  authorId: victim,
  senderId: victim,
  verified: { at: NUMBER, by: WORD },
  state: WORD,
  rev: NUMBER,
  epoch: NUMBER,
  suspended: { at: NUMBER, by: WORD },
  createdAt: NUMBER,
  closedAt: NUMBER,
  deletedAt: NUMBER,
  provedAt: NUMBER,
});

/** Names that reach behind an object instead of into it. */
const BEHIND = ["__proto__", "constructor", "prototype"];

type Named = [name: string, door: Door];

async function scene() {
  const env = { TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0" };
  const t = await testApp({ env, messenger: new TestMessenger() });
  const victim = await t.person("Victim");
  return { t, victim };
}

/** All that is stored, as text, but for the victim's own account. */
async function stored(t: TestApp, victim: string): Promise<string> {
  const entries = await Array.fromAsync(t.kv.list({ prefix: [] }));
  const own = (key: Deno.KvKey, value: unknown) =>
    key.includes(victim) && key[0] === "account" ||
    key[0] === "account_by_email" && value === victim;
  return entries.filter(({ key, value }) => !own(key, value)).map(({ key, value }) =>
    JSON.stringify([
      key,
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    ], (_, one) => typeof one === "bigint" ? String(one) : one)
  ).join("\n");
}

async function admins(t: TestApp): Promise<string[]> {
  const entries = await Array.fromAsync(t.kv.list<Account>({ prefix: ["account"] }));
  return entries.filter(({ value }) => value.role === "admin").map(({ value }) => value.id);
}

/** Sends what a door takes with something more. */
async function ask([name, door]: Named, extra: (victim: string) => Fields | string) {
  const { t, victim } = await scene();
  const who = door.for === "admins" ? "an admin" : "owner";
  const { account, client } = await asker(t, who);
  const id = door.thing ? await things[door.thing](t, account) : newId();
  const fields = await bodyOf(door, { t, by: account, id });
  if (name === SECOND) {
    fields.code = (await phoneOf(t, account)).code();
    client.cookies.set("cw_ticket_dev", await issueTicket(t.app, account));
  }
  const more = extra(victim.id);
  const before = await admins(t);
  const request = typeof more === "string"
    ? requestBehind(name, more, fields)
    : requestTo(name, { ...more, ...fields });
  const response = await client.send(addressOf(name, id), request);
  const text = await response.text();
  const all = await stored(t, victim.id);
  const after = await admins(t);
  await t[Symbol.asyncDispose]();
  return { status: response.status, text, all, madeAdmin: after.length - before.length, victim };
}

/** The same request with such a name in it. */
function requestBehind(name: string, harm: string, fields: Fields): Sent {
  if (FILE in fields) return requestTo(name, { [harm]: WORD, ...fields });
  const { isApi } = partsOf(name);
  const sent = requestTo(name, fields);
  const type = isApi ? "application/json" : "application/x-www-form-urlencoded";
  const headers = { ...sent.headers, "content-type": type };
  return { method: sent.method, raw: behind(harm, fields, isApi), headers };
}

/** A body with a name in it that an object literal cannot have. */
function behind(name: string, fields: Fields, isApi: boolean): string {
  const harm = { role: "admin", isAdmin: WORD };
  if (isApi) {
    return `{${JSON.stringify(name)}:${JSON.stringify(harm)},${JSON.stringify(fields).slice(1)}`
      .replace(/,\}$/, "}");
  }
  const form = new URLSearchParams(
    Object.entries(fields).map(([field, value]) => [field, String(value)]),
  );
  return `${form}&${name}=${WORD}&${name}[role]=admin&${name}.isAdmin=${WORD}`;
}

/** Of who has shown the first of two factors: what is sent is looked at only then. */
const SECOND = "POST /api/session/factor";

const fieldsTaken = Object.entries(unsafeDoors).filter(([, door]) => door.for !== "services");

/** What makes somebody an admin is meant to. */
const makesAdmins = [
  "POST /setup/:token",
  "POST /api/admin/members/:id/role",
  "POST /admin/members/:id/role",
];

for (const named of fieldsTaken) {
  const [name] = named;
  Deno.test(`${name} takes nothing that it did not ask for`, async () => {
    const plain = await ask(named, () => ({}));
    assert(plain.status < 400, `as it is meant: ${plain.status} ${plain.text.slice(0, 300)}`);
    for (const extra of [extras, ...BEHIND.map((one) => () => one)]) {
      const { status, all, madeAdmin, victim, text } = await ask(named, extra);
      const said = `${status} ${text.slice(0, 200)}`;
      assert(status === 400 || status === plain.status, said);
      assert(!all.includes(WORD) && !all.includes(String(NUMBER)), `${said}: a value`);
      assert(!all.includes(victim.id), `${said}: somebody else's id`);
      assertEquals(madeAdmin, makesAdmins.includes(name) && status < 400 ? 1 : 0, said);
      assert(!("isAdmin" in {}) && !("role" in {}), "objects in general");
    }
  });
}

Deno.test("a handler that stores what it was sent is found out by the same look", async () => {
  const { t, victim } = await scene();
  await using _ = t;
  const ada = await t.person("Ada");
  assert(!(await stored(t, victim.id)).includes(victim.id));
  await transact(t.app, (tx) => {
    const careless = { ...ada, ...extras(victim.id) };
    tx.set(keys.account(ada.id), careless);
  });
  const all = await stored(t, victim.id);
  assert(all.includes(WORD) && all.includes(String(NUMBER)) && all.includes(victim.id));
  assertEquals(await admins(t), [ada.id]);
});
