import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { newId } from "../core/ids.ts";
import { answer, failureOf, type FailurePage } from "./errors.ts";
import { type Env, isStatic } from "./router.ts";

/** OWASP HTTP Headers Cheat Sheet; ASVS 5.0, 3.4. */
const EVERYWHERE = {
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
};
const ON_PAGES = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy":
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
  "X-Frame-Options": "DENY", // for old browsers; the policy says it for the others
};
/** Two years: ASVS 5.0, 3.4.1 asks for one. */
export const HSTS = "max-age=63072000; includeSubDomains";
/** What is no page runs and shows nothing when it is opened as one. */
const POLICY_OF_FILES = "default-src 'none'; frame-ancestors 'none'; sandbox";
/** Pages whose address is a secret must not tell it to where they link; see `decorate`. */
const SECRET_PATHS = /^\/(activate|setup|outbox|u|calendar|r|i|own-address|reset|sign-in|email)\//;

/** The Content-Security-Policy of our pages; only scripts with the response's nonce run. */
export function pagePolicy(origin: string, nonce: string): string {
  const socket = origin.replace(/^http/, "ws"); // 'self' does not cover it in every browser
  const rules = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${socket}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'", // letters, which are answered with a policy of their own
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  if (isSecure(origin)) rules.push("upgrade-insecure-requests");
  return rules.join("; ");
}

/** Whether people come over https; then cookies and browsers are told to stay there. */
export function isSecure(origin: string): boolean {
  return origin.startsWith("https:");
}

/**
 * Puts the headers on every answer, whatever made it. What a handler has set itself stays: the policy
 * of a page that shows foreign HTML, how long a file may be kept.
 */
export function headers(app: App, page?: FailurePage): MiddlewareHandler<Env> {
  const { origin } = app.config;
  return async (c, next) => {
    c.set("requestId", newId());
    c.set("secure", isSecure(origin));
    c.set("nonce", crypto.getRandomValues(new Uint8Array(16)).toBase64());
    try {
      await next();
    } catch (error) { // something was thrown that is no Error, which Hono passes on
      c.res = await answer(c, failureOf(app, error, c.var.requestId), page);
    }
    if (c.res.status === 101) return; // an upgrade cannot be answered by another response
    if (!isEditable(c.res)) {
      const copy = new Response(c.res.body, c.res);
      c.res = undefined;
      c.res = copy;
    }
    decorate(c.res.headers, { origin, nonce: c.var.nonce, path: c.req.path });
  };
}

/** Adds the headers that an answer at this path should have and has not. */
export function decorate(
  to: Headers,
  { origin, nonce, path }: { origin: string; nonce: string; path: string },
): void {
  const type = to.get("Content-Type");
  const isPage = type?.startsWith("text/html") ?? false;
  if (type !== null && !/charset=/i.test(type) && /^text\/|^application\/json$/.test(type)) {
    to.set("Content-Type", `${type}; charset=utf-8`);
  }
  const add = (name: string, value: string) => to.has(name) || to.set(name, value);
  for (const [name, value] of Object.entries(EVERYWHERE)) add(name, value);
  if (isPage) { for (const [name, value] of Object.entries(ON_PAGES)) add(name, value); }
  if (isSecure(origin)) add("Strict-Transport-Security", HSTS);
  add("Content-Security-Policy", isPage ? pagePolicy(origin, nonce) : POLICY_OF_FILES);
  // Not "no-referrer": with that a browser sends our own forms with `Origin: null`, which we refuse.
  const isSecret = SECRET_PATHS.test(path);
  add("Referrer-Policy", isSecret ? "same-origin" : "strict-origin-when-cross-origin");
  if (isStatic(path)) return;
  add("Cache-Control", "no-store");
  to.append("Vary", "Cookie, Sec-Fetch-Site, Origin");
}

/** Answers of `fetch` and `Response.redirect` cannot be changed. */
function isEditable({ headers }: Response): boolean {
  try {
    headers.delete("X-Powered-By");
    return true;
  } catch {
    return false;
  }
}
