/** What becomes of one call to the store, other than a plain answer. */
export type Fault =
  /** Applied, and the answer says that it was not. */
  | "lie"
  /** Applied, the answer lost, sent again by the client: what KV Connect does. */
  | "repeat"
  /** Applied, and never answered. */
  | "lose"
  /** Neither applied nor answered. */
  | "hang"
  /** Refused for now, and not applied. */
  | "locked"
  /** Refused for good, and not applied. */
  | "refuse"
  /** Applied once this is resolved. */
  | Promise<void>
  /** As `repeat`, the second time once this is resolved. */
  | { repeatAfter: Promise<void> };

export type Call = "get" | "getMany" | "list" | "commit";

/** Says what becomes of the next call; undefined for a plain answer. */
export type Faults = (call: Call) => Fault | undefined;

/** One fault after the other for calls of one sort, then plain answers. */
export function script(call: Call, faults: (Fault | undefined)[]): Faults {
  const left = [...faults];
  return (next) => next === call ? left.shift() : undefined;
}

/** Faults at random, the same ones for the same numbers. */
export function atRandom(
  random: () => number,
  odds: Partial<Record<Call, Partial<Record<Extract<Fault, string>, number>>>>,
): Faults {
  return (call) => {
    let left = random();
    for (const [fault, share] of Object.entries(odds[call] ?? {})) {
      left -= share;
      if (left < 0) return fault as Fault;
    }
  };
}

export interface LyingKv {
  /** What the store is made of. */
  kv: Deno.Kv;
  /** How many commits were asked for. */
  commits: number;
  /** Resolves when no call to the real store is under way. */
  idle(): Promise<void>;
  /** Resolves when the next call is one that is never answered, and no other is under way. */
  nextHang(): Promise<void>;
}

const never = new Promise<never>(() => {});

/** A KV that has faults on demand; closing `real` stays with the caller. */
export function lyingKv(real: Deno.Kv, faults: Faults): LyingKv {
  const underWay = new Set<Promise<unknown>>();
  let onHang = () => {};
  const hang = () => (onHang(), never);

  async function call<T>(name: Call, ask: () => Promise<T>, lie?: T): Promise<T> {
    const fault = faults(name);
    const asked = async () => {
      const asking = ask();
      underWay.add(asking);
      try {
        return await asking;
      } finally {
        underWay.delete(asking);
      }
    };
    if (fault === "hang") return await hang();
    if (fault === "locked") throw new TypeError("database is locked");
    if (fault === "refuse") throw new TypeError("refused");
    if (fault instanceof Promise) await fault;
    const answer = await asked();
    if (fault === "lose") return await hang();
    if (fault === "repeat") return await asked();
    if (typeof fault === "object" && "repeatAfter" in fault) {
      await fault.repeatAfter;
      return await asked();
    }
    return fault === "lie" && lie !== undefined ? lie : answer;
  }

  const lying: LyingKv = {
    commits: 0,
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    async nextHang() {
      await new Promise<void>((resolve) => onHang = resolve);
      do {
        await lying.idle();
        await new Promise<void>((resolve) => setImmediate(resolve));
      } while (underWay.size > 0);
    },
    kv: {
      get: (key: Deno.KvKey) => call("get", () => real.get(key)),
      getMany: (keys: Deno.KvKey[]) => call("getMany", () => real.getMany(keys)),
      list(selector: Deno.KvListSelector, options?: Deno.KvListOptions) {
        const entries = real.list(selector, options);
        const next = () => call("list", () => entries.next());
        return { next, [Symbol.asyncIterator]: () => ({ next }) };
      },
      atomic() {
        const atomic = real.atomic();
        const own = {
          check: (...checks: Deno.AtomicCheck[]) => (atomic.check(...checks), own),
          delete: (key: Deno.KvKey) => (atomic.delete(key), own),
          set: (...set: Parameters<typeof atomic.set>) => (atomic.set(...set), own),
          commit() {
            lying.commits++;
            return call<unknown>("commit", () => atomic.commit(), { ok: false });
          },
        };
        return own;
      },
      watch: (keys: Deno.KvKey[]) => real.watch(keys),
    } as unknown as Deno.Kv,
  };
  return lying;
}
