import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { parseName, parseZone } from "../../domain/accounts/profile.ts";

Deno.test("parseName() takes people's names", () => {
  for (
    const name of [
      "Ada",
      "Ada Lovelace",
      "J. R. R. Tolkien",
      "J.R.R. Tolkien",
      "Conan O'Brien",
      "李小龙",
      "عمر",
      "Łukasz Żółć",
      "می‌خواهم",
      "Ada 👩‍💻",
      "Dr. No, PhD",
      "Анна Иванова (Anna)",
      "Ελένη Müller",
      "x".repeat(40),
    ]
  ) assertEquals(parseName(name), name.normalize("NFC"));
  assertEquals(parseName("  Ada   Lovelace "), "Ada Lovelace");
});

Deno.test("parseName() refuses what would mislead in somebody else's mail", () => {
  for (
    const name of [
      "",
      "   ",
      "x".repeat(41),
      "12345",
      "!!!",
      "Ada\nBcc: all@example.org",
      "Ada\u0000",
      "Ada\u202egro",
      "A\u200bda",
      "\u200dAda",
      "A\u2028da",
      "\ud800Ada",
      "https://evil.example",
      "evil.example",
      "www. evil",
      "Win at evil.com now",
      "ada@example",
      "пример.рф",
      "evil．example",
      "evil。example",
      "ｈｔｔｐｓ：／／evil",
      "ada＠example",
      "Р\u0430ypal",
      "P\u0430ypal Support",
      "G\u03bfogle",
    ]
  ) {
    const error = assertThrows(() => parseName(name), AppError, "Cannot use this name");
    assertEquals([error.code, error.field], ["invalid", "name"], JSON.stringify(name));
  }
});

Deno.test("parseZone() takes names of the registry and nothing else", () => {
  assertEquals(parseZone("Europe/Berlin"), "Europe/Berlin");
  assertEquals(parseZone("europe/berlin"), "Europe/Berlin");
  assertEquals(parseZone("Asia/Kolkata"), "Asia/Kolkata");
  assertEquals(parseZone("UTC"), "UTC");
  for (
    const text of [
      "",
      "+01:00",
      "Mars/Olympus",
      "Europe/Berlin ",
      "2026-11-23T10:00[Europe/Berlin]",
      "Europe/Berlin\n",
      "__proto__",
      "A".repeat(65),
    ]
  ) {
    const error = assertThrows(() => parseZone(text), AppError, "Cannot use this time zone");
    assertEquals(error.field, "zone", text);
  }
});
