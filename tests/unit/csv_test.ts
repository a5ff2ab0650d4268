import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { csvCell, csvLine } from "../../domain/data/csv.ts";

/** A strict reader of RFC 4180: lines end with CRLF, quotes stand round a whole cell or nowhere. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    for (;;) {
      let cell = "";
      if (text[at] === '"') {
        for (at++;; at++) {
          if (at >= text.length) throw new Error("a quote is open at the end");
          if (text[at] !== '"') cell += text[at];
          else if (text[at + 1] === '"') cell += text[at++];
          else break;
        }
        at++;
      } else {
        while (at < text.length && !',"\r\n'.includes(text[at]!)) cell += text[at++];
      }
      cells.push(cell);
      if (text[at] === ",") at++;
      else break;
    }
    if (text.slice(at, at + 2) !== "\r\n") throw new Error(`no line end at ${at}`);
    at += 2;
    lines.push(cells);
  }
  return lines;
}

Deno.test("every cell comes back as it was, but for the mark before a formula", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      'a"b',
      "a,b",
      "a\r\nb",
      "",
      "'",
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 })), (table) => {
      const read = parseCsv(table.map(csvLine).join(""));
      const plain = (text: string) => /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      assertEquals(read, table.map((line) => line.map(plain)));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("no cell is a formula to a spreadsheet", () => {
  const start = fc.constantFrom("=", "+", "-", "@", "\t", "\r");
  fc.assert(fc.property(start, fc.string(), (first, rest) => {
    const [[shown = ""] = []] = parseCsv(csvLine([first + rest]));
    assert(shown.startsWith("'"), shown);
  }));
  assertEquals(csvCell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
  assertEquals(csvCell(12), "12");
});
