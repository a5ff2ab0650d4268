import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { type Key, keys, ranges } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Tries } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { sha256 } from "./digest.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far the clocks of two processes are apart; what is later was written before ours stepped back. */
const SKEW_MS = MINUTE_MS;

/** How often something may be tried. */
export interface Limit {
  /** Part of the key: renamed, it starts from nothing. */
  what: string;
  cannot: string;
  /** What to do instead of waiting. */
  instead?: string;
  most: readonly { count: number; perMs: number }[];
  /** After `free` tries within `perMs` the next one waits 1, 2, 4 … s, at most `mostMs`. */
  slower?: { free: number; perMs: number; mostMs: number };
}

/** Passwords of one account: OWASP Authentication Cheat Sheet (delays, and never a lock for good). */
export const accountPasswords: Limit = {
  what: "password",
  cannot: "check the password",
  instead: "wait, or sign in by a mailed link",
  most: [{ count: 20, perMs: DAY_MS }],
  slower: { free: 5, perMs: 15 * MINUTE_MS, mostMs: 900 * SECOND_MS },
};
/** Wrong passwords from one network: OWASP Credential Stuffing Prevention Cheat Sheet. */
export const networkPasswords: Limit = {
  what: "password_from",
  cannot: "check the password",
  instead: "wait, or sign in by a mailed link",
  most: [{ count: 20, perMs: HOUR_MS }],
};
/** Sign-ups from one network. */
export const networkSignUps: Limit = {
  what: "sign_up_from",
  cannot: "sign up",
  most: [{ count: 5, perMs: HOUR_MS }, { count: 20, perMs: DAY_MS }],
};
/** Letters that strangers can have sent to one address by signing up with it. */
export const addressSignUps: Limit = {
  what: "sign_up_to",
  cannot: "sign up",
  most: [{ count: 3, perMs: DAY_MS }],
};
/** Mail of one member to one address. */
export const pairMails: Limit = {
  what: "mail_pair",
  cannot: "mail this address",
  most: [{ count: 3, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }],
};
/** Mail of everybody to one address. */
export const recipientMails: Limit = {
  what: "mail_to",
  cannot: "mail this address",
  most: [{ count: 20, perMs: DAY_MS }],
};
/** Letters about accounts to one address. */
export const accountLetters: Limit = {
  what: "letter_to",
  cannot: "mail this address",
  most: [{ count: 10, perMs: DAY_MS }],
};
/** People whom one member asks whether they want mail. */
export const memberInvitations: Limit = {
  what: "invitation_by",
  cannot: "ask more people",
  most: [{ count: 20, perMs: DAY_MS }],
};
/** Invitations of everybody to one mailbox. */
export const mailboxInvitations: Limit = {
  what: "invitation_to",
  cannot: "ask this address",
  most: [{ count: 3, perMs: DAY_MS }],
};
/** Letters to prove a further address: what one address gets of all, and one member has sent. */
export const addressProofs: Limit = {
  what: "proof_to",
  cannot: "write to this address",
  most: [{ count: 3, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }],
};
export const memberProofs: Limit = {
  what: "proof_by",
  cannot: "send more letters",
  most: [{ count: 10, perMs: DAY_MS }],
};
/** Files with all that an account holds. */
export const accountExports: Limit = {
  what: "export",
  cannot: "make a file of your data",
  most: [{ count: 1, perMs: HOUR_MS }],
};
/** Files that are brought back. */
export const accountImports: Limit = {
  what: "import",
  cannot: "take in a file",
  most: [{ count: 3, perMs: DAY_MS }],
};
/** Wrong codes that one chat shows to the bot. */
export const chatCodes: Limit = {
  what: "chat_code",
  cannot: "link this chat",
  most: [{ count: 5, perMs: 10 * MINUTE_MS }, { count: 20, perMs: DAY_MS }],
};

/** One limit as it applies to one account, address or network. */
export interface Try {
  limit: Limit;
  /** Only its hash is stored. */
  who: string;
}

