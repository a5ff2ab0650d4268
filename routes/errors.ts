import type { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { App } from "../core/app.ts";
import { AppError, type ErrorCode, type Quota } from "../core/errors.ts";
import { type Ctx, type Env, isApi } from "./router.ts";

export const statusOf: Record<ErrorCode, ContentfulStatusCode> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  proof_needed: 403,
  factor_needed: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** When to come back to a store or a service that did not say how long it is away, ms. */
const SOON_MS = 2_000;

/** What went wrong, ready for an answer. */
export interface Failure {
  status: ContentfulStatusCode;
  code: ErrorCode | "method_not_allowed" | "internal";
  message: string;
  field?: string;
  retryAfterMs?: number;
  quota?: Quota;
}

/** A request refused with a status of HTTP that the rules know nothing of. */
export class RequestRefused extends Error {
  override name = "RequestRefused";
  constructor(readonly failure: Failure, readonly headers: Record<string, string> = {}) {
    super(failure.message);
  }
}

/** Shows people what went wrong; without one they get the JSON too. */
export type FailurePage = (c: Ctx, failure: Failure) => Response | Promise<Response>;

export interface ErrorOptions {
  page?: FailurePage;
}

/** What the answer to an error says: expected ones as they are, bugs only by the request's id. */
export function failureOf(app: Pick<App, "log">, error: unknown, requestId: string): Failure {
  if (error instanceof RequestRefused) return error.failure;
  if (error instanceof AppError) {
    const { code, message, field, quota } = error;
    return { status: statusOf[code], code, message, field, retryAfterMs: againIn(error), quota };
  }
  if (error instanceof HTTPException && error.status < 500) {
    const message = "Cannot read the request: it is not as it should be";
    return { status: 400, code: "invalid", message };
  }
  app.log.error("request_failed", { requestId }, error);
  const message = `Cannot do this: something is wrong here, written down as ${requestId}`;
  return { status: 500, code: "internal", message };
}

/** After how long it is worth to try again, ms, if that is known. */
export function againIn({ code, retryAfterMs }: AppError): number | undefined {
  return retryAfterMs ?? (code === "unavailable" ? SOON_MS : undefined);
}

/**
 * Says after how many whole seconds to come again, if that is known (RFC 9110, 10.2.3), and which limit
 * was hit (draft-ietf-httpapi-ratelimit-headers).
 */
export function sayWhen(c: Ctx, { retryAfterMs, quota }: Pick<Failure, "retryAfterMs" | "quota">) {
  if (retryAfterMs === undefined) return;
  const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1_000));
  c.header("Retry-After", String(seconds(retryAfterMs)));
  if (quota === undefined) return;
  const { name, count, perMs } = quota;
  c.header("RateLimit-Policy", `"${name}";q=${count};w=${seconds(perMs)}`);
  c.header("RateLimit", `"${name}";r=0;t=${seconds(retryAfterMs)}`);
}

/** Answers with a failure: JSON for programs, a page for browsers. */
export async function answer(c: Ctx, failure: Failure, page?: FailurePage): Promise<Response> {
  sayWhen(c, failure);
  const html = c.req.header("accept")?.includes("text/html") && !isApi(c.req.path);
  if (page && html) return await page(c, failure);
  const { status, code, message, field } = failure;
  return c.json({ error: { code, message, field } }, status);
}

/** Makes every error, and every path that is not there, an answer in the same shape. */
export function answerErrors(app: App, http: Hono<Env>, { page }: ErrorOptions): void {
  http.onError((error, c) => {
    if (error instanceof RequestRefused) {
      for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    }
    return answer(c, failureOf(app, error, c.var.requestId), page);
  });
  http.notFound((c) => {
    const methods = methodsOf(http, c.req.path);
    const there = methods.length > 0 && !methods.includes(c.req.method);
    if (there) {
      c.header("Allow", methods.join(", "));
      const message = `Cannot ${c.req.method} this: use ${methods.join(" or ")}`;
      return answer(c, { status: 405, code: "method_not_allowed", message }, page);
    }
    const message = "Cannot find the page";
    return answer(c, { status: 404, code: "not_found", message }, page);
  });
}

/** The methods that an answer to any request may name. */
export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What may be done with a path; middleware, which is there for all methods, does not count. */
function methodsOf(http: Hono<Env>, path: string): string[] {
  const has = (method: string) =>
    http.router.match(method, path)[0].some(([[, route]]) => route.method === method);
  return METHODS.filter((method) => has(method === "HEAD" ? "GET" : method));
}
