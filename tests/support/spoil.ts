import type { App } from "../../core/app.ts";
import { transact } from "../../kv/transact.ts";
import { xssStrings } from "./xss_strings.ts";

/** What people, or services that we do not know, have written, wherever it is stored. */
const FREE = new Set([
  ...["name", "title", "text", "excerpt", "agent", "username", "reason", "label", "why", "from"],
  ...["subject", "to", "address", "said", "detail"],
]);
/** Where what is below is not free: it is for programs. */
const CLOSED = new Set(["payload", "when", "schedule", "headers", "channels"]);

/** Records whose words are ours. */
const OURS = new Set(["token", "set_up", "instance", "chat_link"]);

/** All in one: in places of which there is only one. */
export const ALL_STRINGS = xssStrings.join(" ");

/**
 * Puts hostile strings into every free text of every record in the store, past all rules: each record
 * gets one of its own, each hundredth of its sort all of them.
 */
export async function spoilStore(app: App): Promise<number> {
  const counts = new Map<string, number>();
  let spoilt = 0;
  for (const { key, value } of await Array.fromAsync(app.store.list({ prefix: [] }))) {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) continue;
    const sort = String(key[0]);
    if (OURS.has(sort)) continue;
    const number = counts.get(sort) ?? 0;
    counts.set(sort, number + 1);
    const text = number % 100 === 0 ? ALL_STRINGS : xssStrings[number % xssStrings.length]!;
    const now = spoilValue(value, text.toWellFormed()); // half a pair is let into no text at all
    if (JSON.stringify(now) === JSON.stringify(value)) continue;
    spoilt++;
    await transact(app, (tx) => tx.set(key, now));
  }
  return spoilt;
}

function spoilValue(value: unknown, text: string): unknown {
  // Of all in one there is room once in a record.
  if (Array.isArray(value)) return value.map((one) => spoilValue(one, text.slice(0, 90)));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (CLOSED.has(name)) return [name, one];
      // An address is part of keys, which are short.
      if (name === "email" && typeof one === "string") return [name, text.slice(0, 90)];
      if (FREE.has(name) && typeof one === "string") return [name, text];
      if (name === "tags") return [name, [text]];
      return [name, spoilValue(one, text.slice(0, 2_000))];
    }),
  );
}