/** A try that is counted, until it turns out well. */
export interface Counted extends Try {
  at: number;
}

/**
 * Counts a try of each of these before it is made, so that a hundred at once are not one.
 *
 * @throws {AppError} `rate_limited`, saying when to come back; then nothing was counted.
 */
export function countTries(app: App, tries: readonly Try[]): Promise<Counted[]> {
  return transact(app, async (tx) => {
    const counted: Counted[] = [];
    for (const one of tries) counted.push(await countTry(app, tx, one));
    return counted;
  });
}

/** As `countTries`, in the commit of what is tried. */
export async function countTry(app: Pick<App, "clock">, tx: Tx, one: Try): Promise<Counted> {
  const { limit, who } = one;
  const key = keys.tries(limit.what, await sha256(who));
  const now = app.clock.now();
  const keepMs = Math.max(...limit.most.map(({ perMs }) => perMs));
  const at = ((await tx.get(key))?.at ?? [])
    .filter((at) => at > now - keepMs && at < now + SKEW_MS)
    .map((at) => Math.min(at, now));
  const waitMs = waitOf(limit, at, now);
  if (waitMs > 0) {
    const { cannot, instead } = limit;
    const why = instead ? `it was tried too often; ${instead}` : "it was tried too often";
    throw new AppError("rate_limited", `Cannot ${cannot} now: ${why}`, { retryAfterMs: waitMs });
  }
  tx.set(key, { at: [...at, now] });
  return { ...one, at: now };
}

/** How many more of these may be tried at once. */
export async function triesLeft(
  app: Pick<App, "store" | "clock">,
  { limit, who }: Try,
): Promise<number> {
  const now = app.clock.now();
  const at = (await read(app, keys.tries(limit.what, await sha256(who))))?.at ?? [];
  const left = limit.most.map(({ count, perMs }) =>
    count - at.filter((at) => at > now - perMs).length
  );
  return Math.max(0, Math.min(...left));
}

/** Takes back what was counted, because it was no failure. */
export async function uncount(tx: Tx, { limit, who, at }: Counted): Promise<void> {
  const key = keys.tries(limit.what, await sha256(who));
  const left = (await tx.get(key))?.at ?? [];
  const index = left.indexOf(at);
  if (index >= 0) tx.set(key, { at: left.toSpliced(index, 1) });
}

/** Forgets every try: who knows the password is let in at once the next time too. */
export async function forget(tx: Tx, { limit, who }: Try): Promise<void> {
  tx.delete(keys.tries(limit.what, await sha256(who)));
}

/** How long the next try must wait, ms; `at` are those before it, oldest first. */
function waitOf({ most, slower }: Limit, at: readonly number[], now: number): number {
  let waitMs = 0;
  for (const { count, perMs } of most) {
    const first = at.at(-count);
    if (first !== undefined) waitMs = Math.max(waitMs, first + perMs - now);
  }
  const last = at.at(-1);
  if (slower === undefined || last === undefined) return waitMs;
  const lately = at.filter((at) => at > now - slower.perMs).length;
  if (lately < slower.free) return waitMs;
  const pauseMs = Math.min(slower.mostMs, SECOND_MS * 2 ** (at.length - slower.free));
  return Math.max(waitMs, last + pauseMs - now);
}

/** Removes some of what was counted so long ago that it no longer matters. @returns how many. */
export async function pruneTries(app: App, limit: number): Promise<number> {
  const before = app.clock.now() - DAY_MS;
  const old: Deno.KvEntry<Tries>[] = [];
  for await (const entry of app.store.list<Tries>(ranges.tries)) {
    if ((entry.value.at.at(-1) ?? 0) <= before) old.push(entry);
    if (old.length === limit) break;
  }
  for (const { key } of old) {
    await transact(app, async (tx) => {
      const tries = await tx.get(key as Key<Tries>);
      if ((tries?.at.at(-1) ?? 0) <= before) tx.delete(key);
    });
  }
  return old.length;
}
