/** A word, a number or a single sign of a text. */
export interface Token {
  kind: "word" | "number" | "sign";
  /** In small letters. */
  text: string;
  /** Offsets in UTF-16 units. */
  start: number;
  end: number;
  /** Whether it stands at the beginning or behind white space. */
  spaced: boolean;
}

export type Tokens = readonly Token[];

const NUMBERS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];
const ORDINALS = ["", "first", "second", "third", "fourth", "fifth"];

/** The tokens of a text, looking at each character once. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let spaced = true;
  for (let start = 0; start < text.length;) {
    const kind = kindOf(text.charCodeAt(start));
    let end = start + 1;
    if (kind === "word" || kind === "number") {
      while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end++;
    }
    if (kind !== null) {
      tokens.push({ kind, text: text.slice(start, end).toLowerCase(), start, end, spaced });
    }
    spaced = kind === null;
    start = end;
  }
  return tokens;
}

/** All beyond ASCII but spaces, dashes and quotes counts as letters, so that nothing is cut in two. */
function kindOf(code: number): Token["kind"] | null {
  if (code >= 48 && code <= 57) return "number";
  if (code >= 65 && code <= 90 || code >= 97 && code <= 122 || code === 95) return "word";
  if (code <= 32 || code === 160 || code === 0x3000 || code === 0xfeff) return null;
  if (code >= 0x2000 && code <= 0x200a || code === 0x2028 || code === 0x2029) return null;
  return code < 192 || code >= 0x2010 && code <= 0x203a ? "sign" : "word";
}

export function isWord(tokens: Tokens, i: number, ...words: string[]): boolean {
  const token = tokens[i];
  return token?.kind === "word" && words.includes(token.text);
}

export function isSign(tokens: Tokens, i: number, ...signs: string[]): boolean {
  const token = tokens[i];
  return token?.kind === "sign" && signs.includes(token.text);
}

/** Whether a token stands directly behind the one before. */
export function isGlued(tokens: Tokens, i: number): boolean {
  return tokens[i]?.spaced === false;
}

/** The number at a place in digits, at most `digits` of them, else null. */
export function digitsAt(tokens: Tokens, i: number, digits: number): number | null {
  const token = tokens[i];
  return token?.kind === "number" && token.text.length <= digits ? Number(token.text) : null;
}

/** The number at a place in up to six digits or as a word up to twelve, else null. */
export function numberAt(tokens: Tokens, i: number): number | null {
  const n = NUMBERS.indexOf(tokens[i]?.text ?? "");
  return n >= 0 ? n : digitsAt(tokens, i, 6);
}

/** "1st", "15th", "first", or "last" as -1, and where it ends. */
export function ordinalAt(tokens: Tokens, i: number): { n: number; to: number } | null {
  if (isWord(tokens, i, "last")) return { n: -1, to: i + 1 };
  const n = ORDINALS.indexOf(tokens[i]?.text ?? "");
  if (n > 0) return { n, to: i + 1 };
  const digits = digitsAt(tokens, i, 2);
  if (digits === null || !isGlued(tokens, i + 1)) return null;
  return isWord(tokens, i + 1, "st", "nd", "rd", "th") ? { n: digits, to: i + 2 } : null;
}

/** The place behind a word that may be left out. */
export function past(tokens: Tokens, i: number, ...words: string[]): number {
  return isWord(tokens, i, ...words) ? i + 1 : i;
}
