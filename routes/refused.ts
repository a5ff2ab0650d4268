import { AppError } from "../core/errors.ts";
import { againIn, sayWhen, statusOf } from "./errors.ts";
import type { Ctx } from "./router.ts";

const SHOWN = [409, 413, 429, 503] as const;
type Shown = 400 | typeof SHOWN[number];

/**
 * The status that a page with a refused form has; when it is worth to try again is said beside it.
 *
 * @throws {unknown} what is no expected error.
 */
export function statusFor(c: Ctx, error: unknown): Shown {
  if (!(error instanceof AppError)) throw error;
  sayWhen(c, { retryAfterMs: againIn(error), quota: error.quota });
  return SHOWN.find((status) => status === statusOf[error.code]) ?? 400;
}
