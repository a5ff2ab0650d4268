import { assert, assertEquals } from "@std/assert";
import { ownPath } from "../../routes/next.ts";

const own = [
  "/",
  "/notes",
  "/notes/01h?q=a%20b&tag=x#top",
  "/a/./b/../c",
  "/%2f/evil.example",
  "/%5cevil.example",
  "/notes?next=https://evil.example/",
  "/notes#//evil.example",
  "/@evil.example",
  "/:80",
];
const foreign = [
  undefined,
  "",
  " ",
  "notes",
  "./notes",
  "../notes",
  "?q",
  "#top",
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "/\\/evil.example",
  "\\\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/ /evil.example",
  "/\u0000/evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/a/..//evil.example",
  "/a/../..//evil.example",
  "/%2e//evil.example",
  "/%2e%2e//evil.example",
  "/./\\evil.example",
  "https://evil.example",
  "https:evil.example",
  "https:/evil.example",
  "http:///evil.example",
  "HTTP://evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "blob:https://evil.example/1",
  "//evil.example@own.invalid",
  "http://own.invalid@evil.example/",
  "http://own.invalid/",
  "//own.invalid/notes",
  "/notes\u2028",
  "/ｎotes",
  "／evil.example",
  "。evil.example",
  "/" + "a".repeat(1_000),
  "/notes\r\nSet-Cookie: a=b",
];

Deno.test("ownPath() leads back to pages of ours", () => {
  for (const path of own) {
    const url = new URL(ownPath(path, "/lost"), "https://clock.example/sign-in");
    assertEquals(url.origin, "https://clock.example", path);
    assertEquals(url.href, new URL(path, "https://clock.example").href, path);
  }
});

Deno.test("ownPath() leads nowhere else", () => {
  assert(foreign.length >= 40);
  for (const text of foreign) assertEquals(ownPath(text), "/", JSON.stringify(text));
});
