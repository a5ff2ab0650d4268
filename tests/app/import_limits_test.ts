import { assert, assertEquals, assertMatch } from "@std/assert";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { say } from "../support/figures.ts";
import type { Client } from "../support/http.ts";
import { visitor } from "../support/site.ts";
import { overlapping, zipOf } from "../support/zips.ts";

const MB = 1_000_000;
const MIB = 1_048_576;

async function bring(client: Client, file: BodyInit): Promise<Response> {
  const form = new FormData();
  form.set("file", new Blob([file as BlobPart]), "data.zip");
  return await client.send("/account/data/import", {
    method: "POST",
    raw: form,
    headers: { accept: "text/html" },
  });
}

async function leftovers({ kv }: TestApp): Promise<string[]> {
  const all = await Array.fromAsync(kv.list({ prefix: [] }));
  const kinds = all.map(({ key }) => String(key[0]));
  return kinds.filter((kind) => ["file", "file_part", "file_of", "job", "note"].includes(kind));
}

Deno.test("bombs are refused before anything is unpacked, and nothing of them stays", async () => {
  const noise = (bytes: number) => {
    const all = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65_536) {
      crypto.getRandomValues(all.subarray(at, Math.min(bytes, at + 65_536)));
    }
    return all;
  };
  const bombs: [name: string, file: Uint8Array<ArrayBuffer>, status: number, says: RegExp][] = [
    ["one of 200 MB", overlapping(1, 200 * MB), 413, /over 20 MB/],
    ["a thousand names for one", overlapping(1_000, MB), 413, /over 20 MB/],
    ["ratio", overlapping(12, MB), 413, /more than 20 times/],
    ["60,000 entries", overlapping(60_000, 0), 413, /more than 50,000 entries/],
    ["noise", noise(5 * MB), 400, /no zip file/],
    ["nothing", new Uint8Array(0), 400, /choose a file/],
    ["a zip cut short", zipOf({ "notes/a.md": "# A" }).slice(0, -9), 400, /no zip file/],
    ["21 MiB", noise(21 * MIB), 413, /it is over/],
  ];
  for (const [name, file, status, says] of bombs) {
    await using t = await testApp();
    const client = await visitor(t, await t.person("Ada"));
    const before = Deno.memoryUsage().rss;
    const response = await bring(client, file);
    const grown = (Deno.memoryUsage().rss - before) / MB;
    assertEquals(response.status, status, name);
    assertMatch(await response.text(), says, name);
    assertEquals(await leftovers(t), [], name);
    say(`${name}: ${(file.length / MB).toFixed(1)} MB, memory grows by ${grown.toFixed(0)} MB`);
  }
});

Deno.test("20 MB are taken in, whole and in little memory", async () => {
  await using t = await testApp();
  const client = await visitor(t, await t.person("Ada"));
  const noise = new Uint8Array(95_000);
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 200; i++) {
    files[`other/${i}`] = crypto.getRandomValues(noise.slice(0, 65_536));
  }
  for (let i = 0; i < 50; i++) files[`notes/${i}.md`] = noise.fill(97 + i % 26).slice();
  const zip = zipOf(files);
  const boundary = "B";
  const around = [
    new TextEncoder().encode(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`,
    ),
    new TextEncoder().encode(`\r\n--${boundary}--\r\n`),
  ] as const;
  const raw = ReadableStream.from((function* () {
    yield around[0];
    for (let at = 0; at < zip.length; at += 65_536) yield zip.subarray(at, at + 65_536);
    yield around[1];
  })());
  const before = Deno.memoryUsage();
  const response = await client.send("/account/data/import", {
    method: "POST",
    raw,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  });
  assertEquals(response.status, 303);
  await t.drain();
  const after = Deno.memoryUsage();
  const heap = (after.heapUsed + after.external - before.heapUsed - before.external) / MB;
  say(`${(zip.length / MB).toFixed(1)} MB in: heap and buffers grow by ${heap.toFixed(0)} MB`);
  assert(heap < 30, `${heap} MB`);
});

Deno.test("three files a day are taken in", async () => {
  await using t = await testApp();
  const client = await visitor(t, await t.person("Ada"));
  const zip = zipOf({ "notes/a.md": "# A" });
  for (let i = 0; i < 3; i++) assertEquals((await bring(client, zip)).status, 303);
  const refused = await bring(client, zip);
  assertEquals(refused.status, 429);
  assertMatch(await refused.text(), /tried too often/);
  t.clock.advance(days(1));
  const later = await visitor(t, await t.person("Bob"));
  assertEquals((await bring(later, zip)).status, 303);
});

Deno.test("a file is only taken from a form of ours, by who is signed in", async () => {
  await using t = await testApp();
  const client = await visitor(t, await t.person("Ada"));
  const zip = zipOf({ "notes/a.md": "# A" });
  for (const type of ["application/zip", "text/plain", "application/x-www-form-urlencoded"]) {
    const response = await client.send("/account/data/import", {
      method: "POST",
      raw: zip,
      headers: { "content-type": type },
    });
    assertEquals(response.status, 403, type);
  }
  const foreign = await client.send("/account/data/import", {
    method: "POST",
    raw: new FormData(),
    headers: { "sec-fetch-site": "cross-site" },
  });
  assertEquals(foreign.status, 403);
  assertEquals((await bring(await visitor(t), zip)).status, 303);
  const elsewhere = await client.send("/account", { method: "POST", raw: new FormData() });
  assertEquals(elsewhere.status, 403, "other doors take no files");
  assertEquals(await leftovers(t), []);
});
