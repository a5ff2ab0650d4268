/** HTTP as bytes over a connection of its own, for what `fetch` would not send. */

export interface RawAnswer {
  /** Null when it was hung up without an answer. */
  status: number | null;
  text: string;
  ms: number;
}

export interface RawOptions {
  /** When to stop waiting and hang up, ms. */
  withinMs?: number;
  /** Hangs up once all is sent, without waiting for an answer. */
  leave?: boolean;
}

/** Sends bytes and reads until the server hangs up. @throws {Error} when it does neither in time. */
export async function sendRaw(
  port: number,
  bytes: Uint8Array | string,
  { withinMs = 5_000, leave = false }: RawOptions = {},
): Promise<RawAnswer> {
  const begun = performance.now();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    connection.close();
  }, withinMs);
  let text = "";
  try {
    const writer = connection.writable.getWriter();
    const raw = typeof bytes === "string" ? latin1(bytes) : bytes;
    await writer.write(raw).catch(() => {}); // refused before its end
    writer.releaseLock();
    if (leave) return { status: null, text, ms: performance.now() - begun };
    const decoder = new TextDecoder("latin1");
    const chunk = new Uint8Array(65_536);
    for (;;) {
      const read = await connection.read(chunk).catch(() => null);
      if (read === null) break;
      text += decoder.decode(chunk.subarray(0, read), { stream: true });
    }
  } finally {
    clearTimeout(timer);
    if (!late) connection.close();
  }
  if (late) {
    throw new Error(`no end within ${withinMs} ms of ${JSON.stringify(text.slice(0, 200))}`);
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  return { status: status ? Number(status) : null, text, ms: performance.now() - begun };
}

/** One byte a character, as HTTP has it. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (one) => one.charCodeAt(0) & 255);
}
