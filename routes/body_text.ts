import { AppError } from "../core/errors.ts";
import { wrongType } from "./csrf.ts";
import type { Ctx } from "./router.ts";

/**
 * The request's body as text.
 *
 * @throws {AppError} `too_large`; `forbidden` for one without a type; `invalid` for broken UTF-8.
 */
export async function bodyText(c: Pick<Ctx, "req">): Promise<string> {
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength > 0 && !c.req.header("content-type")) throw wrongType(c);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("invalid", "Cannot read the request: it is not UTF-8");
  }
}
