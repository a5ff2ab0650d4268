import { AppError } from "../../core/errors.ts";

/** RFC 5321, 4.5.3.1: the local part, and the path less its angle brackets. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
const MAX_LABEL = 63;
/** RFC 5322 `atext` in ASCII, without `%` and `!`, which once asked servers to pass mail on. */
const DOT_ATOM = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Reads one e-mail address, as narrowly as people need: a local part of ASCII words with dots, one @,
 * and a domain of two labels or more. No quotes, comments, groups, routes or address literals: they
 * are legal and carry attacks (two recipients in one address, other headers). A domain in other
 * letters becomes punycode; local parts in other letters are refused, because few servers take them.
 *
 * @returns the address with its local part as typed and its domain in lower case.
 * @throws {AppError} `invalid` of `field`, saying why.
 */
export function parseAddress(text: string, field = "email"): { address: string } {
  const found = examine(text);
  if ("address" in found) return found;
  throw new AppError("invalid", `Cannot use this e-mail address: ${found.why}`, { field });
}

/** What an address is looked up by: servers that tell upper from lower case are not in use. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

export interface Addresses {
  /** Without repetitions, in their order. */
  ok: string[];
  wrong: { text: string; why: string }[];
}

/** Reads a list as people paste it: "a@x.org, Bob B <b@x.org>; c@x.org" on one line or many. */
export function parseAddresses(list: string | readonly string[]): Addresses {
  const found: Addresses = { ok: [], wrong: [] };
  const seen = new Set<string>();
  const texts = typeof list === "string" ? [list] : list;
  for (const text of texts.flatMap((text) => entriesOf(text).flatMap(candidatesOf))) {
    const result = examine(text);
    const key = addressKey("address" in result ? result.address : text);
    if (seen.has(key)) continue;
    seen.add(key);
    if ("address" in result) found.ok.push(result.address);
    else found.wrong.push({ text: text.slice(0, 100).toWellFormed(), why: result.why });
  }
  return found;
}

function examine(typed: string): { address: string } | { why: string } {
  if (typed.length > MAX_ADDRESS * 4) return { why: `it is longer than ${MAX_ADDRESS} characters` };
  const text = typed.replace(/^ +| +$/g, "");
  if (text === "") return { why: "it is empty" };
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return { why: "it has line breaks or control characters" };
  if (/\s/u.test(text)) return { why: "it has a space in it" };
  const parts = text.split("@");
  const [local = "", host = ""] = parts;
  if (parts.length === 1) return { why: "it has no @" };
  if (parts.length > 2) return { why: "it has more than one @" };
  if (local === "") return { why: "nothing is before the @" };
  if (host === "") return { why: "nothing is after the @" };
  if (local.length > MAX_LOCAL) {
    return { why: `more than ${MAX_LOCAL} characters are before the @` };
  }
  if (!DOT_ATOM.test(local)) {
    return { why: "before the @ only letters a–z, digits, single dots and the like may stand" };
  }
  const domain = toDomain(host);
  if (domain === null) return { why: "what is after the @ is no domain, as in example.org" };
  const address = `${local}@${domain}`;
  return address.length > MAX_ADDRESS
    ? { why: `it is longer than ${MAX_ADDRESS} characters` }
    : { address };
}

/** A domain name in ASCII and lower case; null when it is none that mail could go to. */
function toDomain(text: string): string | null {
  // The URL parser would also take escapes, ports and numbers: only letters may reach it.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return null;
  const domain = URL.parse(`http://${text}`)?.hostname;
  const labels = domain?.split(".") ?? [];
  const fine = labels.every((label) => label.length <= MAX_LABEL && LABEL.test(label));
  if (domain === undefined || labels.length < 2 || !fine) return null;
  return /^\d+$/.test(labels.at(-1) ?? "") ? null : domain;
}

/** Cuts a list at commas, semicolons and line ends that are not within quotes or angle brackets. */
function entriesOf(list: string): string[] {
  const entries: string[] = [];
  for (const line of list.split(/[\r\n]+/)) {
    let start = 0, quoted = false, angled = false;
    const balanced = (line.split('"').length - 1) % 2 === 0;
    for (let i = 0; i < line.length; i++) {
      const char = line[i];
      if (char === '"' && balanced) quoted = !quoted;
      else if (quoted) continue;
      else if (char === "<") angled = true;
      else if (char === ">") angled = false;
      else if ((char === "," || char === ";") && !angled) {
        entries.push(line.slice(start, i));
        start = i + 1;
      }
    }
    entries.push(line.slice(start));
  }
  return entries;
}

/** What may be addresses in an entry: what angle brackets hold, or every word but those of a name. */
function candidatesOf(entry: string): string[] {
  const texts: string[] = [];
  let rest = entry;
  for (let open = rest.indexOf("<"); open >= 0; open = rest.indexOf("<")) {
    const close = rest.indexOf(">", open);
    if (close < 0) break;
    // A name before the bracket is dropped; an address there was meant as one.
    texts.push(...words(rest.slice(0, open)).filter((word) => /^[^"']+@[^"']+$/.test(word)));
    texts.push(rest.slice(open + 1, close).trim());
    rest = rest.slice(close + 1);
  }
  return [...texts, ...words(rest)];
}

const words = (text: string) => text.split(/\s+/u).filter((word) => word !== "");
