import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { parseJson } from "../../routes/json_text.ts";

Deno.test("parseJson() reads what JSON.parse reads", () => {
  for (
    const text of [
      "null",
      '"a"',
      "-1.5e3",
      '{"a":{"a":1},"b":[{"a":1},{"a":2}],"":""}',
      '{"text":"a \\"quoted\\": {\\"a\\":1,\\"a\\":2} [[[","b":"\\\\"}',
      "[".repeat(20) + "]".repeat(20),
    ]
  ) assertEquals(parseJson(text), JSON.parse(text));
});

const many = (n: number) => `{${Array.from({ length: n }, (_, i) => `"k${i}":1`).join()}}`;

Deno.test("parseJson() refuses what two readers could read differently, and what is too much", () => {
  assertEquals(Object.keys(parseJson(many(1_000)) as object).length, 1_000);
  const table: [text: string, why: string][] = [
    ["", "not JSON"],
    ["{", "not JSON"],
    ["{'a':1}", "not JSON"],
    ['{"a":1,}', "not JSON"],
    ['{"a":1} {"a":2}', "not JSON"],
    ["NaN", "not JSON"],
    ['{"a":1,"a":2}', "twice"],
    ['{"a":1,"\\u0061":2}', "twice"],
    ['{"a" :1, "b":[{"c":1 , "c"\n:2}]}', "twice"],
    ['{"__proto__":1,"__proto__":2}', "twice"],
    ["[".repeat(21) + "]".repeat(21), "deeper"],
    ['{"a":'.repeat(21) + "1" + "}".repeat(21), "deeper"],
    ["[".repeat(100_000) + "]".repeat(100_000), "deeper"],
    [many(1_001), "names"],
    ['"\\ud800"', "broken"],
    ['{"\\udc00":1}', "broken"],
  ];
  for (const [text, why] of table) {
    const error = assertThrows(() => parseJson(text), AppError, why);
    assertEquals(error.code, "invalid");
  }
});

Deno.test("no evil text keeps parseJson() busy", () => {
  const evil = [
    '"' + '\\"'.repeat(120_000),
    '"' + '\\"'.repeat(120_000) + '"',
    `["${'a"," '.repeat(50_000)}"]`,
    `["a"${" ".repeat(250_000)}]`,
    "[" + '"",'.repeat(80_000) + "0]",
    "1".repeat(250_000),
  ];
  for (const text of evil) {
    const start = performance.now();
    try {
      parseJson(text);
    } catch { /* refused is fine */ }
    assertLess(performance.now() - start, 10_000, text.slice(0, 20));
  }
});
