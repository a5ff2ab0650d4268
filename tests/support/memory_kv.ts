type Part = string | number | boolean;
interface Entry {
  key: Part[];
  value: unknown;
  versionstamp: string;
}
type Check = Pick<Entry, "key"> & { versionstamp: string | null };
interface Selector {
  prefix?: Part[];
  start?: Part[];
  end?: Part[];
}

/**
 * A Deno.Kv made of a list: what the store uses of one, as quick as memory. Knows strings, numbers
 * and booleans in keys, and hands values on as they are, since ours are never changed in place. That
 * it answers as the real one does is the business of a test of its own.
 */
export class MemoryKv {
  /** In the order of their keys. */
  #entries: Entry[] = [];
  #version = 0;

  /** Itself where the type of the real one is asked for. */
  get kv(): Deno.Kv {
    return this as unknown as Deno.Kv;
  }

  /** All entries under a prefix at this very moment. */
  snapshot<T>(prefix: Part[]): { key: Part[]; value: T }[] {
    return this.#range({ prefix }).map(({ key, value }) => ({ key, value: value as T }));
  }

  get(key: Part[]) {
    const there = this.#at(key);
    return Promise.resolve(there ?? { key, value: null, versionstamp: null });
  }

  getMany(keys: Part[][]) {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async *list(
    selector: Selector,
    { limit = Infinity, reverse = false }: { limit?: number; reverse?: boolean } = {},
  ) {
    const range = this.#range(selector);
    if (reverse) range.reverse();
    yield* range.slice(0, limit);
  }

  atomic() {
    const checks: Check[] = [];
    const mutations: Omit<Entry, "versionstamp">[] = [];
    const own = {
      check: (...more: typeof checks) => (checks.push(...more), own),
      set: (key: Part[], value: unknown) => (mutations.push({ key, value }), own),
      delete: (key: Part[]) => (mutations.push({ key, value: undefined }), own),
      commit: () => Promise.resolve(this.#commit(checks, mutations)),
    };
    return own;
  }

  #commit(checks: Check[], mutations: Omit<Entry, "versionstamp">[]) {
    const stale = checks.some(({ key, versionstamp }) =>
      (this.#at(key)?.versionstamp ?? null) !== versionstamp
    );
    if (stale) return { ok: false };
    const versionstamp = String(++this.#version).padStart(20, "0");
    for (const mutation of mutations) this.#put({ ...mutation, versionstamp });
    return { ok: true, versionstamp };
  }

  #put(entry: Entry): void {
    const replaced = this.#at(entry.key) ? 1 : 0;
    const added = entry.value === undefined ? [] : [entry];
    this.#entries.splice(this.#find(entry.key), replaced, ...added);
  }

  #at(key: Part[]): Entry | undefined {
    const entry = this.#entries[this.#find(key)];
    return entry && compare(entry.key, key) === 0 ? entry : undefined;
  }

  /** Where `key` is or would be. */
  #find(key: Part[]): number {
    let low = 0, high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#entries[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #range({ prefix, start = prefix, end }: Selector): Entry[] {
    const from = start ? this.#find(start) : 0;
    const range: Entry[] = [];
    for (const entry of this.#entries.slice(from)) {
      if (end && compare(entry.key, end) >= 0) break;
      if (prefix && compare(entry.key.slice(0, prefix.length), prefix) !== 0) break;
      if (!prefix || entry.key.length > prefix.length) range.push(entry);
    }
    return range;
  }
}

const RANK = { string: 0, number: 1, boolean: 2 };
const rank = (part: Part) => RANK[typeof part as keyof typeof RANK];

/** The order of the store: part by part, strings before numbers before booleans. */
function compare(a: Part[], b: Part[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x !== y) return rank(x) - rank(y) || (x < y ? -1 : 1);
  }
  return a.length - b.length;
}
