import type { App } from "../core/app.ts";
import { keys } from "../kv/keys.ts";
import type { JobRecord, Progress } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { LeaseLost, type RunningJob } from "./handler.ts";
import { type Claimed, held, remember, renew } from "./lease.ts";

export interface TryOptions {
  leaseMs: number;
  sliceEndsAt: number;
  stopping: () => boolean;
}

/** One try at a job: what its handler holds. */
export class Try implements RunningJob {
  readonly id: string;
  readonly ownerId: string | null;
  readonly createdAt: number;
  readonly attempt: number;
  readonly payload: unknown;
  readonly #ended = new AbortController();
  #renewAt: number;
  /** Whether the last progress came too soon after the one before to be told. */
  #heldBack = false;

  constructor(
    private readonly app: App,
    readonly claimed: Claimed,
    private readonly options: TryOptions,
  ) {
    this.id = claimed.job.id;
    this.ownerId = claimed.job.ownerId;
    this.createdAt = claimed.job.createdAt;
    this.attempt = claimed.job.attempt;
    this.payload = claimed.payload;
    this.#renewAt = app.clock.now() + options.leaseMs / 3;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get cancelAsked(): boolean {
    return this.claimed.job.cancelAsked;
  }

  get cancelReason(): string {
    return this.claimed.job.cancelReason ?? "cancelled by its owner";
  }

  get progress(): Progress {
    return this.claimed.job.progress;
  }

  sliceOver(): boolean {
    return this.options.stopping() || this.app.clock.now() >= this.options.sliceEndsAt;
  }

  async commit<T>(
    build: (tx: Tx) => T | Promise<T>,
    progress?: Progress,
    { answer = true }: { answer?: boolean } = {},
  ): Promise<T> {
    return await this.#write(async (tx) => {
      const result = await build(tx);
      return { result, progress, answer };
    });
  }

  async step<T>(name: string, fn: () => Promise<T>): Promise<T> {
    const { steps } = this.claimed.job;
    if (Object.hasOwn(steps, name)) return steps[name] as T;
    const result = await fn();
    await this.#write((_tx, { progress }) => ({ result, progress, answer: true, step: name }));
    return result;
  }

  /** Tells the handler, by its signal, that nothing it does is recorded any more. */
  end(): void {
    this.#ended.abort();
  }

  /**
   * Renews the lease when a third of it is over, and tells of progress that was held back: a handler
   * may wait long for one answer.
   */
  async keepAlive(): Promise<void> {
    const renewed = this.app.clock.now() < this.#renewAt;
    if (this.signal.aborted || renewed && !this.#heldBack) return;
    try {
      await this.#write((_tx, { progress }) => ({
        result: null,
        progress: this.#heldBack ? progress : undefined,
      }));
    } catch (error) {
      if (error instanceof LeaseLost) return this.end();
      this.app.log.warn("lease_not_renewed", { jobId: this.id });
    }
  }

  async #write<T>(
    build: (tx: Tx, mine: JobRecord) => Written<T> | Promise<Written<T>>,
  ): Promise<T> {
    const { app, claimed, options: { leaseMs } } = this;
    const { entry } = claimed;
    this.#renewAt = app.clock.now() + leaseMs / 3;
    return await transact(app, async (tx) => {
      const mine = await held(tx, claimed);
      const { result, progress, answer, step } = await build(tx, mine);
      const renewed = await renew(app, tx, mine, { leaseMs, progress, answer });
      const job = step === undefined
        ? renewed
        : { ...renewed, steps: { ...renewed.steps, [step]: result } };
      tx.set(keys.job(this.id), job);
      remember(tx, claimed, job);
      tx.afterCommit(() => {
        if (progress !== undefined) this.#heldBack = job.toldAt === mine.toldAt;
      });
      return result;
    }, entry ? [entry] : []);
  }
}

interface Written<T> {
  result: T;
  progress?: Progress;
  answer?: boolean;
  step?: string;
}
