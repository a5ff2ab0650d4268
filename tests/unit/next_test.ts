import { assert, assertEquals } from "@std/assert";
import { ownPath } from "../../routes/next.ts";
import { foreign } from "../support/redirects.ts";

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

Deno.test("ownPath() leads back to pages of ours", () => {
  for (const path of own) {
    const url = new URL(ownPath(path, "/lost"), "https://clock.example/sign-in");
    assertEquals(url.origin, "https://clock.example", path);
    assertEquals(url.href, new URL(path, "https://clock.example").href, path);
  }
});

Deno.test("ownPath() leads nowhere else", () => {
  assert(foreign.length >= 60);
  for (const text of foreign) assertEquals(ownPath(text), "/", JSON.stringify(text));
});
