import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { AppError } from "../../core/errors.ts";
import { type Source, unzip, zipEntries } from "../../domain/data/unzip.ts";
import { type NewEntry, ZipWriter } from "../../domain/data/zip.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function zip(entries: readonly Partial<NewEntry>[]): Uint8Array<ArrayBuffer> {
  const writer = new ZipWriter();
  const pieces = entries.flatMap(({ name = "a", bytes = bytesOf("x"), at = 0 }) =>
    writer.entry({ name, bytes, at })
  );
  const all = [...pieces, ...writer.end()];
  const file = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

function sourceOf(file: Uint8Array): Source {
  return {
    size: file.length,
    read: (from, length) => Promise.resolve(file.slice(from, from + length)),
  };
}

async function readAll(file: Uint8Array): Promise<[name: string, bytes: Uint8Array][]> {
  const source = sourceOf(file);
  const found: [string, Uint8Array][] = [];
  for (const entry of await zipEntries(source)) {
    found.push([entry.name, await unzip(source, entry)]);
  }
  return found;
}

/** How it is refused: the code, and nothing that is no AppError. */
async function refusalOf(file: Uint8Array): Promise<string> {
  try {
    await readAll(file);
    return "taken";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

Deno.test("whatever goes into a zip file comes out of it", async () => {
  const entry = fc.record({
    name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.string({ maxLength: 200 }).map((text) => bytesOf(text.repeat(50))),
    ),
  });
  await fc.assert(fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
    const well = entries.map(({ name, bytes }) => ({ name: name.toWellFormed(), bytes }));
    assertEquals(await readAll(zip(well)), well.map(({ name, bytes }) => [name, bytes]));
  }));
});

Deno.test("a file of ours is never taken for a bomb, however much it repeats itself", async () => {
  const entries = Array.from({ length: 150 }, (_, i) => ({
    name: `${i}.md`,
    bytes: bytesOf("again and again ".repeat(6_400)),
  }));
  assertEquals((await readAll(zip(entries))).length, 150);
});

Deno.test("a broken file is refused and never more than that, wherever it is broken", async () => {
  const good = zip([{ name: "a.md", bytes: bytesOf("words ".repeat(99)) }, { name: "b.md" }]);
  const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const file = good.slice();
      for (const { at, to } of changes) file[at] = to;
      assert(["taken", "invalid", "too_large"].includes(await refusalOf(file)));
    }),
    { numRuns: 2_000 },
  );
  for (let end = 0; end < good.length; end++) {
    assertEquals(await refusalOf(good.subarray(0, end)), "invalid", `cut at ${end}`);
  }
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (noise) => {
    assertEquals(await refusalOf(noise), "invalid");
  }));
});

/** A zip file whose one entry inflates to `size` bytes of zero and says `said` of it. */
function bomb(size: number, said = size): Uint8Array {
  const packed = deflateRawSync(new Uint8Array(size), { level: 9 });
  const crc = crc32(new Uint8Array(size));
  const common = [
    ...[20, 0, 8].map((value) => [2, value]),
    [4, 0],
    [4, crc],
    [4, packed.length],
    [4, said],
    [2, 1],
    [2, 0],
  ];
  const numbers = (fields: number[][]) =>
    fields.flatMap(([bytes = 0, value = 0]) =>
      Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)
    );
  const local = [...numbers([[4, 0x04034b50], ...common]), 97];
  const central = [
    ...numbers([[4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, 0]]),
    97,
  ];
  const at = local.length + packed.length;
  const end = numbers([[4, 0x06054b50], [4, 0], [2, 1], [2, 1], [4, central.length], [4, at], [
    2,
    0,
  ]]);
  return Uint8Array.from([...local, ...packed, ...central, ...end]);
}

Deno.test("what inflates to more than it says stops at the byte behind that", async () => {
  assertEquals(await refusalOf(bomb(100, 100)), "taken");
  for (const said of [0, 1, 99, 101]) assertEquals(await refusalOf(bomb(100, said)), "invalid");
  const file = bomb(100_000_000, 1_000);
  const before = Deno.memoryUsage().rss;
  assertEquals(await refusalOf(file), "invalid");
  const grown = (Deno.memoryUsage().rss - before) / 1e6;
  assert(grown < 30, `${grown} MB`);
});

Deno.test("over 20 MiB, over twenty times its size, or over 50,000 entries are refused by the list alone", async () => {
  const never: Source["read"] = () => Promise.reject(new Error("inflates"));
  for (const file of [bomb(21 * 1_048_576), bomb(9 * 1_048_576), bomb(2 * 1_048_576)]) {
    assertEquals(await refusalOf(file), "too_large");
  }
  const many = Array.from({ length: 50_001 }, () => ({ bytes: new Uint8Array(0) }));
  assertEquals(await refusalOf(zip(many)), "too_large");
  assertEquals(await refusalOf(zip(many.slice(1))), "taken");
  await assertRejects(() =>
    unzip({ size: 1, read: never }, {
      name: "a",
      size: 1,
      packed: 1,
      deflated: true,
      crc: 0,
      at: 0,
    })
  );
});
