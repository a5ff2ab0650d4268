import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { sha256 } from "./digest.ts";

const SECOND_MS = 1_000;
/** How far the clocks of two processes are apart; what is later was written before ours stepped back. */
const SKEW_MS = 60_000;

/** How often something may be tried. */
export interface Limit {
  /** Part of the key: renamed, it starts from nothing. */
  what: string;
  cannot: string;
  /** What to do instead of waiting. */
  instead?: string;
  most: readonly { count: number; perMs: number }[];
  /**
   * Beyond `most` one more passes so long after the one before: where strangers can use up what is
   * somebody else's, nobody must be locked out by it.
   */
  thenEveryMs?: number;
  /** After `free` tries within `perMs` the next one waits 1, 2, 4 … s, at most `mostMs`. */
  slower?: { free: number; perMs: number; mostMs: number };
}

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
    const most = fullOf(limit, at, now);
    throw new AppError("rate_limited", `Cannot ${cannot} now: ${why}`, {
      retryAfterMs: waitMs,
      quota: most && { name: limit.what, ...most },
    });
  }
  tx.set(key, { at: [...at, now] });
  return { ...one, at: now };
}

/** As `countTry`, where it is only left out what is too often. @returns whether it was counted. */
export async function mayTry(app: Pick<App, "clock">, tx: Tx, one: Try): Promise<boolean> {
  try {
    await countTry(app, tx, one);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") return false;
    throw error;
  }
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

/** Which of its counts is full, the longest first; else from when on it is slower. */
function fullOf({ most, slower }: Limit, at: readonly number[], now: number) {
  return most.toSorted((a, b) => b.perMs - a.perMs)
    .find(({ count, perMs }) => at.filter((at) => at > now - perMs).length >= count) ??
    (slower && { count: slower.free, perMs: slower.perMs });
}

/** How long the next try must wait, ms; `at` are those before it, oldest first. */
function waitOf(
  { most, thenEveryMs = Infinity, slower }: Limit,
  at: readonly number[],
  now: number,
): number {
  let waitMs = 0;
  for (const { count, perMs } of most) {
    const first = at.at(-count);
    if (first !== undefined) waitMs = Math.max(waitMs, first + perMs - now);
  }
  const last = at.at(-1);
  if (last === undefined) return waitMs;
  waitMs = Math.min(waitMs, last + thenEveryMs - now);
  if (slower === undefined) return waitMs;
  const lately = at.filter((at) => at > now - slower.perMs).length;
  if (lately < slower.free) return waitMs;
  const pauseMs = Math.min(slower.mostMs, SECOND_MS * 2 ** (at.length - slower.free));
  return Math.max(waitMs, last + pauseMs - now);
}
