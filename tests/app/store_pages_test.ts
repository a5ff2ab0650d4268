import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, page, readMany } from "../../kv/read.ts";
import { testEngine } from "../support/engine.ts";

Deno.test("pages hold each entry once and in order, whatever vanishes on the way", async () => {
  await using t = await testEngine();
  const plan = fc.record({
    // Few moments for many entries: some of one moment are on both sides of a cut.
    entries: fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(30)), {
      selector: ([at, id]) => `${at} ${id}`,
      maxLength: 40,
    }),
    limit: fc.integer({ min: 1, max: 7 }),
    reverse: fc.boolean(),
    /** After which page which of the entries goes; the first of these is the cursor's own. */
    vanish: fc.array(fc.tuple(fc.nat(6), fc.nat(40)), { maxLength: 10 }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(plan, async ({ entries, limit, reverse, vanish }) => {
      const owner = `owner ${run++}`;
      const key = ([at, id]: [number, number]) => keys.noteByOwner(owner, at, `id ${id}`);
      const names = new Map(entries.map((one) => [`${one}`, one]));
      await Promise.all(entries.map((one) => t.kv.set(key(one), `${one}`)));
      const gone = new Set<string>();
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let number = 0;; number++) {
        const { items, next } = await page(t.app, ranges.notesOf(owner), {
          limit,
          cursor,
          reverse,
        });
        const values = items.map(({ value }) => value);
        assert(values.length === limit || next === null, "full, or the last");
        assert(values.every((value) => !gone.has(value)), "none that is gone");
        seen.push(...values);
        if (next === null) break;
        cursor = next;
        const leaving = vanish.filter(([after]) => after === number)
          .map(([, which], i) => i === 0 ? values.at(-1) : `${entries[which % entries.length]}`);
        for (const name of leaving) {
          gone.add(name!);
          await t.kv.delete(key(names.get(name!)!));
        }
      }
      const stayed = (await list(t.app, ranges.notesOf(owner), { reverse })).map(String);
      assertEquals(new Set(seen).size, seen.length, "none twice");
      assertEquals(seen.filter((name) => !gone.has(name)), stayed, "all that stayed, in order");
    }),
    { numRuns: 60 },
  );
});

Deno.test("a page is newest first unless asked otherwise, and the last one says so", async () => {
  await using t = await testEngine();
  for (let at = 1; at <= 5; at++) await t.kv.set(keys.noteByOwner("ada", at, "n"), `${at}`);
  const first = await page(t.app, ranges.notesOf("ada"), { limit: 3 });
  assertEquals(first.items.map(({ value }) => value), ["5", "4", "3"]);
  const last = await page(t.app, ranges.notesOf("ada"), { limit: 3, cursor: first.next! });
  assertEquals(last.items.map(({ value }) => value), ["2", "1"]);
  assertEquals(last.next, null);
  const exact = await page(t.app, ranges.notesOf("ada"), { limit: 5 });
  assertEquals(exact.next, null, "nothing is left, so there is no next page");
});

const foreign = {
  "no text of ours": "what?",
  "empty": "",
  "an empty place": btoa("[]"),
  "no list": btoa(`{"at":1}`),
  "a list within": btoa("[[1]]"),
  "too many parts": btoa("[1,2,3,4,5]"),
  "a part that is too long": btoa(JSON.stringify(["x".repeat(101)])),
  "a number that is none": btoa("[1e999]"),
  "truth": btoa("[true]"),
  "nothing": btoa("[null]"),
};
for (const [what, cursor] of Object.entries(foreign)) {
  Deno.test(`a cursor that is none of ours is refused: ${what}`, async () => {
    await using t = await testEngine();
    for (const reverse of [true, false]) {
      const error = await assertRejects(
        () => page(t.app, ranges.notesOf("ada"), { limit: 2, cursor, reverse }),
        AppError,
      );
      assertEquals([error.code, error.field], ["invalid", "cursor"]);
    }
  });
}

Deno.test("no text as a cursor is a bug, and none leaves its own list", async () => {
  await using t = await testEngine();
  await t.kv.set(keys.noteByOwner("adb", 1, "n"), "of a neighbour");
  const parts = fc.array(fc.oneof(fc.string({ maxLength: 10 }), fc.double()), { maxLength: 5 });
  const cursors = fc.oneof(
    fc.string(),
    fc.json(),
    parts.map((some) => {
      return btoa(encodeURIComponent(JSON.stringify(some)));
    }),
    parts.map((some) => btoa(JSON.stringify(some).replace(/[^ -~]/g, "?"))),
  );
  await fc.assert(
    fc.asyncProperty(cursors, fc.boolean(), async (cursor, reverse) => {
      try {
        const { items } = await page(t.app, ranges.notesOf("ada"), { limit: 2, cursor, reverse });
        assertEquals(items, []);
      } catch (error) {
        assert(error instanceof AppError && error.code === "invalid", `${error}`);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("many keys are read in their order, without those that are not there", async () => {
  await using t = await testEngine();
  const wanted = Array.from({ length: 35 }, (_, i) => keys.feed(`account:${i}`));
  await Promise.all(wanted.map((key, seq) => seq % 3 === 0 ? t.kv.set(key, { seq }) : null));
  const found = await readMany(t.app, wanted);
  assertEquals(found.map(({ seq }) => seq), [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33]);
});
