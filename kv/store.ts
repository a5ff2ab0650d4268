import type { Committed, Store, Write } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { Deadline } from "./deadline.ts";
import { Group } from "./group.ts";
import { keyBytes, MAX_KEY_BYTES, MAX_KEYS_READ, type StoreTraits } from "./limits.ts";
import { Tokens } from "./tokens.ts";
import { watch } from "./watch.ts";

const LONGEST_CALL_MS = 10_000;
/** How long a locked file is tried again, ms. */
const LOCKED_FOR_MS = 5_000;
/** A broom for the tokens of processes that are gone, ms; far longer than any commit is under way. */
const TOKEN_KEPT_MS = 86_400_000;

export interface StoreOptions {
  kv: Deno.Kv;
  traits: StoreTraits;
  /** No call takes longer; over KV Connect one may otherwise hang for ever. */
  deadline?: Deadline;
  /** Off only in the test that shows what it is for. */
  readBack?: boolean;
}

/** Puts deadlines, retries, read-back and group commit around a KV. Closing `kv` stays with the caller. */
export function createStore(
  { kv, traits, deadline = new Deadline(LONGEST_CALL_MS), readBack = true }: StoreOptions,
): Store {
  // Alone on its file a process needs no name of its own, so restarts leave no tokens behind.
  const tokens = new Tokens(traits.shared ? newId() : "local");

  /** "database is locked" says that nothing was applied. */
  async function unlocked<T>(call: () => Promise<T>): Promise<T> {
    const start = performance.now();
    for (;;) {
      try {
        return await deadline.within(call);
      } catch (cause) {
        const locked = cause instanceof Error && cause.message.includes("database is locked");
        if (!locked) throw cause;
        if (performance.now() - start > LOCKED_FOR_MS) {
          throw new AppError("unavailable", "Cannot reach the store: it is locked", { cause });
        }
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 45));
      }
    }
  }

  async function commit({ checks, mutations }: Write): Promise<Committed> {
    const atomic = kv.atomic().check(...checks);
    for (const { key, value } of mutations) {
      if (value === undefined) atomic.delete(key);
      else atomic.set(key, value);
    }
    if (checks.length === 0 && !traits.shared) {
      return await unlocked(() => atomic.commit()) as Committed;
    }
    return await tokens.use(async (slot, token) => {
      // Over KV Connect a commit whose answer was lost is sent again. The check makes that fail even
      // if nothing else would (a job added without a look would begin anew), the token tells it from a race.
      if (traits.shared) atomic.check(slot);
      atomic.set(slot.key, token, traits.shared ? { expireIn: TOKEN_KEPT_MS } : {});
      const result = await unlocked(() => atomic.commit());
      if (result.ok) {
        slot.versionstamp = result.versionstamp;
        return result;
      }
      const { value, versionstamp } = await unlocked(() => kv.get<string>(slot.key));
      slot.versionstamp = versionstamp;
      return readBack && value === token && versionstamp !== null
        ? { ok: true, versionstamp }
        : { ok: false };
    });
  }

  const group = new Group(traits, commit);
  return {
    shared: traits.shared,
    get: async <T>(key: Deno.KvKey) =>
      isTooLong(key) ? nothing(key) : await unlocked(() => kv.get<T>(key)),
    async getMany<T>(wanted: readonly Deno.KvKey[]) {
      if (wanted.some(isTooLong)) return await Promise.all(wanted.map((key) => this.get<T>(key)));
      const batches: Promise<Deno.KvEntryMaybe<T>[]>[] = [];
      for (let i = 0; i < wanted.length; i += MAX_KEYS_READ) {
        batches.push(unlocked(() => kv.getMany<T[]>(wanted.slice(i, i + MAX_KEYS_READ))));
      }
      return (await Promise.all(batches)).flat();
    },
    async *list<T>(selector: Deno.KvListSelector, options: Deno.KvListOptions = {}) {
      const entries = kv.list<T>(selector, options);
      for (;;) {
        const next = await unlocked(() => entries.next());
        if (next.done) return;
        yield next.value;
      }
    },
    commit: (write) => group.add(write),
    watch: (key, signal) => watch(kv, key, signal),
  };
}

/** A key that nothing is ever written under, as when somebody asks for an id of 3,000 characters. */
const isTooLong = (key: Deno.KvKey) => keyBytes(key) > MAX_KEY_BYTES;
const nothing = (key: Deno.KvKey) => ({ key, value: null, versionstamp: null });
