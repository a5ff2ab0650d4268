import type { App } from "../core/app.ts";
import { MAX_VALUE_BYTES } from "./limits.ts";
import type { Key } from "./keys.ts";
import type { Tx } from "./transact.ts";

/** Bytes of one part: what fits under one key beside the format's own. */
const PART_BYTES = MAX_VALUE_BYTES - 1_024;

/** Stores a long text in as many values as it takes. @returns how many. */
export function setText(tx: Tx, text: string, key: (part: number) => Key<Uint8Array>): number {
  const bytes = new TextEncoder().encode(text);
  const parts = Math.ceil(bytes.length / PART_BYTES);
  for (let i = 0; i < parts; i++) tx.set(key(i), bytes.slice(i * PART_BYTES, (i + 1) * PART_BYTES));
  return parts;
}

/** Reads back what `setText` stored. A missing part is an empty one. */
export async function readText(
  { store }: Pick<App, "store">,
  parts: number,
  key: (part: number) => Key<Uint8Array>,
): Promise<string> {
  const entries = await store.getMany<Uint8Array>(Array.from({ length: parts }, (_, i) => key(i)));
  const decoder = new TextDecoder();
  const text = entries.map(({ value }) => decoder.decode(value ?? undefined, { stream: true }));
  return text.join("") + decoder.decode();
}
