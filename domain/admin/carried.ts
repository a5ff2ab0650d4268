import type { App, Store } from "../../core/app.ts";
import { type Key, keys, type Range, ranges } from "../../kv/keys.ts";
import type { Account, Consent, MailDay, SameText, Sender, Suppression } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";

/** One kind of entry that is carried over from the store that a restore replaces. */
interface Carried {
  range: Range<unknown>;
  /** Puts one of them into the restored store, in what is then its commit. @returns whether it is new there. */
  put(tx: Tx, entry: Deno.KvEntry<unknown>): Promise<boolean>;
}

/**
 * @param join what the restored store should have, of what the old one has and what is there; null
 *   where that is right as it is.
 * @param also what else has to stand beside it.
 */
function carry<T>(
  range: Range<T>,
  join: (old: T, there: T | null) => T | null,
  also?: (tx: Tx, key: Deno.KvKey) => void,
): Carried {
  return {
    range,
    async put(tx, entry) {
      const [key, old] = [entry.key as Key<T>, entry.value as T];
      const there = await tx.get(key);
      const joined = join(old, there);
      if (joined === null || JSON.stringify(joined) === JSON.stringify(there)) return false;
      tx.set(key, joined);
      also?.(tx, key);
      return true;
    },
  };
}

/** The old one where it is newer; a restored store may also be the newer of the two. */
const newer = <T>(at: (value: T) => number) => (old: T, there: T | null): T | null =>
  there === null || at(old) > at(there) ? old : null;

/**
 * All that is carried over: what keeps people from mail that they do not want, and members and admins
 * from what was taken from them. Of members what is stricter in either store holds, so nobody gets a
 * right by it; of what addresses said and what was counted, what is newer.
 */
const carried: Carried[] = [
  carry(ranges.accounts, guarded),
  carry(ranges.senders, held),
  carry(ranges.consents, answered, index),
  carry(ranges.invited, newer((at: number) => at)),
  // What an invitation's link carries can be used often and opens nothing.
  carry(ranges.tokens, (old, there) => there === null && old.purpose === "invitation" ? old : null),
  carry(ranges.suppressions, stopped),
  carry(ranges.sameTexts, texts),
  carry(ranges.mailDays, newer(counted)),
  carry(ranges.tries, newer(({ at }) => at.at(-1) ?? 0)),
];

/** Whose an entry is stands behind its kind, but for these, which are of addresses and texts. */
const OF_NOBODY = ["suppression", "same_text", "tries", "token"];
/** In place of members, where the mail of all is counted. */
const OF_ALL = ["", "new"];

/**
 * Carries over what the store that is replaced knows and the backup does not. What is about accounts
 * that are not in the backup stays behind.
 *
 * @returns how many entries that were.
 */
export async function carryOver(app: Pick<App, "store">, old: Store): Promise<number> {
  const known = new Set(OF_ALL);
  for await (const { value: { id } } of app.store.list<Account>(ranges.accounts)) known.add(id);
  let count = 0;
  for (const { range, put } of carried) {
    for await (const entry of old.list<unknown>(range)) {
      const [kind, whose] = entry.key.map(String);
      if (!OF_NOBODY.includes(kind!) && !known.has(whose!)) continue;
      if (await transact(app, (tx) => put(tx, entry))) count++;
    }
  }
  return count;
}

function guarded(old: Account, there: Account | null): Account | null {
  if (there === null) return null;
  const suspended = there.suspended ?? old.suspended;
  const role = old.role === "admin" ? there.role : old.role;
  return { ...there, role, ...suspended && { suspended } };
}

function held(old: Sender, there: Sender | null): Sender {
  const paused = there?.paused ?? old.paused;
  const most = [old.perDay, there?.perDay].filter((perDay) => typeof perDay === "number");
  return { ...there, ...old, paused, perDay: most.length === 0 ? null : Math.min(...most) };
}

function index(tx: Tx, [, ownerId, hash]: Deno.KvKey): void {
  tx.set(keys.consentByAddress(String(hash), String(ownerId)), String(ownerId));
}

/** What was erased of an address since does not come back with an older answer. */
function answered(old: Consent, there: Consent | null): Consent | null {
  const one = newer(({ decidedAt, invitedAt }: Consent) => decidedAt ?? invitedAt)(old, there);
  return old.address === "" ? { ...one ?? there!, address: "" } : one;
}

/** By what was chosen too: that has a time of its own beneath what a provider says. */
function stopped(old: Suppression, there: Suppression | null): Suppression | null {
  const one = newer(({ at, chosen }: Suppression) => Math.max(at, chosen?.at ?? 0))(old, there);
  return old.shown === "" ? { ...one ?? there!, shown: "" } : one;
}

/** Held where it is in either store, as it was last decided, with all who mail it. */
function texts(old: SameText, there: SameText | null): SameText {
  if (there === null) return old;
  const known = new Set(old.by.map(({ accountId }) => accountId));
  const decided = (old.decided?.at ?? 0) > (there.decided?.at ?? 0) ? old.decided : there.decided;
  return {
    ...there,
    by: [...old.by, ...there.by.filter(({ accountId }) => !known.has(accountId))],
    heldAt: old.heldAt ?? there.heldAt,
    decided,
  };
}

function counted({ reserved, sent, bounced, complained, invited, refused }: MailDay): number {
  return reserved + sent + bounced + complained + invited + refused;
}
