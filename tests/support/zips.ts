import { crc32, deflateRawSync } from "node:zlib";
import { unzip, zipEntries } from "../../domain/data/unzip.ts";
import { type NewEntry, ZipWriter } from "../../domain/data/zip.ts";

/** A zip file of texts or bytes by name. */
export function zipOf(files: Record<string, string | Uint8Array>): Uint8Array<ArrayBuffer> {
  const writer = new ZipWriter();
  const bytesOf = (file: string | Uint8Array) =>
    typeof file === "string" ? new TextEncoder().encode(file) : file;
  const pieces = Object.entries(files).flatMap(([name, file]): Uint8Array[] => {
    const entry: NewEntry = { name, bytes: bytesOf(file), at: 0 };
    return writer.entry(entry);
  });
  return joined([...pieces, ...writer.end()]);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** One packed entry under many names, each of which says what it inflates to. */
export function overlapping(entries: number, each: number): Uint8Array<ArrayBuffer> {
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

/** What a zip file of texts holds, by name. */
export async function filesIn(zip: Uint8Array): Promise<Map<string, string>> {
  const source = {
    size: zip.length,
    read: (from: number, length: number) => Promise.resolve(zip.slice(from, from + length)),
  };
  const files = new Map<string, string>();
  for (const entry of await zipEntries(source)) {
    files.set(entry.name, new TextDecoder().decode(await unzip(source, entry)));
  }
  return files;
}
