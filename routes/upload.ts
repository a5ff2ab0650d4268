import { AppError } from "../core/errors.ts";
import { cutOff } from "./body_text.ts";

/** What stands above a file in a form; nothing of ours is longer. */
const MAX_HEAD_BYTES = 8_192;

/**
 * The one file of a form as a browser sends it (multipart/form-data, RFC 7578), piece by piece: at no
 * time is more of it in memory than what the network has just brought.
 *
 * @throws {AppError} `invalid` for anything but a form of one file, to its end.
 */
export async function* fileIn(request: Request): AsyncGenerator<Uint8Array> {
  const boundary = boundaryOf(request.headers.get("content-type") ?? "");
  if (boundary === null || request.body === null) throw damaged();
  const end = bytesOf(`\r\n--${boundary}`);
  let state: "head" | "file" | "over" = "head";
  // The first boundary stands at the very beginning, without a line end before it.
  let rest = bytesOf("\r\n");
  for await (const chunk of sentIn(request.body)) {
    if (state === "over") continue; // to the end, so that the connection can go on
    rest = joined(rest, chunk);
    if (state === "head") {
      const from = headEnd(rest, end);
      if (from < 0) continue;
      rest = rest.subarray(from);
      state = "file";
    }
    const at = find(rest, end);
    if (at < 0) {
      const sure = Math.max(0, rest.length - end.length + 1);
      if (sure > 0) yield rest.subarray(0, sure);
      rest = rest.slice(sure);
      continue;
    }
    // Behind the boundary: "--" for the end. Its two bytes may still be on their way.
    const behind = rest.subarray(at + end.length, at + end.length + 2);
    if (behind.length < 2) continue;
    if (behind[0] !== DASH || behind[1] !== DASH) throw damaged();
    if (at > 0) yield rest.subarray(0, at);
    rest = rest.subarray(rest.length);
    state = "over";
  }
  if (state !== "over") throw damaged();
}

/** What is sent; its sender may hang up. */
async function* sentIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof AppError ? error : cutOff(error);
  }
}

const DASH = 0x2d;

function boundaryOf(type: string): string | null {
  const [, quoted, plain] =
    /^multipart\/form-data;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";]{1,70}))\s*$/i
      .exec(type) ?? [];
  return quoted ?? plain ?? null;
}

/** Where the file begins, or -1 while its head is not all there. */
function headEnd(bytes: Uint8Array, boundary: Uint8Array): number {
  const seen = Math.min(bytes.length, boundary.length);
  if (find(bytes.subarray(0, seen), boundary.subarray(0, seen)) !== 0) throw damaged();
  const empty = bytesOf("\r\n\r\n");
  const at = find(bytes.subarray(0, MAX_HEAD_BYTES), empty);
  if (at >= 0) return at + empty.length;
  if (bytes.length > MAX_HEAD_BYTES) throw damaged();
  return -1;
}

/** Where `wanted` begins, or -1. */
function find(bytes: Uint8Array, wanted: Uint8Array): number {
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(wanted[0]!); at >= 0 && at <= last;) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
    at = bytes.indexOf(wanted[0]!, at + 1);
  }
  return -1;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

function damaged(): AppError {
  return new AppError("invalid", "Cannot read the upload: it must be one file", { field: "file" });
}
