/** What a refused request is told: the code and words of the Bot API. */
export class BotApiError extends Error {
  constructor(
    readonly code: number,
    readonly words: string,
    readonly parameters?: Record<string, number>,
  ) {
    super(words);
  }
}

const TAGS = new Set(
  ("a b strong i em s strike del u ins tg-spoiler tg-emoji span pre code blockquote").split(" "),
);
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/**
 * The text of a message in Telegram's HTML, read as TDLib's `parse_html` does: an entity that it
 * does not know stays as it is, a tag that it does not know spoils all.
 *
 * @throws {BotApiError} with the words of the Bot API.
 */
export function readHtml(html: string): string {
  const open: string[] = [];
  let text = "";
  for (let i = 0; i < html.length;) {
    const char = html[i]!;
    if (char === "&") {
      const [whole, name] = /^&(#x[0-9a-f]+|#\d+|[a-z]+);?/i.exec(html.slice(i)) ?? ["&", ""];
      text += entity(name!) ?? whole;
      i += whole.length;
    } else if (char === "<") {
      i = readTag(html, i, open);
    } else {
      text += char;
      i++;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed}"`);
  return text;
}

function entity(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : undefined;
}

/** Puts a tag on or off the pile of open ones, and says where the text goes on. */
function readTag(html: string, at: number, open: string[]): number {
  const offset = new TextEncoder().encode(html.slice(0, at)).length;
  const where = `at byte offset ${offset}`;
  const rest = html.slice(at);
  if (rest.startsWith("</")) {
    const started = open.pop();
    if (started === undefined) throw cannotParse(`Unexpected end tag ${where}`);
    const [whole, name] = /^<\/([^\s>]*)\s*>/.exec(rest) ?? [];
    if (whole === undefined) throw cannotParse(`Unclosed end tag ${where}`);
    if (name && name.toLowerCase() !== started) {
      const words = `expected "</${started}>", found "</${name.toLowerCase()}>"`;
      throw cannotParse(`Unmatched end tag ${where}, ${words}`);
    }
    return at + whole.length;
  }
  const name = /^<([^\s>]*)/.exec(rest)![1]!.toLowerCase();
  if (at + 1 + name.length >= html.length) throw cannotParse(`Unclosed start tag ${where}`);
  if (!TAGS.has(name)) throw cannotParse(`Unsupported start tag "${name}" ${where}`);
  const attributes = /^(\s+[\w-]+(\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?)*\s*>/
    .exec(rest.slice(1 + name.length));
  if (attributes === null) throw cannotParse(`Unclosed start tag ${where}`);
  if (name === "span" && !/class\s*=\s*["']?tg-spoiler\b/.test(attributes[0])) {
    throw cannotParse(`Tag "span" must have class "tg-spoiler" ${where}`);
  }
  open.push(name);
  return at + 1 + name.length + attributes[0].length;
}

function cannotParse(words: string): BotApiError {
  return new BotApiError(400, `Bad Request: can't parse entities: ${words}`);
}
