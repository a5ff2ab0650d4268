import { assert, assertEquals } from "@std/assert";
import { closeAccount } from "../../domain/accounts/closing.ts";
import { createNote, deleteNote } from "../../domain/notes/notes.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { keepCard, type NewCard } from "../../domain/chats/chat_cards.ts";
import { askForEmail } from "../../domain/accounts/email_change.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { issueToken } from "../../domain/accounts/tokens.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { removeJob } from "../../domain/job_removal.ts";
import type { Account, JobRecord } from "../../kv/schema.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { days, minutes, seconds } from "../support/clock.ts";
import { say } from "../support/figures.ts";
import { killable } from "../support/killable.ts";
import { TestMailer } from "../support/mailer.ts";
import { daily, linkChat, remind } from "../support/reminders.ts";

/** Stands in everything that the account wrote. */
const MARK = "xyzzy-planted-marker";
const CHAT = 770_770_770;

/** Every entry of the store in which one of these stands, in its key or anywhere in its value. */
async function traces(kv: Deno.Kv, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, value } of kv.list({ prefix: [] })) {
    const bytes = value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
    const text = `${JSON.stringify(key)} ${JSON.stringify(value)} ${bytes}`.toLowerCase();
    const word = words.find((word) => text.includes(word.toLowerCase()));
    if (word) found.push(`${String(key[0])}: ${word}`);
  }
  return found;
}

const env = { MAIL_FROM: "clock@example.org", RECIPIENT_CHECK: "off", SIGNUP: "closed" };
/** What is removed in the commits at which a process dies, in the order of the purge. */
const DEATHS = [
  "mailing",
  "delivery",
  "reminder",
  "note",
  "consent",
  "notification",
  "token",
  "account",
];
/** More than any of it needs. */
const PER_DAY = 100_000;

async function lifeOf(t: TestApp, person: Account, { mailings }: { mailings: number }) {
  const { app } = t;
  const { id: ownerId } = person;
  await transact(app, (tx) => tx.set(keys.sender(ownerId), { paused: null, perDay: PER_DAY }));
  const notes: string[] = [];
  for (let i = 0; i < 200; i++) {
    const text = i === 0 ? `${MARK} ${"long ".repeat(15_000)}` : `${MARK} ${i}`;
    notes.push((await createNote(app, { ownerId, title: `${MARK} ${i}`, text })).id);
  }
  await deleteNote(app, { id: notes.pop()!, ownerId });
  for (let i = 0; i < 100; i++) {
    await remind(app, person, {
      title: `${MARK} ${i}`,
      rule: i % 2 ? daily : null,
      noteId: notes[i] ?? null,
      channels: { page: true, telegram: false, mail: i % 3 ? [] : [person.email] },
    });
  }
  await linkChat(app, person, CHAT);
  const card: NewCard = { is: "notes", q: MARK, ids: [], next: null };
  await keepCard(app, { chatId: CHAT, key: "k", card });
  await setPreferences(app, ownerId, DEFAULT_PREFERENCES);
  const address = "203.0.113.7";
  await startSession(app, { accountId: ownerId, epoch: 0, agent: MARK, address, by: "password" });
  await askForEmail(app, { account: person, email: `${MARK}@example.org`, address });
  await transact(app, async (tx) => {
    await issueToken(app, tx, { purpose: "reset", subject: ownerId, lifeMs: minutes(30) });
    const hash = await addressHash(app, "friend@example.net");
    tx.set(keys.demo(ownerId, 0), MARK);
    tx.set(keys.consent(ownerId, hash), {
      ownerId,
      address: `${MARK}@example.net`,
      state: "accepted",
      invitedAt: 0,
      decidedAt: 0,
    });
    tx.set(keys.consentByAddress(hash, ownerId), ownerId);
    tx.set(keys.invited(ownerId, hash), 1);
    tx.set(keys.devices(ownerId), { seen: [{ name: MARK, at: 0 }] });
    const linked = { address: `${MARK}@example.net`, hash: "h", until: 1, verified: null };
    tx.set(keys.emailChange(ownerId), { asked: linked, kept: [linked] });
    tx.set(keys.ownAddress(ownerId, hash), {
      accountId: ownerId,
      address: `${MARK}@example.com`,
      addedAt: 0,
      verified: null,
    });
    tx.set(keys.suppression(await addressHash(app, person.email), "broadcasts"), {
      shown: "a…@example.org",
      scope: "broadcasts",
      cause: "unsubscribe",
      at: 0,
      until: null,
    });
  });
  for (let m = 0; m < mailings; m++) {
    const to = Array.from({ length: 100 }, (_, i) => `${m}.${i}.${MARK}@example.net`);
    await requestMailing(app, { noteId: notes[m]!, ownerId, to });
  }
}

