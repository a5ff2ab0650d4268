import { assert, assertEquals, assertMatch } from "@std/assert";
import { crc32, deflateRawSync } from "node:zlib";
import { listNotifications } from "../../domain/notifications.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { linkTo, mailNote, sender } from "../support/consent.ts";
import { say } from "../support/figures.ts";
import type { Client } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";
import { zipOf } from "../support/zips.ts";

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

/** One packed entry under many names, each of which says what it inflates to. */
function overlapping(entries: number, each: number): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(each);
  const one = zipOf({ a: "x" });
  const packed = deflateRawSync(plain, { level: 9 });
  const local = new Uint8Array(30 + packed.length);
  const head = new DataView(local.buffer);
  head.setUint32(0, 0x04034b50, true);
  head.setUint16(8, 8, true);
  local.set(packed, 30);
  const central = new Uint8Array(entries * 46);
  for (let i = 0; i < entries; i++) {
    const view = new DataView(central.buffer, i * 46);
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(10, 8, true);
    view.setUint32(16, crc32(plain), true);
    view.setUint32(20, packed.length, true);
    view.setUint32(24, each, true);
  }
  const end = one.slice(-22);
  const last = new DataView(end.buffer);
  last.setUint16(8, entries, true);
  last.setUint16(10, entries, true);
  last.setUint32(12, central.length, true);
  last.setUint32(16, local.length, true);
  return new Uint8Array([...local, ...central, ...end]);
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

Deno.test("a file with a thousand reminders to strangers asks nobody, is read to its end and says who has not agreed", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  await mailNote(t, ada, ["friend@example.net"]);
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, "friend@example.net"), { answer: "accept" });
  await t.drain();
  const before = mailer.accepted.length;
  const startAt = "2026-11-24T09:00:00Z";
  const reminders = Array.from({ length: 1_000 }, (_, i) => ({
    id: `r${i}`,
    title: `Tea ${i}`,
    schedule: { zone: "UTC", start: startAt.slice(0, 19), startAt },
    channels: {
      page: false,
      telegram: false,
      mail: [`s${i}@example.net`, ...i === 0 ? ["friend@example.net"] : []],
    },
  }));
  const client = await visitor(t, ada);
  const file = zipOf({ "reminders/1.json": JSON.stringify(reminders) });
  assertEquals((await bring(client, file)).status, 303);
  await t.drain();
  const invited = await Array.fromAsync(t.kv.list({ prefix: ["invited"] }));
  assertEquals(invited.length, 1, "nobody but the friend before");
  const { items: [news] } = await listNotifications(t.app, { accountId: ada.id });
  assertEquals(
    news?.text,
    "0 notes and 100 reminders are new, 900 were left out; " +
      "100 addresses were taken out of reminders, because they have not agreed to mail from you",
  );
  const page = await pageOf(client, "/account/data");
  assertMatch(page, /Who has not agreed[^]*s0@example\.net[^]*href="\/recipients"/);
  assertMatch(page, /Cannot keep more than 100 active reminders/);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.recipients().slice(before), ["friend@example.net"]);
});
