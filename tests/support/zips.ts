import { type NewEntry, ZipWriter } from "../../domain/zip.ts";

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
