import type { App } from "../../core/app.ts";
import { transact } from "../../kv/transact.ts";
import { xssStrings } from "./xss_strings.ts";

const names = (words: string) => new Set(words.split(" "));

/** What people, or services that we do not know, have written, wherever it is stored. */
const FREE = names(
  "name title text excerpt agent username network reason label why message from subject to " +
    "address email shown detail cancelReason providerId says",
);
/** What only we write, and what reads it may rely on. */
const OURS = names(
  "id zone role password by about act hash cause scope is via state cursor channel reserved type kind " +
    "href start wall missed past until lastMailing request seed token previous next awaits",
);
/** Where all below is ours: programs read it, or it is what a header is made of. */
const CLOSED = names("payload when schedule headers channels steps");
/** Records that are rights, or stand for the whole instance. */
const RIGHTS = names("token set_up instance chat_link");
/** An address is part of keys, which are short. */
const ADDRESS_CHARS = 90;

/** All in one: in places of which there is only one. */
export const ALL_STRINGS = xssStrings.join(" ").toWellFormed();

export interface Spoiling {
  strings?: readonly string[];
  /** What each hundredth gets. */
  all?: string;
  /** Fields that stay as they are. */
  except?: readonly string[];
}

/**
 * Puts hostile strings into every free text of every record in the store, past all rules: each record
 * gets one of its own, each hundredth of its sort all of them. @returns how many it changed.
 *
 * @throws {Error} naming a field of which is not said here whether people write it.
 */
export async function spoilStore(
  app: App,
  { strings = xssStrings, all = ALL_STRINGS, except = [] }: Spoiling = {},
): Promise<number> {
  const counts = new Map<string, number>();
  let spoilt = 0;
  for (const { key, value } of await Array.fromAsync(app.store.list({ prefix: [] }))) {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) continue;
    const sort = String(key[0]);
    if (RIGHTS.has(sort)) continue;
    const number = counts.get(sort) ?? 0;
    counts.set(sort, number + 1);
    const text = number % 100 === 0 ? all : strings[number % strings.length]!;
    // Half a pair is let into no text at all.
    const now = spoilValue(value, text.toWellFormed(), { at: sort, except: new Set(except) });
    if (JSON.stringify(now) === JSON.stringify(value)) continue;
    spoilt++;
    await transact(app, (tx) => tx.set(key, now));
  }
  return spoilt;
}

interface Place {
  at: string;
  except: ReadonlySet<string>;
}

function spoilValue(value: unknown, text: string, { at, except }: Place): unknown {
  // Of all in one there is room once in a record.
  if (Array.isArray(value)) {
    return value.map((one) => spoilValue(one, text.slice(0, 90), { at, except }));
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (CLOSED.has(name) || except.has(name)) return [name, one];
      if (name === "tags") return [name, [text]];
      const place = { at: `${at}.${name}`, except };
      if (typeof one !== "string") return [name, spoilValue(one, text.slice(0, 2_000), place)];
      if (name === "email") return [name, text.slice(0, ADDRESS_CHARS)];
      return [name, isFree(place.at, name) ? text : one];
    }),
  );
}

/** Whether a field of this name holds what people write. */
export function isFreeText(name: string): boolean {
  return FREE.has(name);
}

function isFree(at: string, name: string): boolean {
  if (isFreeText(name)) return true;
  if (OURS.has(name) || /(Id|By|At|Until)$/.test(name)) return false;
  throw new Error(
    `Cannot spoil ${at}: tests/support/spoil.ts does not say whether people write it`,
  );
}
