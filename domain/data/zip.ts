/**
 * The container of PKWARE's APPNOTE.TXT 6.3.10, as far as our files need it: no ZIP64, no encryption,
 * names in UTF-8. The platform's zlib does the packing.
 */
import { crc32, deflateRawSync } from "node:zlib";

export const LOCAL_HEADER = 0x04034b50;
export const CENTRAL_HEADER = 0x02014b50;
export const END_RECORD = 0x06054b50;
export const STORED = 0;
export const DEFLATED = 8;
export const UTF8_NAMES = 0x0800;
export const ENCRYPTED = 0x0001;

const VERSION = 20; // 2.0: deflate, folders
const UNIX = 3;
const PLAIN_FILE = 0o100644;
const MAX_ENTRIES = 65_535;
const MAX_BYTES = 0xffff_ffff;
/** What packs better than this is kept as it is, so that no file of ours looks like a bomb. */
const BEST_RATIO = 15;

export interface NewEntry {
  name: string;
  bytes: Uint8Array;
  /** ms */
  at: number;
}

/** Makes a zip file piece by piece; only the list of names is kept. */
export class ZipWriter {
  #central: Uint8Array[] = [];
  #at = 0;

  /** The bytes of one more entry. @throws {RangeError} over what the format can say. */
  entry({ name, bytes, at }: NewEntry): Uint8Array[] {
    const packed = deflateRawSync(bytes);
    const worth = packed.length < bytes.length && packed.length * BEST_RATIO >= bytes.length;
    const [method, data] = worth ? [DEFLATED, new Uint8Array(packed)] : [STORED, bytes];
    const utf8 = new TextEncoder().encode(name);
    const common = [
      [2, VERSION],
      [2, UTF8_NAMES],
      [2, method],
      [4, dosTime(at)],
      [4, crc32(bytes)],
      [4, data.length],
      [4, bytes.length],
      [2, utf8.length],
      [2, 0], // extra field
    ] as const;
    const local = record([[4, LOCAL_HEADER], ...common]);
    const central = record([
      [4, CENTRAL_HEADER],
      [2, UNIX << 8 | VERSION],
      ...common,
      [2, 0], // comment
      [2, 0], // disk
      [2, 0], // internal attributes
      [4, PLAIN_FILE * 0x10000],
      [4, this.#at],
    ]);
    this.#central.push(central, utf8);
    return this.#passed([local, utf8, data]);
  }

  /** What stands behind the last entry. */
  end(): Uint8Array[] {
    const entries = this.#central.length / 2;
    const from = this.#at;
    const central = this.#passed(this.#central);
    if (entries > MAX_ENTRIES) {
      throw new RangeError("Cannot make the file: it has too many entries");
    }
    const end = record([
      [4, END_RECORD],
      [4, 0], // disks
      [2, entries],
      [2, entries],
      [4, this.#at - from],
      [4, from],
      [2, 0], // comment
    ]);
    return [...central, end];
  }

  #passed(pieces: Uint8Array[]): Uint8Array[] {
    for (const { length } of pieces) this.#at += length;
    if (this.#at > MAX_BYTES) throw new RangeError("Cannot make the file: it is over 4 GiB");
    return pieces;
  }
}

/** Numbers of so many bytes each, the lowest byte first. */
function record(fields: readonly (readonly [size: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/** Date and time in the format's own way, which knows no zone: those of UTC. */
function dosTime(at: number): number {
  const date = new Date(Math.max(at, Date.UTC(1980, 0, 1)));
  const day = (date.getUTCFullYear() - 1980) << 9 | (date.getUTCMonth() + 1) << 5 |
    date.getUTCDate();
  const time = date.getUTCHours() << 11 | date.getUTCMinutes() << 5 | date.getUTCSeconds() >> 1;
  return day * 0x10000 + time;
}
