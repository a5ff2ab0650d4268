import { setImmediate } from "node:timers";
import type { Committed, Write } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { type Cost, costOf, limitsOf, overLimit, type StoreTraits } from "./limits.ts";

interface Waiting {
  readonly write: Write;
  /** All that it checks or writes. */
  readonly keys: readonly string[];
  readonly cost: Cost;
  readonly settle: (committed: Promise<Committed>) => void;
}

/**
 * Group commit: writes that arrive while commits are under way go out together, as many to a commit
 * as fit. A write waits for every earlier one that touches a key of its own. A group that loses a
 * race or is refused is committed one by one, so that one bad write costs its neighbours a round
 * trip and nothing else.
 */
export class Group {
  readonly #limits: Cost;
  #waiting: Waiting[] = [];
  /** Keys of the commits under way. */
  readonly #busy = new Set<string>();
  #inFlight = 0;
  #pumping = false;

  constructor(
    private readonly traits: StoreTraits,
    private readonly commit: (write: Write) => Promise<Committed>,
  ) {
    this.#limits = limitsOf(traits);
  }

  add(write: Write): Promise<Committed> {
    return new Promise((resolve) => {
      const keys = [...write.checks, ...write.mutations].map(({ key }) => JSON.stringify(key));
      this.#waiting.push({ write, keys, cost: costOf(write), settle: resolve });
      this.#pumpSoon();
    });
  }

  /** After all that is ready to write has written: else the first of many would go out alone. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < this.traits.inFlight && this.#waiting.length > 0) {
      const group = this.#next();
      if (group.length === 0) return; // all wait for a commit under way, and its end pumps again
      const keys = group.flatMap(({ keys }) => keys);
      for (const key of keys) this.#busy.add(key);
      this.#inFlight++;
      this.#send(group).finally(() => {
        for (const key of keys) this.#busy.delete(key);
        this.#inFlight--;
        this.#pumpSoon();
      });
    }
  }

  /** Takes from the front what fits into one commit; what does not keeps its place. */
  #next(): Waiting[] {
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    const touched = new Set<string>();
    const sum: Cost = { checks: 0, mutations: 0, bytes: 0, keyBytes: 0 };
    for (const [i, one] of this.#waiting.entries()) {
      if (one.keys.some((key) => touched.has(key) || this.#busy.has(key))) rest.push(one);
      else {
        add(sum, one.cost);
        if (group.length > 0 && overLimit(sum, this.#limits)) {
          rest.push(...this.#waiting.slice(i));
          break;
        }
        group.push(one);
      }
      // Also the keys of those that wait on: nobody overtakes an earlier write to the same key.
      for (const key of one.keys) touched.add(key);
    }
    this.#waiting = rest;
    return group;
  }

  async #send(group: Waiting[]): Promise<void> {
    if (group.length > 1) {
      const together = this.commit({
        checks: group.flatMap(({ write }) => write.checks),
        mutations: group.flatMap(({ write }) => write.mutations),
      });
      // Without an answer it may have been applied, so it is not tried again; refused it was not.
      const committed = await together.catch((error) =>
        error instanceof AppError ? null : { ok: false }
      );
      if (committed === null || committed.ok) {
        for (const { settle } of group) settle(together);
        return;
      }
    }
    await Promise.all(group.map(({ write, settle }) => {
      const alone = this.commit(write);
      settle(alone);
      return alone.catch(() => {});
    }));
  }
}

function add(sum: Cost, { checks, mutations, bytes, keyBytes }: Cost): void {
  sum.checks += checks;
  sum.mutations += mutations;
  sum.bytes += bytes;
  sum.keyBytes += keyBytes;
}
