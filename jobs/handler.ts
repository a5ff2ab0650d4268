import type { App } from "../core/app.ts";
import type { JobRecord, Progress } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import type { JobKind, Payload } from "./catalog.ts";

/** Does the work of one kind. Returns what became of it; what it throws is a failed try. */
export type Handler<K extends JobKind> = (
  app: App,
  job: RunningJob<Payload<K>>,
) => Promise<Outcome>;

/** One handler for each kind, or it does not compile. */
export type Handlers = { [K in JobKind]: Handler<K> };

/**
 * Ends what hangs on a job that is given up, in the commit that discards it. Returns how far the work
 * then is, if it knows.
 */
export type Ending = (
  app: App,
  tx: Tx,
  job: { id: string; reason: string },
) => Promise<Progress | undefined>;
export type Endings = Partial<Record<string, Ending>>;

/** More writes for the commit that settles the job. */
export type Also = (tx: Tx, job: JobRecord) => void | Promise<void>;

export type Outcome =
  | { is: "completed"; also?: Also }
  /** Not finished: again after `ms`. Uses no attempt. */
  | { is: "snooze"; ms: number }
  | { is: "cancel"; reason: string; also?: Also }
  /** No try will ever succeed: given up now, as if all had failed. */
  | { is: "discard"; reason: string };

export const completed = (also?: Also): Outcome => ({ is: "completed", also });
export const snooze = (ms: number): Outcome => ({ is: "snooze", ms });
export const cancel = (reason: string, also?: Also): Outcome => ({ is: "cancel", reason, also });
export const giveUpNow = (reason: string): Outcome => ({ is: "discard", reason });

/** All that a handler sees of its job. Every write through it is checked against the lease. */
export interface RunningJob<P = unknown> {
  readonly id: string;
  readonly ownerId: string | null;
  /** When it was asked for, ms since 1970. */
  readonly createdAt: number;
  readonly payload: P;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** Someone asked for an end: return `cancel` at the next good moment. Fresh after each commit. */
  readonly cancelAsked: boolean;
  /** Who asked for it. */
  readonly cancelReason: string;
  /** Aborts when the process stops for good or the lease was lost. */
  readonly signal: AbortSignal;
  /** The slice is used up or the process is stopping: return `snooze(0)` at the next good moment. */
  sliceOver(): boolean;
  /** As of the last commit. */
  readonly progress: Progress;
  /**
   * Writes under the lease, and how far the work is if that is given: fails when another try has taken over.
   * Progress shows that something came of the try, and that the job does not just kill its process;
   * `answer: false` says that it does not.
   *
   * @throws {LeaseLost} then; let it pass.
   */
  commit<T>(
    build: (tx: Tx) => T | Promise<T>,
    progress?: Progress,
    options?: { answer?: boolean },
  ): Promise<T>;
  /** Does a named part at most once per saved result; the result must fit in a job's record. */
  step<T>(name: string, fn: () => Promise<T>): Promise<T>;
}

/** Another try holds the job now. What this one does is no longer recorded. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
  constructor(id: string) {
    super(`Cannot write for job ${id}: another try has taken over`);
  }
}