Deno.test("a closed account sends nothing more, and of it nothing is found, wherever its purge dies", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const sentAt: number[] = [];
  let inFlight = 0;
  const mailer = new TestMailer();
  await using t = await testApp({ env, mailer });
  const { clock, app, kv } = t;
  const ada = await t.person("Adalovelace");
  const bob = await t.person("Bob", { role: "admin" });
  mailer.answer = async (mail) => {
    if (mail.senderId === ada.id) {
      sentAt.push(clock.now());
      inFlight++;
      await held;
    }
    return mailer.accept(mail);
  };
  await lifeOf(t, ada, { mailings: 50 });
  const { id, version } = await written(t, bob);
  await confirmBroadcast(app, { id, adminId: bob.id, version, members: 2 });

  const first = killable(app);
  while (inFlight < 50) await new Promise((resolve) => setTimeout(resolve, 5));
  const words = [ada.id, MARK, ada.email, String(CHAT)];
  const before = await traces(kv, words);
  assert(before.length > 6_000, `${before.length} traces`);

  const closedAt = clock.now();
  await closeAccount(app, { accountId: ada.id });
  clock.advance(seconds(1));
  first.kill(1, true);
  release();
  assertEquals(await first.ended, true, "the one that sends dies before it hears of it");
  const afterDeaths: number[] = [];
  for (const [i, kind] of DEATHS.entries()) {
    let dead = false;
    for (let looks = 0; looks < 5 && !dead; looks++) { // it waits for leases of the dead
      clock.advance(seconds(61));
      const next = killable(app);
      next.killAtRemoval(kind, i % 2 === 0);
      dead = await next.ended;
    }
    assert(dead, `one dies where it removes a ${kind}`);
    afterDeaths.push((await traces(kv, words)).length);
  }
  assert(afterDeaths[0]! > before.length - 1_000, "the first dies at the beginning");
  const [middle] = afterDeaths.slice(DEATHS.indexOf("note"));
  assert(middle! > 100 && middle! < before.length - 1_000, `one in the middle: ${middle}`);
  for (let minute = 0; minute < 5; minute++) {
    clock.advance(seconds(61));
    await t.drain();
  }
  assert((await kv.get(keys.tombstone(ada.id))).value !== null, "it comes to its end");
  const late = sentAt.filter((at) => at > closedAt + seconds(30));
  const left = await traces(kv, words);
  say(
    `traces: ${before.length}, after each death ${
      afterDeaths.join(", ")
    }, at last ${left.length}; ` +
      `${sentAt.length} messages had begun, ${late.length} late`,
  );
  assertEquals(late, []);
  const allowed = [`tombstone: ${ada.id}`, `audit: ${ada.id}`, `audit_head: ${ada.id}`];
  assertEquals([...new Set(left)].filter((one) => !allowed.includes(one)), []);
  const suppressed = await Array.fromAsync(kv.list({ prefix: ["suppression"] }));
  assertEquals(suppressed.length, 1, "what keeps mail from the address stays");
  const ended = mailer.accepted.filter(({ to }) => to.address === ada.email);
  assertEquals(ended.at(-1)?.subject, "Your account is closed");
});

Deno.test("a purge whose job was given up is taken up the next day", async () => {
  await using t = await testApp();
  const ada = await t.person("Adalovelace");
  await createNote(t.app, { ownerId: ada.id, title: MARK, text: MARK });
  await closeAccount(t.app, { accountId: ada.id });
  for await (const { key, value } of t.kv.list<JobRecord>({ prefix: ["job"] })) {
    if (value.kind === "purge_account") await removeJob(t.app, String(key[1]), "");
  }
  await t.server.lookAhead();
  await t.drain();
  assert((await traces(t.kv, [MARK])).length > 0, "nobody removes it");
  for (let day = 0; day < 2; day++) {
    t.clock.advance(days(1));
    await t.drain();
  }
  assertEquals(await traces(t.kv, [MARK, ada.email]), []);
});
