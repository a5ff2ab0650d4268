import { AppError } from "../core/errors.ts";

/** The status that a page with a refused form has. */
export function statusFor(error: unknown): 400 | 409 | 413 | 429 {
  if (!(error instanceof AppError)) throw error;
  return error.code === "conflict"
    ? 409
    : error.code === "too_large"
    ? 413
    : error.code === "rate_limited"
    ? 429
    : 400;
}
