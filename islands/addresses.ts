import type { Standing } from "../domain/recipients/recipients.ts";

/** An address as it was typed, and why it cannot be used. */
export interface Address {
  text: string;
  /** Null for one that looks right. */
  why: string | null;
  /** How one stands with it, once the server has said so. */
  standing?: Standing;
}

const MAX_CHARS = 254;
/** A name before an address in angle brackets: quoted, or a few words without an @. */
const NAMED = /(?<![^\s,;])(?:"[^"\n]*"\s*|(?:[^\s<>,;@"]+[ \t]+){0,6})<([^<>\s]+)>/g;

/**
 * The addresses in what was typed or pasted: separated by spaces, commas, semicolons or lines, names
 * left out ("Ana <ana@example.org>"), domains in lower case, each once.
 */
export function addressesIn(text: string): Address[] {
  const bare = text.replace(NAMED, " $1 ");
  const found = new Map<string, Address>();
  for (const part of bare.split(/[\s,;]+/)) {
    if (part === "") continue;
    const address = lowerDomain(part);
    const key = address.toLowerCase();
    if (!found.has(key)) found.set(key, { text: address, why: whyNot(address) });
  }
  return [...found.values()];
}

function lowerDomain(address: string): string {
  const at = address.lastIndexOf("@");
  return address.slice(0, at + 1) + address.slice(at + 1).toLowerCase();
}

/** What is wrong with an address, or null. The server has the last word. */
function whyNot(address: string): string | null {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  if (at < 0) return "has no @";
  if (at === 0) return "has nothing before the @";
  if (domain === "") return "has nothing after the @";
  if (!/^[^\s.@]+(\.[^\s.@]+)+$/.test(domain)) {
    return "needs a domain after the @, as in example.org";
  }
  if (/[<>()[\]\\,;:"\s@]/.test(address.slice(0, at))) {
    return "has characters an address cannot have";
  }
  return address.length > MAX_CHARS ? "is too long" : null;
}
