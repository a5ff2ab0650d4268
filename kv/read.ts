import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import type { Key, Prefix, Range } from "./keys.ts";

type Reader = Pick<App, "store">;

/** The value under a key, or null. */
export async function read<T>({ store }: Reader, key: Key<T>): Promise<T | null> {
  return (await store.get<T>(key)).value;
}

/** The values under many keys, in their order, without those that are not there. */
export async function readMany<T>({ store }: Reader, keys: readonly Key<T>[]): Promise<T[]> {
  const entries = await store.getMany<T>(keys);
  return entries.flatMap(({ value }) => value === null ? [] : [value]);
}

/** All values of a range. More than one batch of them is not one snapshot. */
export async function list<T>(
  { store }: Reader,
  range: Range<T>,
  options: Deno.KvListOptions = {},
): Promise<T[]> {
  const values: T[] = [];
  for await (const { value } of store.list<T>(range, options)) values.push(value);
  return values;
}

/** Part of a list, and where the next part begins; `next` is null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PageOptions {
  limit: number;
  /** The `next` of the part before; absent for the first. */
  cursor?: string;
  /** Newest first; the default. */
  reverse?: boolean;
}

/**
 * One part of a range of entries. A cursor is the part of the key behind the prefix, so it stays good
 * when its entry is gone.
 *
 * @throws {AppError} `invalid` for a cursor that is none of ours.
 */
export async function page<T>(
  { store }: Reader,
  range: Prefix<T>,
  { limit, cursor, reverse = true }: PageOptions,
): Promise<Page<Deno.KvEntry<T>>> {
  const { prefix } = range;
  const from = cursor === undefined ? null : decodeCursor(cursor);
  // `start` is inclusive and `end` is not, so only a forward list would repeat the cursor's own entry.
  const selector = from === null
    ? range
    : reverse
    ? { prefix, end: [...prefix, ...from] }
    : { prefix, start: [...prefix, ...from, ""] };
  const items: Deno.KvEntry<T>[] = [];
  for await (const entry of store.list<T>(selector, { reverse, limit: limit + 1 })) {
    items.push(entry);
  }
  const more = items.length > limit;
  if (more) items.pop();
  const last = items.at(-1);
  return { items, next: more && last ? encodeCursor(last.key.slice(prefix.length)) : null };
}

function encodeCursor(parts: Deno.KvKey): string {
  return btoa(JSON.stringify(parts)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeCursor(cursor: string): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    const fine = (part: unknown) =>
      typeof part === "string" && part.length <= 100 ||
      typeof part === "number" && Number.isFinite(part);
    const some = Array.isArray(parts) && parts.length >= 1 && parts.length <= 4;
    if (some && parts.every(fine)) return parts;
  } catch {
    // the answer below
  }
  throw new AppError("invalid", "Cannot go on from this cursor: it is none of ours", {
    field: "cursor",
  });
}
