import { serialize } from "node:v8";
import type { Write } from "../core/app.ts";

/** Most bytes of one value as serialized: 64 KiB. */
export const MAX_VALUE_BYTES = 65_536;
/** Most bytes of a key that is written or checked. */
export const MAX_KEY_BYTES = 2_048;
/** Most keys of one `getMany`. */
export const MAX_KEYS_READ = 10;

/** How much of each limit of the store a commit uses up. */
export interface Cost {
  checks: number;
  mutations: number;
  bytes: number;
  /** Bytes of the keys that get a value; the store counts them once more by themselves. */
  keyBytes: number;
}

/** What differs between the stores. */
export interface StoreTraits {
  /** Other processes write here too: a `denokv` server, or Deno Deploy. */
  shared: boolean;
  /** Most checks of one commit; measured 100 on the embedded store, read 10 in the server's source. */
  maxChecks: number;
  /** Commits under way at once; the embedded store has one thread, a server answers over the network. */
  inFlight: number;
}

export const EMBEDDED: StoreTraits = { shared: false, maxChecks: 100, inFlight: 2 };
export const REMOTE: StoreTraits = { shared: true, maxChecks: 10, inFlight: 8 };

/** What the store itself adds to a commit: a token under a key of its own and, if shared, a check of that. */
const TOKEN: Cost = { checks: 1, mutations: 1, bytes: 256, keyBytes: 64 };

/** Most of ours in one commit. Everywhere 1,000 mutations and 800 KiB, 80 KiB of that for keys. */
export function limitsOf({ maxChecks, shared }: StoreTraits): Cost {
  return {
    checks: shared ? maxChecks - TOKEN.checks : maxChecks,
    mutations: 1_000 - TOKEN.mutations,
    bytes: 819_200 - TOKEN.bytes,
    keyBytes: 81_920 - TOKEN.keyBytes,
  };
}

/** Most that one rule may need, so that it can be committed on every store. */
export const RULE_LIMITS: Cost = limitsOf(REMOTE);

export function costOf({ checks, mutations }: Write): Cost {
  const cost = { checks: checks.length, mutations: mutations.length, bytes: 0, keyBytes: 0 };
  for (const { key } of checks) cost.bytes += keyBytes(key);
  for (const { key, value, bytes } of mutations) {
    cost.bytes += bytes;
    if (value !== undefined) cost.keyBytes += keyBytes(key);
  }
  return cost;
}

/** Which limit `cost` passes, in words, or null. */
export function overLimit(cost: Cost, limits: Cost): string | null {
  for (const what of ["checks", "mutations", "bytes", "keyBytes"] as const) {
    if (cost[what] > limits[what]) return `${cost[what]} ${what} are over ${limits[what]}`;
  }
  return null;
}

/** Values that are surely smaller than this are not measured exactly. */
const SURELY_SMALL = 8_192;

/**
 * At least the bytes of a value as the store counts them, V8's own format: exact for large ones, a
 * cheap bound for small ones (serializing each twice was a fifth of the engine's time).
 *
 * @throws {DOMException} for what no store takes, as a function.
 */
export function valueBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength; // stored as it is
  const bound = boundOf(value, SURELY_SMALL);
  return bound < SURELY_SMALL ? bound : serialize(value).byteLength;
}

/** An upper bound of the serialized size, or anything over `limit` as soon as that is passed. */
function boundOf(value: unknown, limit: number): number {
  switch (typeof value) {
    case "string":
      return value.length * 2 + 8;
    case "number":
    case "boolean":
    case "undefined":
      return 12;
    case "object":
      return value === null ? 12 : boundOfObject(value, limit);
    default:
      return Infinity;
  }
}

function boundOfObject(value: object, limit: number): number {
  if (value instanceof Uint8Array) return value.byteLength + 16;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return Infinity;
  let bytes = 16;
  for (const name in value) { // plain objects: only own names
    const part = (value as Record<string, unknown>)[name];
    bytes += name.length * 2 + 8 + boundOf(part, limit - bytes);
    if (bytes > limit) break;
  }
  return bytes;
}

/** At least the bytes of a key: every part is a string, a number or a boolean. */
export function keyBytes(key: Deno.KvKey): number {
  let bytes = 0;
  for (const part of key) bytes += typeof part === "string" ? textBytes(part) + 2 : 9;
  return bytes;
}

const textBytes = (text: string) => /[^ -~]/.test(text) ? text.length * 3 : text.length;
