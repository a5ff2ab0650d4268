import type { Messenger } from "./chat.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Mailer } from "./mail.ts";
import type { Pace } from "./pace.ts";

/** The record of capabilities that is passed first to everything; made once, in `main.ts` or a test. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly hub: Hub;
  readonly waker: Waker;
  readonly disk: Disk;
  readonly names: Names;
  readonly mailer: Mailer;
  /** Telegram; null where it is not set up. */
  readonly messenger: Messenger | null;
  /** Null where the store is no file of ours. */
  readonly closed: ClosedList | null;
  /** How fast mail may leave this process. */
  readonly pace: Pace;
  readonly log: Log;
  /** Bytes that sign what must not be forged; ≥ 32. */
  readonly secret: Uint8Array;
}

/** Tells the time and waits. */
export interface Clock {
  /** Milliseconds since 1970 UTC by the wall clock; it may step. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Tells the listeners of a topic, here and in this process's workers, that there is something new. */
export interface Hub {
  ring(topic: string): void;
  /** @returns the function that ends the listening. */
  listen(topic: string, ring: () => void): () => void;
  close(): void;
}

/** Asks for a look at the jobs due at `dueAt`. Best effort: a ring may be lost or come twice. */
export interface Waker {
  wake(dueAt: number): void;
}

/** Which accounts were closed, kept apart from the store: an older one must not open them again. */
export interface ClosedList {
  /** Adding one again changes nothing. @throws {unknown} when it cannot be written. */
  add(accountId: string, closedAt: number): Promise<void>;
}

/** Bytes of a disk. */
export interface Space {
  free: number;
  total: number;
}

/** Tells how much room there is where the store grows. */
export interface Disk {
  /** As of at most a minute ago; null where that is not known, or not ours to see. Never rejects. */
  space(): Promise<Space | null>;
}

export type RecordKind = "TXT" | "MX";

/** Asks name servers about the operator's own domain. */
export interface Names {
  /** In about a second: all records, none, or null where it could not be asked. Never rejects. */
  records(name: string, kind: RecordKind): Promise<string[] | null>;
}

/** What one commit needs to be true and what it then writes. */
export interface Write {
  readonly checks: readonly Deno.AtomicCheck[];
  readonly mutations: readonly Mutation[];
}

/** A value to put under a key, or (without `value`) a key to remove. */
export interface Mutation {
  readonly key: Deno.KvKey;
  readonly value?: unknown;
  /** Serialized size, at most what the store will count. */
  readonly bytes: number;
}

export type Committed = { ok: true; versionstamp: string } | { ok: false };

/** Deno KV behind deadlines, retries and group commit. The only way to it. */
export interface Store {
  /** Whether other processes may write here too; then a watch is needed beside the hub. */
  readonly shared: boolean;
  /** @throws {AppError} `unavailable` when there is no answer in time; so do all the others. */
  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>>;
  /** Any number of keys, in the order asked for. */
  getMany<T>(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<T>[]>;
  list<T>(
    selector: Deno.KvListSelector,
    options?: Deno.KvListOptions,
  ): AsyncIterable<Deno.KvEntry<T>>;
  /**
   * Applies a write as one, perhaps together with others that do not touch the same keys. A false
   * `ok` is true: it has been read back.
   */
  commit(write: Write): Promise<Committed>;
  /** Ends when `signal` aborts. */
  watch(key: Deno.KvKey, signal: AbortSignal): AsyncIterable<void>;
}
