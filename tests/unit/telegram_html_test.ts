import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { escapeHtml, splitText } from "../../core/telegram_html.ts";
import { readHtml } from "../support/bot_api_html.ts";

/** Text of the kinds that go wrong: long words, blank lines, pairs of surrogates, markup. */
const texts = fc.array(
  fc.constantFrom(...'ab<>&";', "🙂", "\n", "\n\n", " ", "e\u0301", "\u200f", "word ", "&amp;"),
  { maxLength: 60 },
).map((parts) => parts.join(""));

Deno.test("escaped text is read by Telegram as what it was", () => {
  assertEquals(escapeHtml(`<b a="1">&lt;`), "&lt;b a=&quot;1&quot;&gt;&amp;lt;");
  assertEquals(escapeHtml("a\ud800"), "a\ufffd");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertEquals(readHtml(escapeHtml(text)), text);
    assertEquals(readHtml(`<a href="${escapeHtml(text)}">x</a>`), "x");
  }));
});

Deno.test("text is parted between paragraphs, else lines, else words, else anywhere", () => {
  assertEquals(splitText("one two\n\nthree\nfour", 13), ["one two", "three\nfour"]);
  assertEquals(splitText("one two\nthree four", 10), ["one two", "three four"]);
  assertEquals(splitText("one two three", 9), ["one two", "three"]);
  assertEquals(splitText("abcdefgh", 3), ["abc", "def", "gh"]);
  assertEquals(splitText("a bcdefghi", 6), ["a bcde", "fghi"]); // too early a place to part
  assertEquals(splitText("x".repeat(4096)).length, 1);
  assertEquals(splitText("x".repeat(4097)).map(({ length }) => length), [4096, 1]);
});

Deno.test("no character is cut in two", () => {
  assertEquals(splitText("🙂🙂🙂", 3), ["🙂", "🙂", "🙂"]);
  assertEquals(splitText("a🙂b", 2), ["a", "🙂", "b"]);
});

Deno.test("what has nothing to read is no piece", () => {
  for (const blank of ["", " \n\n ", "\u200b\u200f", "\u2800"]) assertEquals(splitText(blank), []);
  assertEquals(splitText(`a${" ".repeat(50)}b`, 10), ["a", "b"]);
  assertThrows(() => splitText("🙂", 1), RangeError);
});

Deno.test("pieces fit, are whole and lose nothing but white space", () => {
  const bare = (text: string) => text.replace(/[\s\u200f]/g, "");
  fc.assert(fc.property(texts, fc.integer({ min: 2, max: 20 }), (text, limit) => {
    const pieces = splitText(text, limit);
    assertEquals(bare(pieces.join("")), bare(text));
    for (const piece of pieces) {
      assert(piece.length >= 1 && piece.length <= limit && piece.isWellFormed(), piece);
      assertEquals(piece, piece.trim());
    }
  }));
});
