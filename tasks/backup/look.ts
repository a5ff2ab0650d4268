import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import type { AuditLine } from "../../kv/schema.ts";
import { createStore } from "../../kv/store.ts";
import { damage } from "./copy.ts";

/** What was found in a store. */
export interface Contents {
  /** How many of each, by the first part of their keys. */
  counts: Record<string, number>;
  /** The accounts that their owners closed, and when. */
  closed: Map<string, number>;
}

/**
 * Reads all of a store's file, as the server would.
 *
 * @throws {AppError} `invalid` when it is damaged, or none of ours.
 */
export async function lookInto(path: string): Promise<Contents> {
  const [wrong] = damage(path);
  if (wrong !== undefined) throw new AppError("invalid", `it is damaged: ${wrong}`);
  const kv = await Deno.openKv(path);
  try {
    const counts: Record<string, number> = {};
    for await (const { key } of kv.list({ prefix: [] })) {
      const kind = String(key[0]);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    // Each start that gets as far as a door writes it.
    if ((await kv.get(keys.setUp)).value === null) {
      throw new AppError("invalid", "it holds no store of Clock Work that was ever started");
    }
    return { counts, closed: await closedIn(kv) };
  } finally {
    kv.close();
  }
}

async function closedIn(kv: Deno.Kv): Promise<Map<string, number>> {
  const closed = new Map<string, number>();
  const store = createStore({ kv, traits: EMBEDDED });
  for await (const { value } of store.list<AuditLine>(ranges.audit)) {
    if (value.act === "account_closed" && value.about !== null) closed.set(value.about, value.at);
  }
  return closed;
}
