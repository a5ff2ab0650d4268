import { newId } from "../core/ids.ts";
import { keys } from "./keys.ts";

/** A key of the store's own that holds the token of the last commit to use it. */
export interface Slot {
  readonly key: Deno.KvKey;
  /** As of its last use by this process; null before the first. */
  versionstamp: string | null;
}

/** A slot for each commit under way, used again and again. */
export class Tokens {
  readonly #free: Slot[] = [];
  #made = 0;

  constructor(private readonly writer: string) {}

  async use<T>(commit: (slot: Slot, token: string) => Promise<T>): Promise<T> {
    const slot = this.#free.pop() ??
      { key: keys.commitToken(this.writer, this.#made++), versionstamp: null };
    const result = await commit(slot, newId());
    // Only after an answer: a commit that hangs may yet be applied, over the token of the next one.
    this.#free.push(slot);
    return result;
  }
}
