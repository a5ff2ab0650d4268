import { AppError } from "../core/errors.ts";
import { wrongType } from "./csrf.ts";
import type { Ctx } from "./router.ts";

/**
 * The request's body as text.
 *
 * @throws {AppError} `too_large`; `forbidden` for one without a type; `invalid` for broken UTF-8 and for
 *   one that ends before it should.
 */
export async function bodyText(c: Pick<Ctx, "req">): Promise<string> {
  const bytes = await wholeBody(c);
  if (bytes.byteLength > 0 && !c.req.header("content-type")) throw wrongType(c);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("invalid", "Cannot read the request: it is not UTF-8");
  }
}

/** The request's body. @throws {AppError} `too_large`; `invalid` when its sender has hung up. */
export async function wholeBody(c: Pick<Ctx, "req">): Promise<ArrayBuffer> {
  try {
    return await c.req.arrayBuffer();
  } catch (error) {
    throw error instanceof AppError ? error : cutOff(error);
  }
}

/** Why a body could not be read to its end: nothing is wrong here. */
export function cutOff(cause: unknown): AppError {
  return new AppError("invalid", "Cannot read the request: it ends too early", { cause });
}
