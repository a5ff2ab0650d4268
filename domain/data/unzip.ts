import { crc32, inflateRawSync } from "node:zlib";
import { AppError } from "../../core/errors.ts";
import { CENTRAL_HEADER, DEFLATED, ENCRYPTED, END_RECORD, LOCAL_HEADER, STORED } from "./zip.ts";

const MIB = 1_048_576;
/** What a zip file may hold; `security.md` C.8 and the test of bombs. */
export const MAX_ENTRIES = 50_000;
export const MAX_INFLATED = 20 * MIB;
const MAX_RATIO = 20;
/** Small files of one's own may repeat themselves; so far the ratio says nothing. */
const RATIO_FROM = MIB;
/** One entry is inflated in one piece. */
const MAX_ENTRY = 8 * MIB;
const MAX_CENTRAL = 8 * MIB;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;

/** Bytes that can be read anywhere. */
export interface Source {
  size: number;
  read(from: number, length: number): Promise<Uint8Array>;
}

export interface ZipEntry {
  name: string;
  /** Inflated, as the file says; more is never made of it. */
  size: number;
  packed: number;
  deflated: boolean;
  crc: number;
  /** Where its own header stands. */
  at: number;
}

/**
 * Lists what a zip file says that it holds. Nothing is inflated.
 *
 * @throws {AppError} `invalid` for what is no zip file, or one that we do not read; `too_large` for
 *   over 50,000 entries, over 20 MiB inflated, one over 8 MiB, or over twenty times the file's size.
 */
export async function zipEntries(source: Source): Promise<ZipEntry[]> {
  const { count, length, from } = await endOf(source);
  if (count > MAX_ENTRIES || length > MAX_CENTRAL) {
    throw tooLarge(`it holds more than ${MAX_ENTRIES.toLocaleString("en")} entries`);
  }
  const view = viewOf(await source.read(from, length));
  const entries: ZipEntry[] = [];
  let inflated = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, next } = centralEntry(view, at);
    inflated += entry.size;
    at = next;
    if (inflated > MAX_INFLATED || Math.max(entry.size, entry.packed) > MAX_ENTRY) {
      throw tooLarge("unpacked, it is over 20 MB");
    }
    entries.push(entry);
  }
  if (inflated > RATIO_FROM && inflated > MAX_RATIO * source.size) {
    throw tooLarge(`unpacked, it is more than ${MAX_RATIO} times as large`);
  }
  return entries;
}

/** The last record, behind which there is only a comment. */
async function endOf(source: Source): Promise<{ count: number; length: number; from: number }> {
  const start = Math.max(0, source.size - END_BYTES - MAX_COMMENT);
  const view = viewOf(await source.read(start, source.size - start));
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const from = view.getUint32(at + 16, true);
    if (from + length <= start + at) return { count, length, from };
    if (count === 0xffff || from === 0xffff_ffff) {
      throw tooLarge("it is of the kind for huge files");
    }
  }
  throw damaged("it is no zip file, or not all of it");
}

function centralEntry(view: DataView, at: number): { entry: ZipEntry; next: number } {
  const whole = at + CENTRAL_BYTES <= view.byteLength;
  if (!whole || view.getUint32(at, true) !== CENTRAL_HEADER) throw damaged("its list is broken");
  const nameBytes = view.getUint16(at + 28, true);
  const more = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  const next = at + CENTRAL_BYTES + nameBytes + more;
  if (next > view.byteLength) throw damaged("its list is broken");
  const method = view.getUint16(at + 10, true);
  const encrypted = (view.getUint16(at + 8, true) & ENCRYPTED) !== 0;
  if (encrypted) throw damaged("it needs a password");
  if (method !== STORED && method !== DEFLATED) throw damaged("it is packed in an unknown way");
  const name = new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameBytes);
  return {
    entry: {
      name: new TextDecoder().decode(name),
      size: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      deflated: method === DEFLATED,
      crc: view.getUint32(at + 16, true),
      at: view.getUint32(at + 42, true),
    },
    next,
  };
}

/** The bytes of one entry. @throws {AppError} `invalid` where it is not what the list says of it. */
export async function unzip(source: Source, entry: ZipEntry): Promise<Uint8Array> {
  const head = viewOf(await source.read(entry.at, LOCAL_BYTES));
  if (head.byteLength < LOCAL_BYTES || head.getUint32(0, true) !== LOCAL_HEADER) {
    throw damaged("an entry is not where it should be");
  }
  const from = entry.at + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
  const packed = await source.read(from, Math.min(entry.packed, source.size));
  const bytes = entry.deflated ? inflate(packed, entry.size) : packed;
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) {
    throw damaged("an entry is broken");
  }
  return bytes;
}

/** Stops at the byte behind `size`, whatever is still to come. */
function inflate(packed: Uint8Array, size: number): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }));
  } catch {
    throw damaged("an entry is broken");
  }
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function damaged(why: string): AppError {
  return new AppError("invalid", `Cannot read this file: ${why}`, { field: "file" });
}

function tooLarge(why: string): AppError {
  return new AppError("too_large", `Cannot read this file: ${why}`, { field: "file" });
}
