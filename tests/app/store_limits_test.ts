import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { serialize } from "node:v8";
import { type Key, keys } from "../../kv/keys.ts";
import { keyBytes, valueBytes } from "../../kv/limits.ts";
import { readText, setText } from "../../kv/parts.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { type TestEngine, testEngine } from "../support/engine.ts";

const any = (...parts: Deno.KvKeyPart[]): Key<unknown> => parts;

/** Whether our side and the real store take the same commit, and that ours stores nothing if not. */
async function bothTake(
  t: TestEngine,
  build: (set: (key: Deno.KvKey, value: unknown) => void) => void,
): Promise<{ ours: boolean; real: boolean }> {
  const atomic = t.kv.atomic();
  let keysSet = 0;
  build((key, value) => (atomic.set(["real", ...key], value), keysSet++));
  const real = await atomic.commit().then(() => true, () => false);
  const ours = await transact(t.app, (tx) => build((key, value) => tx.set(any(...key), value)))
    .then(() => true, (error) => {
      assert(error instanceof RangeError, `refused by us, not by the store: ${error}`);
      return false;
    });
  const stored = await Array.fromAsync(t.kv.list({ prefix: ["v"] }));
  assertEquals(stored.length, ours ? keysSet : 0, "all of it or nothing");
  for (const { key } of stored) await t.kv.delete(key);
  return { ours, real };
}

Deno.test("a value is taken up to exactly the size that the real store takes", async () => {
  await using t = await testEngine();
  const sized: [string, (bytes: number) => unknown][] = [
    ["bytes", (n) => new Uint8Array(n)],
    ["Latin text", (n) => "x".repeat(n - 6)],
    ["wide text", (n) => "漢".repeat((n - 6) / 2)],
    ["an object", (n) => ({ text: "x".repeat(n - 16), at: 1 })],
    ["a list", (n) => ["x".repeat(n - 20), 1.5, null, true]],
  ];
  for (const [what, ofSize] of sized) {
    let taken = 0, refused = 0;
    for (let bytes = 65_530; bytes <= 65_544; bytes++) {
      const { ours, real } = await bothTake(t, (set) => set(["v", 0], ofSize(bytes)));
      assertEquals(ours, real, `${what} of ${bytes}`);
      if (ours) taken++;
      else refused++;
    }
    assert(taken > 0 && refused > 0, `${what}: the bound lies in between`);
  }
});

Deno.test("the size of a value is never counted too small", () => {
  const values = fc.anything({ withDate: true, withBigInt: true, withTypedArray: true });
  fc.assert(fc.property(values, (value) => {
    let exact: number;
    try {
      exact = value instanceof Uint8Array ? value.byteLength : serialize(value).byteLength;
    } catch {
      return; // no store takes it
    }
    assert(valueBytes(value) >= exact, `${valueBytes(value)} of ${exact}`);
  }));
});

Deno.test("the size of a key is never counted too small", async () => {
  await using t = await testEngine();
  const text = fc.string({ unit: fc.constantFrom("\0", "a", "~", "é", "漢", "😀") });
  const parts = fc.array(fc.oneof(text, fc.double({ noNaN: true })), {
    minLength: 1,
    maxLength: 4,
  });
  for (const key of fc.sample(parts, 50)) {
    // The store's bound of 2,048 bytes, reached with a last part of known size.
    const fill = 2_048 - keyBytes(key) - 2;
    if (fill >= 0) assert(await t.kv.set([...key, "x".repeat(fill)], 1));
  }
});

