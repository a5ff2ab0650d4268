import { AppError } from "../../core/errors.ts";

/** The longest title, in characters. */
export const MAX_TITLE_CHARS = 200;
/** The longest note, in bytes of UTF-8: 100 KiB, also what a mail may weigh. */
export const MAX_TEXT_BYTES = 102_400;
/** Far more than any line may have: beyond it nobody is told what else is wrong. */
const MOST_LINE_CHARS = 10_000;
const EXCERPT_CHARS = 240;
const MAX_TAGS = 20;

/**
 * A line that may stand in a mail's header: trimmed, without control characters.
 *
 * @throws {AppError} `invalid` naming `field`.
 */
export function oneLine(text: string, { field, max }: { field: string; max: number }): string {
  if (text.length > MOST_LINE_CHARS) throw tooLong(field, max); // before all of it is looked at
  const line = text.trim();
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line)) {
    throw new AppError(
      "invalid",
      `Cannot use this ${field}: it has line breaks or control characters`,
      {
        field,
      },
    );
  }
  if ([...line].length > max) throw tooLong(field, max);
  return line.isWellFormed() ? line : line.toWellFormed();
}

function tooLong(field: string, max: number): AppError {
  const why = `it is longer than ${max} characters`;
  return new AppError("invalid", `Cannot use this ${field}: ${why}`, { field });
}

/** A note's text with plain line ends. @throws {AppError} `too_large` over the limit. */
export function noteText(text: string): string {
  const plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\0", "")
    .toWellFormed();
  if (new TextEncoder().encode(plain).length > MAX_TEXT_BYTES) {
    throw new AppError("too_large", "Cannot keep this note: its text is longer than 100 KB", {
      field: "text",
    });
  }
  return plain;
}

/** The beginning of a text as one line, without its Markdown marks. */
export function excerptOf(text: string): string {
  const plain = text.slice(0, EXCERPT_CHARS * 4)
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`~]{1,3}/g, "")
    .replace(/[\s\p{Cc}]+/gu, " ") // NEL is a control character and no white space
    .trim();
  return [...plain].slice(0, EXCERPT_CHARS).join("");
}

/** The first line that says something, for a note without a title. */
export function firstLine(text: string): string {
  const line = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return [...excerptOf(line)].slice(0, 80).join("");
}

/** The #tags of a text: lower case, each once, in their order, at most twenty. */
export function tagsOf(text: string): string[] {
  const found = text.matchAll(/(?<=^|[\s(])#([\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,39})/gu);
  const tags = new Set<string>();
  for (const [, tag] of found) if (tag && tags.size < MAX_TAGS) tags.add(folded(tag));
  return [...tags];
}

/** Text as it is compared when searching. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
