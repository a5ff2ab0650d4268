import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { networkHash } from "../domain/accounts/network.ts";
import { clientAddress } from "./client_address.ts";
import { IMPORT_PATH } from "./limits.ts";
import { type Ctx, type Env, isApi } from "./router.ts";

const SAFE = ["GET", "HEAD", "OPTIONS"];

/** Whether a request proves by itself who sends it, as webhooks and one-click links do. */
export type Exempt = (c: Ctx) => boolean;

/** Those doors of ours: Telegram's secret, Mailjet's password, the token of an unsubscribe link. */
export const hasOwnProof: Exempt = (c) => /^\/(telegram|mailjet|u)(\/|$)/.test(c.req.path);

/**
 * Whether a page of ours made this request: OWASP Cross-Site Request Forgery Prevention Cheat Sheet,
 * Fetch Metadata with Origin for browsers that do not send it, as in Go's CrossOriginProtection. The
 * Host header is never asked: the sender chooses it.
 */
export function isOwnRequest({ headers }: Request, origin: string): boolean {
  const [site, from] = [headers.get("sec-fetch-site"), headers.get("origin")];
  if (from === "null") return false; // a sandbox, a file, a redirect from elsewhere
  return site === null ? from === origin : site === "same-origin";
}

/** Refuses what another site makes a browser send; also sign-in, which needs no cookie. */
export function csrf(app: App, exempt: Exempt = hasOwnProof): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!SAFE.includes(c.req.method) && !exempt(c)) {
      if (!isOwnRequest(c.req.raw, app.config.origin)) {
        const from = await networkHash(app, clientAddress(c, app.config.trustedProxies));
        app.log.warn("foreign_request", { requestId: c.var.requestId, from });
        throw new AppError("forbidden", "Cannot do this from another site: open it here");
      }
      requireType(c);
    }
    await next();
  };
}

/** A page can send some types anywhere without being asked; each of our doors takes one type only. */
function requireType(c: Ctx): void {
  const { headers } = c.req.raw;
  const type = headers.get("content-type");
  if (type === null && !announcesBody(headers)) return; // and if one comes: `bodyText` refuses it
  if (type?.split(";")[0]?.trim().toLowerCase() === typeOf(c)) return;
  throw wrongType(c);
}

function announcesBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0";
}

const typeOf = ({ req: { path } }: Pick<Ctx, "req">) =>
  path === IMPORT_PATH
    ? "multipart/form-data"
    : isApi(path)
    ? "application/json"
    : "application/x-www-form-urlencoded";

/** The refusal of a body that is not of the type that its route takes. */
export function wrongType(c: Pick<Ctx, "req">): AppError {
  return new AppError("forbidden", `Cannot read this: send it as ${typeOf(c)}`);
}
