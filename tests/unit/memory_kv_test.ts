import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { MemoryKv } from "../support/memory_kv.ts";

const part = fc.oneof(
  fc.constantFrom("a", "b", "ab", ""),
  fc.constantFrom(-1, 0, 0.5, 2, 10),
  fc.boolean(),
);
const key = fc.array(part, { minLength: 1, maxLength: 3 });
const operation = fc.oneof(
  fc.record({
    is: fc.constant("commit" as const),
    /** Keys that must be as they were last seen, or absent if that is said. */
    checks: fc.array(fc.tuple(key, fc.boolean()), { maxLength: 2 }),
    sets: fc.array(fc.tuple(key, fc.jsonValue({ maxDepth: 1 })), { maxLength: 4 }),
    deletes: fc.array(key, { maxLength: 2 }),
  }),
  fc.record({
    is: fc.constant("list" as const),
    selector: fc.oneof(
      fc.record({ prefix: key }),
      fc.tuple(key, part).map(([prefix, end]) => ({ prefix, end: [...prefix, end] })),
      fc.tuple(key, part).map(([prefix, start]) => ({ prefix, start: [...prefix, start] })),
    ),
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    reverse: fc.boolean(),
  }),
);

Deno.test("the KV made of memory answers as the real one does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
      using real = await Deno.openKv(":memory:");
      const memory = new MemoryKv().kv;
      for (const operation of operations) {
        const [a, b] = await Promise.all([real, memory].map(async (kv) => {
          if (operation.is === "list") {
            const { selector, limit, reverse } = operation;
            const entries = await Array.fromAsync(kv.list(selector, { limit, reverse }));
            return entries.map(({ key, value }) => ({ key, value }));
          }
          const atomic = kv.atomic();
          for (const [key, absent] of operation.checks) {
            const { versionstamp } = await kv.get(key);
            atomic.check({ key, versionstamp: absent ? null : versionstamp });
          }
          for (const [key, value] of operation.sets) atomic.set(key, value);
          for (const key of operation.deletes) atomic.delete(key);
          const { ok } = await atomic.commit();
          const entries = await kv.getMany([["a"], ["a", 0], [0.5, "b"]]);
          return { ok, values: entries.map(({ value }) => value) };
        }));
        assertEquals(b, a);
      }
    }),
    { numRuns: 25 },
  );
});
