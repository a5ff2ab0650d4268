/** Bodies as nobody sends them by `fetch`: piece by piece over a connection of their own. */
import { latin1 } from "./raw_http.ts";

export interface Streamed {
  /** Null when it was hung up without an answer. */
  status: number | null;
  /** Bytes of the body, and what stands between its chunks, that were taken. */
  sent: number;
  /** From the first byte over the limit to the answer, ms; null when there was no such byte. */
  msAfterLimit: number | null;
}

export interface StreamOptions {
  /** The request up to its body. */
  head: string;
  body: Iterable<Uint8Array>;
  /** How much of the body the server says that it takes, bytes. */
  limit: number;
  /** Hangs up once all is sent, without waiting for an answer. */
  leave?: boolean;
}

/** Sends all of a body, whatever is answered meanwhile, and waits for the answer. */
export async function streamBody(
  port: number,
  { head, body, limit, leave = false }: StreamOptions,
): Promise<Streamed> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = leave ? null : firstLine(connection);
  let [sent, overAt] = [0, null as number | null];
  const write = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  };
  try {
    await write(latin1(head));
    for (const piece of body) {
      await write(piece);
      sent += piece.length;
      if (sent > limit) overAt ??= performance.now();
    }
  } catch {
    // hung up: the answer, if there is one, has come before
  }
  const { status, at } = await answer ?? { status: null, at: 0 };
  connection.close();
  return { status, sent, msAfterLimit: overAt && Math.max(0, at - overAt) };
}

/** The status that an answer begins with, and when it came. */
async function firstLine(connection: Deno.Conn): Promise<{ status: number | null; at: number }> {
  const bytes = new Uint8Array(4_096);
  const read = await connection.read(bytes).catch(() => null);
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, read ?? 0));
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return { status: status ? Number(status) : null, at: performance.now() };
}

/** So many bytes, one piece after the other, of which only one is in memory. */
export function* piecesOf(bytes: number, pieceBytes = 65_536): Generator<Uint8Array> {
  const piece = new Uint8Array(pieceBytes).fill(0x20);
  for (let left = bytes; left > 0; left -= pieceBytes) {
    yield left < pieceBytes ? piece.subarray(0, left) : piece;
  }
}

/** The same pieces as chunks, without any word of their length as a whole (RFC 9112, 7.1). */
export function* chunksOf(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) {
    yield latin1(`${piece.length.toString(16)}\r\n`);
    yield piece;
    yield latin1("\r\n");
  }
  yield latin1("0\r\n\r\n");
}

/** A text over and over, between two others, in large pieces. */
export function* repeated(
  text: string,
  times: number,
  { before = "", after = "" } = {},
): Generator<Uint8Array> {
  if (before !== "") yield latin1(before); // an empty chunk would be the end
  const many = latin1(text.repeat(1_000));
  for (let left = times; left > 0; left -= 1_000) {
    yield left < 1_000 ? latin1(text.repeat(left)) : many;
  }
  if (after !== "") yield latin1(after);
}