const refusals: [string, (tx: Tx) => unknown, string][] = [
  [
    "more checks than a server takes beside its own",
    async (tx) => {
      for (let i = 0; i < 10; i++) await tx.get(any("c", i));
    },
    "10 checks",
  ],
  [
    "a thousand mutations, as the token is one more",
    (tx) => {
      for (let i = 0; i < 999; i++) tx.set(any("v", i), 1);
    },
    "1000 mutations",
  ],
  [
    "more than 800 KiB",
    (tx) => {
      for (let i = 0; i < 13; i++) tx.set(any("v", i), new Uint8Array(63_100));
    },
    "bytes",
  ],
  [
    "more than 80 KiB of keys",
    (tx) => {
      for (let i = 0; i < 41; i++) tx.set(any("v", i, "k".repeat(2_000)), 1);
    },
    "keyBytes",
  ],
  ["a key of over 2 KiB", (tx) => tx.set(any("v", "k".repeat(2_048)), 1), "its key"],
  ["what cannot be stored at all", (tx) => tx.set(any("v"), () => 1), "could not be cloned"],
];
for (const [what, build, why] of refusals) {
  Deno.test(`a commit is refused before it reaches the store: ${what}`, async () => {
    await using t = await testEngine();
    const error = await assertRejects(() =>
      transact(t.app, async (tx) => {
        tx.set(any("v", "first"), 1);
        await build(tx);
      })
    );
    assert(error.message.includes(why), error.message);
    assertEquals(await Array.fromAsync(t.kv.list({ prefix: [] })), [], "nothing is stored");
  });
}

Deno.test("the largest commit that we let pass is one that the store takes", async () => {
  for (const shared of [false, true]) {
    await using t = await testEngine({ traits: { shared } });
    const largest: ((tx: Tx) => unknown)[] = [
      async (tx) => {
        for (let i = 0; i < 9; i++) await tx.get(any("c", i));
        tx.set(any("v"), 1);
      },
      async (tx) => {
        await tx.get(any("c"));
        for (let i = 0; i < 999; i++) tx.set(any("v", i), 1);
      },
      async (tx) => { // 80 KiB of keys, less the token's
        await tx.get(any("c"));
        for (let i = 0; i < 40; i++) tx.set(any("v", i, "k".repeat(2_030)), 1);
      },
      async (tx) => { // 800 KiB, each key counted twice
        await tx.get(any("c"));
        for (let i = 0; i < 12; i++) tx.set(any("v", i), new Uint8Array(65_536));
        tx.set(any("v", "last"), new Uint8Array(32_000));
      },
    ];
    for (const build of largest) await transact(t.app, build);
  }
});

Deno.test("the sum of a commit is counted as the store counts it", async () => {
  await using t = await testEngine();
  const build = (last: number) => (set: (key: Deno.KvKey, value: unknown) => void) => {
    for (let i = 0; i < 12; i++) set(["v", i], new Uint8Array(65_536));
    set(["v", 12], new Uint8Array(last));
  };
  assertEquals(await bothTake(t, build(32_000)), { ours: true, real: true });
  assertEquals(await bothTake(t, build(32_768)), { ours: false, real: false });
  const withKeys = (sum: number) => (set: (key: Deno.KvKey, value: unknown) => void) => {
    const size = Math.floor(sum / 38) - 2 * 2_017; // a key counts with its value, too
    for (let i = 0; i < 38; i++) set(["v", "k".repeat(2_003), i], new Uint8Array(size));
  };
  assertEquals(await bothTake(t, withKeys(818_000)), { ours: true, real: true });
  assertEquals(await bothTake(t, withKeys(820_000)), { ours: false, real: false });
});

Deno.test("a long text comes back whole from its parts, wherever they are cut", async () => {
  await using t = await testEngine();
  const key = (part: number) => keys.noteText("n", part);
  // Three bytes a character and 64,512 a part: no cut falls between two characters.
  const text = `a${"漢".repeat(60_000)}é`;
  const parts = await transact(t.app, (tx) => setText(tx, text, key));
  assertEquals(parts, 3);
  assertEquals(await readText(t.app, parts, key), text);
  assertEquals(await transact(t.app, (tx) => setText(tx, "", key)), 0);
  assertEquals(await readText(t.app, 0, key), "");
});

Deno.test("a refusal names what could not be stored", async () => {
  await using t = await testEngine();
  await assertRejects(
    () => transact(t.app, (tx) => tx.set(any("note", 1), new Uint8Array(65_537))),
    RangeError,
    "Cannot store note: 65537 bytes are over 65536",
  );
});
