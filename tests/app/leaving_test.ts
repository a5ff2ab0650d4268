import { assertEquals } from "@std/assert";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { releaseRestored, resumeSending, stopSending } from "../../domain/mail/sending.ts";
import { writeLetter } from "../../domain/accounts/account_letters.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { getWork } from "../../domain/work.ts";
import { type Key, keys } from "../../kv/keys.ts";
import type { Account, Sending } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";

/** A real mailer to people who may be mailed. */
const env = { MAIL_FROM: "clock@example.org", RECIPIENT_DOMAINS: "example.net" };

async function world(more: Record<string, string> = {}) {
  const mailer = new TestMailer();
  const t = await testApp({ env: { ...env, ...more }, mailer });
  const ada = await t.person("Ada", { createdAt: t.clock.now() - days(2) });
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const mail = (to: string[]) => requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
  const states = async (jobId: string) => {
    const { deliveries, state } = await getWork(t.app, { id: jobId, ownerId: ada.id });
    return [state, ...deliveries.map(({ state, reason }) => `${state}: ${reason}`)];
  };
  return { t, mailer, ada, mail, states };
}

const put = <T>(t: TestApp, key: Key<T>, value: T) => transact(t.app, (tx) => tx.set(key, value));
const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}@example.net`);

Deno.test("when an admin stops all sending nothing leaves until one lets it, and nothing is lost", async () => {
  const { t, mailer, ada, mail, states } = await world();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  await stopSending(t.app, { by: root });
  const jobId = await mail(people(2));
  await askForProof(t.app, ada);
  await t.drain();
  t.clock.advance(hours(3));
  await t.drain();
  assertEquals(mailer.accepted.length, 0);
  assertEquals((await states(jobId))[0], "scheduled");
  await resumeSending(t.app, { by: root });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.recipients().toSorted(), ["ada@example.org", ...people(2)]);
});

Deno.test("after complaints only letters about accounts leave", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  const why = "too many recipients complained";
  const breaker: Sending = { stopped: null, restored: null, breaker: { at: t.clock.now(), why } };
  await put(t, keys.sending, breaker);
  await mail(people(2));
  await askForProof(t.app, ada);
  await t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org"]);
});

for (const past of ["send", "drop"] as const) {
  Deno.test(`after a restore only new letters about accounts leave until an admin says of the rest: ${past}`, async () => {
    const { t, mailer, ada, mail, states } = await world();
    await using _ = t;
    const root = await t.person("Root", { role: "admin" });
    const before = await mail(people(2));
    await askForProof(t.app, root);
    t.clock.advance(minutes(5));
    const restored = { at: t.clock.now(), past: "held" } as const;
    await put(t, keys.sending, { stopped: null, breaker: null, restored });
    const after = await mail(["later@example.net"]);
    await askForProof(t.app, ada);
    await t.drain();
    t.clock.advance(hours(1));
    await t.drain();
    assertEquals(mailer.recipients(), ["ada@example.org"]);
    assertEquals((await states(after))[0], "scheduled");
    await releaseRestored(t.app, { by: root, past });
    t.clock.advance(minutes(1));
    await t.drain();
    const sent = past === "send" ? [...people(2), "root@example.org"] : [];
    const all = ["ada@example.org", "later@example.net", ...sent];
    assertEquals(mailer.recipients().toSorted(), all.toSorted());
    assertEquals((await states(after))[0], "completed");
    const state = past === "send" ? "sent: null" : "skipped: it may have left before the restore";
    assertEquals(await states(before), ["completed", state, state]);
  });
}

const skipped = (reason: string) => ["completed", `skipped: ${reason}`, `skipped: ${reason}`];
const gone: [why: string, end: string[], change: Partial<Account>][] = [
  [
    "its sender is suspended",
    skipped("its sender is suspended"),
    { suspended: { at: 1, by: "admin" } },
  ],
  // Not even its deliveries are looked at: all of it is about to be removed.
  ["its sender’s account is closed", ["cancelled", "waiting: null", "waiting: null"], {
    closedAt: 1,
  }],
];
for (const [reason, end, change] of gone) {
  Deno.test(`nothing leaves any more when ${reason}`, async () => {
    const { t, mailer, ada, mail, states } = await world();
    await using _ = t;
    const jobId = await mail(people(2));
    await put(t, keys.account(ada.id), { ...ada, ...change });
    await t.drain();
    assertEquals(mailer.accepted.length, 0);
    assertEquals(await states(jobId), end);
  });
}

Deno.test("a paused sender's mail waits for an admin, for a week; mail to oneself still comes", async () => {
  const { t, mailer, ada, mail, states } = await world();
  await using _ = t;
  const paused = { at: t.clock.now(), why: "two people complained" };
  await put(t, keys.sender(ada.id), { paused, perDay: null });
  const [first, own] = [await mail(people(1)), await mail(["ada@example.org"])];
  await t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org"]);
  assertEquals((await states(own))[0], "completed");
  const why = "its sender is paused: two people complained";
  assertEquals((await states(first)).slice(1), [`waiting: ${why}`]);
  await put(t, keys.sender(ada.id), { paused: null, perDay: null });
  t.clock.advance(hours(1));
  await t.drain();
  assertEquals(mailer.recipients(), ["ada@example.org", ...people(1)]);
  await put(t, keys.sender(ada.id), { paused, perDay: null });
  const late = await mail(["late@example.net"]);
  for (let i = 0; i < 8; i++) {
    await t.drain();
    t.clock.advance(days(1));
  }
  assertEquals((await states(late)).slice(1), [`skipped: ${why}`]);
});

Deno.test("what an address was told not to get between asking and sending does not leave", async () => {
  const { t, mailer, ada, mail, states } = await world();
  await using _ = t;
  const jobId = await mail(people(3));
  const all = ["all", `sender:${ada.id}`, "broadcasts"] as const;
  for (const [i, scope] of all.entries()) {
    const hash = await addressHash(t.app, people(3)[i]!.toUpperCase());
    const why = { cause: "unsubscribe", shown: "p…", at: t.clock.now(), until: null } as const;
    await put(t, keys.suppression(hash, scope), { ...why, scope });
  }
  await t.drain();
  assertEquals(mailer.recipients(), ["p2@example.net"], "notes are no announcements");
  const reason = "skipped: does not want mail from you";
  assertEquals((await states(jobId)).slice(1), [reason, reason, "sent: null"]);
});

Deno.test("a suppression that is over, and for letters about accounts one that was chosen, holds nothing", async () => {
  const { t, mailer, ada, mail } = await world();
  await using _ = t;
  const now = t.clock.now();
  const hash = await addressHash(t.app, "p0@example.net");
  const over = { scope: "all", cause: "soft_bounces", shown: "", at: 0, until: now } as const;
  await put(t, keys.suppression(hash, "all"), over);
  await mail(people(1));
  const own = await addressHash(t.app, ada.email);
  const never = { scope: "all", cause: "never", shown: "", at: 0, until: null } as const;
  await put(t, keys.suppression(own, "all"), never);
  const write = () =>
    transact(t.app, (tx) => {
      return writeLetter(t.app, tx, { accountId: ada.id, letter: "password_changed" });
    });
  await write();
  await t.drain();
  assertEquals(mailer.recipients().toSorted(), ["ada@example.org", "p0@example.net"]);
  await put(t, keys.suppression(own, "all"), { ...never, cause: "bounce" });
  await write();
  await t.drain();
  assertEquals(mailer.accepted.length, 2, "nobody reads an address from which mail comes back");
});
