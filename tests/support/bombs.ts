/** Fifty shapes of text that have made one parser or another take for ever. */
const UNITS: readonly string[] = [
  " ",
  "\t",
  "\n",
  "\r\n",
  "a",
  "a ",
  "aA1",
  "0",
  "9",
  "1 ",
  "1.",
  "1:",
  "1/",
  "-",
  "--",
  "_",
  "__",
  "*",
  "**",
  "***a ",
  "`",
  "```\n",
  "~~",
  "[",
  "]",
  "[a](",
  "![",
  "[]()",
  "[a]: b\n",
  "(",
  "((a)",
  "<",
  "<a ",
  "<!--",
  "&",
  "&amp",
  "> ",
  ">>>>a\n",
  "- ",
  "  - a\n",
  "1. a\n",
  "# ",
  "|a|\n|-|\n",
  "\\",
  '"',
  "a@",
  "a@b.",
  "a.b.c@d.e, ",
  "<a@b.c>",
  "in 1 day ",
  "every ",
  "every day and ",
  "tomorrow 9 ",
  "until ",
  "first monday of ",
  "1,2,",
  "*/1 ",
  "1-2,",
  "http://a.",
  "www.a",
  "#tag ",
  "::",
  "1:1:",
  "en-GB,",
  "1.2.3.4, ",
  "{",
  '{"a":',
  "[[",
  '"\\',
  "%25",
  "a=1&",
  "e\u0301",
  "\u0130",
  "ﬀ",
  "🕰",
  "\u202e",
  "\ud800",
  "\0",
];
/** What stands behind the repetition, so that it all was for nothing. */
const ENDS = ["", "!", "\u0000x", "]", "@"];

export interface Bomb {
  shape: string;
  text: string;
}

/** The shapes at this length. */
export function* bombs(chars: number): Generator<Bomb> {
  for (const [i, unit] of UNITS.entries()) {
    const end = ENDS[i % ENDS.length]!;
    const text = unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars - end.length) + end;
    yield { shape: JSON.stringify(unit), text };
  }
}
