import { AppError } from "../core/errors.ts";

/** Deeper or larger than any request of ours. */
const MAX_DEPTH = 20;
const MAX_KEYS = 1_000;

/**
 * Reads JSON more narrowly than the language does: no name twice in an object (two readers would take
 * different ones), no depth over 20, at most 1,000 names, only valid Unicode.
 *
 * @throws {AppError} `invalid`.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused("it is not JSON");
  }
  // Only now: in JSON that is none, the search for strings could take quadratic time.
  checkShape(text);
  if (!isUnicode(value)) throw refused("it has broken characters");
  return value;
}

function checkShape(text: string): void {
  const open: Set<string>[] = [];
  let keys = 0;
  for (
    const [token, string, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g)
  ) {
    if (token === "{" || token === "[") {
      open.push(new Set());
      if (open.length > MAX_DEPTH) throw refused(`it is deeper than ${MAX_DEPTH}`);
    } else if (token === "}" || token === "]") open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = String(JSON.parse(string)); // "a" and "\u0061" are one name
      const names = open.at(-1);
      if (names?.has(name)) throw refused("it has a name twice");
      names?.add(name);
      if (++keys > MAX_KEYS) throw refused(`it has more than ${MAX_KEYS} names`);
    }
  }
}

function isUnicode(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value !== "object") return true;
  return Object.entries(value).every(([name, part]) => name.isWellFormed() && isUnicode(part));
}

const refused = (why: string) => new AppError("invalid", `Cannot read the request: ${why}`);
