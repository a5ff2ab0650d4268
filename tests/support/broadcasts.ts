import {
  type Confirmation,
  confirmBroadcast as confirm,
} from "../../domain/broadcasts/broadcast_acts.ts";
import { scheduleRun } from "../../domain/broadcasts/broadcast_runs.ts";
import { UNDO_MS } from "../../domain/broadcasts/broadcast_words.ts";
import { createBroadcast, type NewBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Broadcast } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";
import { TestClock } from "./clock.ts";

/** How many accounts fit into one commit with room to spare. */
const AT_ONCE = 100;

/**
 * An admin and so many members, the first of them with open chats numbered from 1,000. `lurking` says
 * which of them have not proven an address, and so are none.
 */
export async function crowd(
  t: Pick<TestApp, "app" | "person">,
  size: number,
  { chats = 0, lurking = () => false }: { chats?: number; lurking?: (i: number) => boolean } = {},
): Promise<{ root: Account; people: Account[] }> {
  const root = await t.person("Root", { role: "admin" });
  const people = Array.from({ length: size }, (_, i): Account => ({
    ...root,
    id: String(i).padStart(26, "0"), // before the admin, in their order
    email: `member${i}@example.org`,
    name: `Member ${i}`,
    role: "member",
    verified: lurking(i) ? null : root.verified,
  }));
  for (let from = 0; from < size; from += AT_ONCE) {
    await transact(t.app, (tx) => {
      for (const [i, account] of people.slice(from, from + AT_ONCE).entries()) {
        tx.set(keys.account(account.id), account);
        if (account.verified === null) continue;
        tx.set(keys.accountByEmail(account.email), account.id);
        if (from + i >= chats) continue;
        const { id: accountId, name } = account;
        const chatId = 1_000 + from + i;
        const facts = { username: null, state: "on", reason: null, linkedAt: 0 } as const;
        tx.set(keys.chat(chatId), { chatId, accountId, name, ...facts });
        tx.set(keys.chatOf(accountId), chatId);
      }
    });
  }
  return { root, people: people.filter(({ verified }) => verified !== null) };
}

/** As the domain's; the minute then passes in which one for now can be taken back. */
export async function confirmBroadcast(
  app: TestApp["app"],
  asked: Confirmation,
): Promise<Broadcast> {
  const confirmed = await confirm(app, asked);
  if (confirmed.when.is !== "now") return confirmed;
  if (!(app.clock instanceof TestClock)) return await hurry(app, confirmed);
  app.clock.advance(UNDO_MS);
  return confirmed;
}

/** Where nobody moves the clock: as if it had been confirmed a minute before. */
async function hurry(app: TestApp["app"], confirmed: Broadcast): Promise<Broadcast> {
  return await transact(app, async (tx) => {
    const broadcast = await tx.get(keys.broadcast(confirmed.id));
    if (broadcast?.state !== "scheduled") return broadcast ?? confirmed;
    const due = { ...broadcast, nextAt: app.clock.now() };
    tx.set(keys.broadcast(due.id), due);
    await scheduleRun(app, tx, due);
    return due;
  });
}

/** A draft of an admin's. */
export function written(
  t: Pick<TestApp, "app">,
  root: Account,
  change: Partial<NewBroadcast> = {},
): Promise<Broadcast> {
  return createBroadcast(t.app, {
    authorId: root.id,
    title: "Moving on Friday",
    text: "We move to the new house.\nBring boxes.",
    channels: { mail: true, telegram: true },
    when: { is: "now" },
    via: "page",
    ...change,
  });
}
