/** What went wrong, in words that each door translates for its own reader. */
export type ErrorCode =
  | "invalid"
  | "unauthorized"
  | "forbidden"
  /** Who is signed in must show once more who they are. */
  | "proof_needed"
  /** What an admin does needs a second factor, and this one has none. */
  | "factor_needed"
  | "not_found"
  | "conflict"
  | "too_large"
  | "rate_limited"
  | "unavailable";

/** How often something may be done. */
export interface Quota {
  /** In snake case. */
  name: string;
  count: number;
  perMs: number;
}

export interface AppErrorOptions extends ErrorOptions {
  /** The input that is to blame, as the caller named it. */
  field?: string;
  /** After how many milliseconds another try makes sense. */
  retryAfterMs?: number;
  /** It is not over in a moment: whoever asked is told now, and nothing tries again by itself. */
  lasts?: boolean;
  /** Which limit was hit. */
  quota?: Quota;
}

/** An expected failure of a rule or of the outside world; anything else that is thrown is a bug. */
export class AppError extends Error {
  override name = "AppError";
  readonly field?: string;
  readonly retryAfterMs?: number;
  readonly lasts: boolean;
  readonly quota?: Quota;

  constructor(readonly code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
    this.lasts = options.lasts ?? false;
    this.quota = options.quota;
  }
}

/** The one answer for what does not exist and for what is somebody else's. */
export function notFound(what: string): AppError {
  return new AppError("not_found", `Cannot find the ${what}`);
}
