import { assert, assertEquals } from "@std/assert";
import { isId, newId } from "../../core/ids.ts";

Deno.test("newId() makes ids that are ids, all different, and later ones sort behind", () => {
  const ids = Array.from({ length: 2_000 }, newId);
  assert(ids.every(isId));
  assertEquals(new Set(ids).size, ids.length);
  const moments = ids.map((id) => id.slice(0, 10));
  assertEquals(moments, moments.toSorted());
});

Deno.test("newId() begins with the moment and ends with 80 random bits", () => {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const before = Date.now();
  const id = newId();
  const ms = [...id.slice(0, 10)].reduce((sum, char) => sum * 32 + alphabet.indexOf(char), 0);
  assert(ms >= before && ms <= Date.now());
  for (let place = 10; place < 26; place++) {
    const seen = new Set(Array.from({ length: 400 }, () => newId()[place]));
    assert(seen.size === 32, `place ${place} takes all values`);
  }
});

Deno.test("isId() takes nothing that could mean something else in a path or a key", () => {
  for (const text of ["", "a".repeat(25), "a".repeat(27), `${"a".repeat(25)}/`, "A".repeat(26)]) {
    assert(!isId(text), text);
  }
  for (const letter of "ilou") assert(!isId(letter.repeat(26)), letter);
  assert(!isId(`${newId()}\n`));
});
