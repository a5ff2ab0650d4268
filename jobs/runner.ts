import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import type { JobRecord } from "../kv/schema.ts";
import { Bell } from "../realtime/bell.ts";
import { catalog, type JobKind } from "./catalog.ts";
import { claim, type Due, type Kinds } from "./claim.ts";
import type { Endings, Handler, Handlers } from "./handler.ts";
import { type Claimed, giveBack } from "./lease.ts";
import { runTry } from "./run_try.ts";
import { Try } from "./try.ts";

export interface RunnerOptions {
  /** Most jobs at once in this process. */
  concurrency?: number;
  /** How long a try works before it should go to the back of the line, ms. */
  sliceMs?: number;
  /** What to end with a job that is given up, by kind. */
  endings?: Endings;
}

/** Most jobs claimed at once, half of what may run: one half settles while the other is claimed. */
const BATCH = 200;
/** How often leases and held back progress are looked after, ms. */
const LOOK_AFTER_MS = 1_000;
/** How long a stopping process waits for its tries, ms: Deploy kills 5 s after SIGINT. */
const GRACE_MS = 3_000;

/** Runs the jobs that are due. */
export class Runner {
  readonly #kinds: Kinds;
  readonly #concurrency: number;
  readonly #sliceMs: number;
  readonly #tries = new Map<Try, Promise<void>>();
  readonly #bell = new Bell();
  #draining: Promise<void> | null = null;
  #lookAheadUntil = 0;
  #stopping = false;

  constructor(
    private readonly app: App,
    private readonly handlers: Handlers,
    { concurrency = 400, sliceMs = 5_000, endings = {} }: RunnerOptions = {},
  ) {
    this.#concurrency = concurrency;
    this.#sliceMs = sliceMs;
    this.#kinds = { specs: catalog, endings };
  }

  /**
   * Runs all that is due and what becomes due within `lookAheadMs`, each at its instant, then
   * returns. One at a time: a call during another only prolongs that one.
   *
   * @throws what the store throws; that is logged, and what was claimed runs on.
   */
  drain({ lookAheadMs = 0 }: { lookAheadMs?: number } = {}): Promise<void> {
    this.#lookAheadUntil = Math.max(this.#lookAheadUntil, this.app.clock.now() + lookAheadMs);
    this.ring();
    return this.#draining ??= this.#drain();
  }

  /** Makes a drain that is waiting look again. */
  ring(): void {
    this.#bell.ring();
  }

  async #drain(): Promise<void> {
    const done = new AbortController();
    void this.#lookAfterTries(done.signal);
    try {
      let more: boolean;
      do {
        this.#bell.hush();
        more = await this.#round();
      } while (more || this.#bell.rang);
    } catch (error) {
      this.app.log.error("drain_failed", {}, error);
      throw error;
    } finally {
      // In the same breath as the last look at the bell: who rings later begins the next drain.
      this.#draining = null;
      this.#lookAheadUntil = 0;
      done.abort();
    }
  }

  async #lookAfterTries(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.app.clock.sleep(LOOK_AFTER_MS, signal);
      await Promise.all([...this.#tries.keys()].map((attempt) => attempt.keepAlive()));
    }
  }

  /** One look. @returns whether to look again, by when it is time to. */
  async #round(): Promise<boolean> {
    if (this.#stopping) return false;
    const now = this.app.clock.now();
    if (await this.#claimDue(now) > 0) return true;
    const next = this.#free() > 0 ? await this.#nextAfter(now) : null;
    if (next !== null && next <= this.app.clock.now()) return true;
    const waitsFor = next !== null && next <= this.#lookAheadUntil ? next : null;
    if (waitsFor === null && this.#tries.size === 0) return false;
    await this.#wait(waitsFor);
    return true;
  }

  #free(): number {
    return this.#concurrency - this.#tries.size;
  }

  /** @returns how many entries were dealt with, whether or not they were ours to run. */
  async #claimDue(now: number): Promise<number> {
    const limit = Math.min(this.#free(), BATCH);
    if (limit <= 0) return 0;
    const at: number[] = [];
    const wanted: Deno.KvKey[] = [];
    for await (
      const { key, value } of this.app.store.list<string>(ranges.jobsDueBy(now), { limit })
    ) {
      at.push(Number(key[1]));
      wanted.push(keys.job(value));
    }
    const entries = await this.app.store.getMany<JobRecord>(wanted);
    const dealt = entries.map((entry, i) => this.#take({ at: at[i]!, entry }));
    return (await Promise.all(dealt)).filter(Boolean).length;
  }

  /** @returns false when that failed; a job that cannot be claimed is not in the way of the others. */
  async #take(due: Due): Promise<boolean> {
    try {
      const claimed = await claim(this.app, this.#kinds, due);
      if (claimed !== null) this.#begin(claimed);
      return true;
    } catch (error) {
      this.app.log.error("job_not_claimed", { jobId: String(due.entry.key[1]) }, error);
      return false;
    }
  }

  async #nextAfter(now: number): Promise<number | null> {
    for await (const { key } of this.app.store.list(ranges.jobsDueAfter(now), { limit: 1 })) {
      return Number(key[1]);
    }
    return null;
  }

  /** Until something rings or a slot is free, or it is `at`; at most a second blind. */
  async #wait(at: number | null): Promise<void> {
    if (at === null) return await this.#bell.heard;
    const over = new AbortController();
    const ms = Math.max(0, Math.min(at - this.app.clock.now(), 1_000));
    await Promise.race([this.#bell.heard, this.app.clock.sleep(ms, over.signal)]);
    over.abort();
  }

  #begin(claimed: Claimed): void {
    const { app } = this;
    const kind = claimed.job.kind as JobKind;
    const { leaseMs, maxAttempts } = catalog[kind];
    const attempt = new Try(app, claimed, {
      leaseMs,
      sliceEndsAt: app.clock.now() + this.#sliceMs,
      stopping: () => this.#stopping,
    });
    const run = this.#stopping ? this.#giveBack(attempt) : runTry(app, attempt, {
      handler: this.handlers[kind] as Handler<JobKind>,
      maxAttempts,
      ending: this.#kinds.endings[kind],
    });
    const ended = run.finally(() => {
      this.#tries.delete(attempt);
      this.ring();
    });
    this.#tries.set(attempt, ended);
  }

  /** Claims nothing more, waits a little for what runs, and gives back what does not end. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    this.#stopping = true;
    this.ring();
    const over = new AbortController();
    await Promise.race([this.#idle(), this.app.clock.sleep(graceMs, over.signal)]);
    over.abort();
    await Promise.all([...this.#tries.keys()].map((attempt) => this.#giveBack(attempt)));
  }

  async #idle(): Promise<void> {
    await this.#draining?.catch(() => {}); // it has said so itself
    await Promise.all(this.#tries.values());
  }

  async #giveBack(attempt: Try): Promise<void> {
    attempt.end();
    try {
      await giveBack(this.app, attempt.claimed);
    } catch (error) {
      // The lease runs out and the job is found again.
      this.app.log.error("job_not_given_back", { jobId: attempt.id }, error);
    }
  }
}
