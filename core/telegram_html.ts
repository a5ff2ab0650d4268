/** What Telegram counts as nothing to read, and so refuses as an empty message. */
const BLANK = /^[\s\p{Cc}\p{Cf}\p{Z}\u2800\u3164\ufffc]*$/u;
const HIGH_SURROGATE = /[\ud800-\udbff]/;

/** Text as it stands in Telegram's HTML, in a quoted attribute as well. */
export function escapeHtml(text: string): string {
  return text.toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/**
 * Plain text as pieces for one message each: at most `limit` UTF-16 code units, which is how
 * Telegram counts once entities are read (4,096 in Bot API `sendMessage`), so escape them after.
 *
 * Parted between paragraphs where there is such a place in the second half of a piece, else between
 * lines, else at a space, else anywhere but inside a character. White space at the ends of pieces is
 * left out; there is no piece without something to read, so there may be none at all.
 *
 * @throws {RangeError} when `limit` is below 2, which not every character fits into.
 */
export function splitText(text: string, limit = 4096): string[] {
  if (!(limit >= 2)) throw new RangeError(`Cannot split text: a limit of ${limit} is too small`);
  const pieces: string[] = [];
  let rest = text.toWellFormed().trim();
  while (rest.length > limit) {
    const end = endOfPiece(rest, limit);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  pieces.push(rest);
  return pieces.filter((piece) => !BLANK.test(piece));
}

/** Where the first piece ends; `text` begins with what can be seen and is longer than `limit`. */
function endOfPiece(text: string, limit: number): number {
  // A separator may stand right behind the piece: it is left out.
  for (const separator of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(separator, limit);
    if (at >= limit / 2) return at;
  }
  return HIGH_SURROGATE.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
