import { type Context, Hono, type MiddlewareHandler } from "hono";
import { AppError, notFound } from "../core/errors.ts";
import type { Account, Session } from "../kv/schema.ts";

import { mustBeAdmin } from "../domain/admin/admins.ts";
import { flash } from "./flash.ts";

export { body } from "./json_body.ts";
export { form } from "./form_body.ts";

/** What every handler sees of its request. The guards fill it in. */
export interface Env {
  /** What the HTTP server tells of the connection; nothing in a test. */
  Bindings: Partial<Deno.ServeHandlerInfo> | undefined;
  Variables: {
    /** Names the request in the log. */
    requestId: string;
    /** For the scripts of this one response. */
    nonce: string;
    /** Whether people come over https. */
    secure: boolean;
    /** Aborts when the request is answered, or took too long. */
    over?: AbortSignal;
    /** From which network address the request comes. */
    address: string;
    /** Who is signed in. */
    account: Account | null;
    session: Session | null;
    /** What the session's cookie holds, for what goes on asking whether it still does. */
    sessionValue: string | null;
    /** What it has proved to be: a service that knows our secret, or the reader of a letter of ours. */
    proven?: "telegram" | "mailjet" | "reader";
  };
}

/** A context of ours, whatever its path and input. */
export type Ctx = Context<Env>;

export const createRouter = () => new Hono<Env>();

/** Who is signed in. @throws {AppError} `unauthorized` when nobody is. */
export function me(c: { var: { account: Account | null } }): Account {
  if (c.var.account) return c.var.account;
  throw new AppError("unauthorized", "Cannot do this: sign in first");
}

/** Whether a path is answered in JSON, for programs. */
export function isApi(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

/** Whether a path is a file that is the same for everybody. */
export function isStatic(path: string): boolean {
  return path.startsWith("/static/") || path === "/favicon.ico" || path === "/robots.txt";
}

/** Lets pass who is signed in. Programs get a 401; browsers the way to sign in, and back. */
export const signedIn: MiddlewareHandler<Env> = async (c, next) => {
  if (c.var.account) return await next();
  if (isApi(c.req.path)) me(c);
  const { pathname, search } = new URL(c.req.url);
  const back = c.req.method === "GET" || c.req.method === "HEAD"
    ? `?next=${encodeURIComponent(pathname + search)}`
    : ""; // what was sent is lost: a form cannot be sent again from here
  return c.redirect(`/sign-in${back}`, 303);
};

/**
 * Lets pass admins who sign in with two factors. To others there is nothing here; an admin without a
 * second factor is told, programs by a 403 ("factor_needed"), and led to where one is added.
 */
export const adminOnly: MiddlewareHandler<Env> = async (c, next) => {
  const { account } = c.var;
  if (account === null) throw notFound("page");
  if (account.role === "admin" && account.factorAt === undefined && !isApi(c.req.path)) {
    flash(c, { name: "factor_needed" });
    return c.redirect("/account#factor", 303);
  }
  mustBeAdmin(account);
  await next();
};
