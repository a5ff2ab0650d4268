import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { METHODS, RequestRefused } from "./errors.ts";
import type { Env } from "./router.ts";

const KIB = 1_024;
const MAX_URL_CHARS = 4 * KIB;
export const MAX_HEADER_BYTES = 32 * KIB;
const MAX_BODY_BYTES = 64 * KIB;
/** A note may have 100 KiB, and up to twice as much once it is escaped for a form. */
const MAX_NOTE_BYTES = 256 * KIB;
const MAX_WEBHOOK_BYTES = 1_024 * KIB;
/** Where people bring their data, as one file: 20 MB, and what a form puts around it. */
export const IMPORT_PATH = "/account/data/import";
const MAX_IMPORT_BYTES = (20 * KIB + 16) * KIB;
/** How long a request may take, ms. */
export const MAX_HANDLER_MS = 10_000;
/** A file takes its time on a slow line; proxies in front allow as much for a body. */
export const MAX_IMPORT_MS = 60_000;

/** How large the body of a request to this path may be. */
export function bodyLimitOf(path: string): number {
  if (/^\/(api\/)?notes(\/|$)/.test(path)) return MAX_NOTE_BYTES;
  if (path === IMPORT_PATH) return MAX_IMPORT_BYTES;
  return /^\/(telegram|mailjet)(\/|$)/.test(path) ? MAX_WEBHOOK_BYTES : MAX_BODY_BYTES;
}

/** Refuses requests by what their head alone shows. */
export const headLimits: MiddlewareHandler<Env> = async (c, next) => {
  const { method, url, headers } = c.req.raw;
  if (!METHODS.includes(method)) {
    const message = "Cannot do this: the method is not known here";
    throw new RequestRefused({ status: 405, code: "method_not_allowed", message }, {
      Allow: METHODS.join(", "),
    });
  }
  if (url.length > MAX_URL_CHARS) {
    const message = "Cannot read the request: its address is too long";
    throw new RequestRefused({ status: 414, code: "too_large", message });
  }
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length + 4; // ": " and line end
  if (bytes > MAX_HEADER_BYTES) {
    const message = "Cannot read the request: its headers are too long";
    throw new RequestRefused({ status: 431, code: "too_large", message });
  }
  await next();
};

/**
 * Ends the reading of a body at its limit: at once where its length is told, else by counting, because
 * a length may be a lie or missing. Nothing is read before a handler asks for it.
 */
export const bodyLimit: MiddlewareHandler<Env> = async (c, next) => {
  const { raw } = c.req;
  if (raw.body !== null) {
    const limit = bodyLimitOf(c.req.path);
    if (Number(raw.headers.get("content-length") ?? 0) > limit) {
      await raw.body.cancel();
      throw tooLarge(limit);
    }
    c.req.raw = new Request(raw, { body: counted(raw.body, limit, c.var.over) });
  }
  await next();
};

/** What nobody has read when the request is over is not taken: else its connection would stay open. */
function counted(
  body: ReadableStream<Uint8Array>,
  limit: number,
  over: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  const through = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > limit) throw tooLarge(limit); // also cancels what is still to come
        controller.enqueue(chunk);
      },
    }),
    { signal: over },
  );
  // The signal ends what is being read; what nobody reads waits before the stream and is not ended by it.
  over?.addEventListener("abort", () => through.locked || through.cancel().catch(() => {}));
  return through;
}

function tooLarge(limit: number): AppError {
  return new AppError("too_large", `Cannot read the request: it is over ${limit / KIB} KiB`);
}

/** Answers with 503 when a handler takes too long; what it has begun goes on, but for reading a body. */
export function timeLimit(app: Pick<App, "clock">): MiddlewareHandler<Env> {
  return async (c, next) => {
    const over = new AbortController();
    c.set("over", over.signal);
    const mostMs = c.req.path === IMPORT_PATH ? MAX_IMPORT_MS : MAX_HANDLER_MS;
    const late = async () => {
      await app.clock.sleep(mostMs, over.signal);
      if (!over.signal.aborted) throw tooLate();
    };
    try {
      await Promise.race([next(), late()]);
    } finally {
      over.abort(tooLate());
    }
  };
}

const tooLate = () =>
  new AppError("unavailable", "Cannot answer in time: try again", { retryAfterMs: MAX_HANDLER_MS });
