import type { App, Mutation, Store, Write } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import type { Key, Range } from "./keys.ts";
import {
  costOf,
  keyBytes,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  overLimit,
  RULE_LIMITS,
  valueBytes,
} from "./limits.ts";
import { Lines } from "./lines.ts";

const MAX_TRIES = 30;
const LONGEST_PAUSE_MS = 20;

/**
 * Runs `build` and commits what it read and wrote as one. When another writer got there first, runs
 * it again on fresh data, so `build` must have no effect but through `tx`. `known` are entries that
 * the caller has just read or written itself; they spare the first try its reads and are checked
 * like any other.
 *
 * @throws {AppError} `conflict` after thirty lost races; `unavailable` when the store does not answer
 *   in time: then the commit may or may not have been applied.
 * @throws {RangeError} when the commit could not be applied on every store.
 */
export async function transact<T>(
  { store }: Pick<App, "store">,
  build: (tx: Tx) => T | Promise<T>,
  known: readonly Deno.KvEntryMaybe<unknown>[] = [],
): Promise<T> {
  const lines = linesOf(store);
  const first = new Tx(store, known);
  const result = await build(first);
  if (first.isEmpty() || !lines.isWanted(first.names()) && await first.commit()) return result;
  // Those of this process that lost pass one by one, and who comes later stands behind them: else
  // hundreds that publish to one topic would go on losing to each other.
  return await lines.pass(first.names(), async () => {
    for (let tries = 1; tries < MAX_TRIES; tries++) {
      const tx = new Tx(store);
      const result = await build(tx);
      if (await tx.commit()) return result;
      // Only other processes are left to race with, each with one that comes again.
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
    }
    throw new AppError("conflict", `Cannot commit: lost ${MAX_TRIES} races in a row`);
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const linesByStore = new WeakMap<Store, Lines>();

function linesOf(store: Store): Lines {
  const lines = linesByStore.get(store) ?? new Lines();
  linesByStore.set(store, lines);
  return lines;
}

/** What one commit reads and writes. Sees its own writes. */
export class Tx {
  readonly #known = new Map<string, Deno.KvEntryMaybe<unknown>>();
  readonly #reads = new Map<string, Deno.KvEntryMaybe<unknown>>();
  readonly #writes = new Map<string, Mutation>();
  readonly #after: ((versionstamp: string) => void)[] = [];

  constructor(private readonly store: Store, known: readonly Deno.KvEntryMaybe<unknown>[] = []) {
    for (const entry of known) this.#known.set(JSON.stringify(entry.key), entry);
  }

  /** The value as this transaction sees it; the commit fails if it has changed by then. */
  async get<T>(key: Key<T>): Promise<T | null> {
    const name = JSON.stringify(key);
    const own = this.#writes.get(name);
    if (own) return (own.value ?? null) as T | null;
    const entry = this.#reads.get(name) ?? this.#known.get(name) ?? await this.store.get<T>(key);
    // The first of two reads at once: what was decided upon it must be what is checked.
    const read = this.#reads.get(name) ?? entry;
    this.#reads.set(name, read);
    return read.value as T | null;
  }

  /** Entries of a range as the store has them now; neither checked nor mixed with own writes. */
  list<T>(range: Range<T>, options?: Deno.KvListOptions): AsyncIterable<Deno.KvEntry<T>> {
    return this.store.list<T>(range, options);
  }

  /** @throws {RangeError} when the key or the value is larger than any store takes. */
  set<T>(key: Key<T>, value: T): void {
    const bytes = valueBytes(value);
    if (bytes > MAX_VALUE_BYTES) refuse(key, `${bytes} bytes are over ${MAX_VALUE_BYTES}`);
    this.#write({ key, value, bytes: bytes + 2 * keyBytes(key) }); // as the store counts it
  }

  delete(key: Key<unknown>): void {
    this.#write({ key, bytes: keyBytes(key) });
  }

  #write(mutation: Mutation): void {
    const { key } = mutation;
    if (keyBytes(key) > MAX_KEY_BYTES) refuse(key, `its key is over ${MAX_KEY_BYTES} bytes`);
    this.#writes.set(JSON.stringify(key), mutation);
  }

  /** Runs once the commit is stored; not run when it is not. */
  afterCommit(effect: (versionstamp: string) => void): void {
    this.#after.push(effect);
  }

  /** Whether there is nothing to commit. */
  isEmpty(): boolean {
    return this.#writes.size === 0;
  }

  /** The keys read so far, as text: what a race is about. */
  names(): string[] {
    return [...this.#reads.keys()];
  }

  /** @returns false when something read here has changed since. */
  async commit(): Promise<boolean> {
    if (this.#writes.size === 0) return true;
    const write: Write = {
      checks: [...this.#reads.values()],
      mutations: [...this.#writes.values()],
    };
    const over = overLimit(costOf(write), RULE_LIMITS);
    if (over) throw new RangeError(`Cannot commit: ${over}`);
    const committed = await this.store.commit(write);
    if (!committed.ok) return false;
    for (const effect of this.#after) effect(committed.versionstamp);
    return true;
  }
}

function refuse(key: Deno.KvKey, why: string): never {
  throw new RangeError(`Cannot store ${String(key[0])}: ${why}`);
}
