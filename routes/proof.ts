import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { App } from "../core/app.ts";
import { isProved, type Proof, proveIt, requireProof } from "../domain/accounts/proof.ts";
import { setSessionCookie } from "./cookies.ts";
import { CodeBody, CredentialBody } from "./factor_bodies.ts";
import { type Ctx, type Env, isApi, me } from "./router.ts";

export const ProofBody = z.union([
  z.strictObject({ password: z.string().max(1_024) }),
  CodeBody,
  CredentialBody,
]);

/**
 * Lets pass who has shown in the last ten minutes who they are; stands behind `signedIn`. Programs get
 * a 403 ("proof_needed") and POST /api/session/proof; browsers the page that asks, and then go `back`
 * to where the form is, as what was sent is lost.
 */
export function proved(
  app: App,
  back: string | ((c: Ctx) => string) = "/account",
): MiddlewareHandler<Env> {
  return async (c, next) => {
    me(c);
    const { session } = c.var;
    if (session !== null && isProved(app, session)) return await next();
    if (isApi(c.req.path)) requireProof(app, session);
    const { pathname, search } = new URL(c.req.url);
    const asks = c.req.method === "GET" || c.req.method === "HEAD";
    const to = asks ? pathname + search : typeof back === "string" ? back : back(c);
    return c.redirect(`/prove?next=${encodeURIComponent(to)}`, 303);
  };
}

/**
 * As `proved` for who has a second factor: the password, which the step itself asks for, is then not
 * enough. Others pass.
 */
export function provedByFactor(app: App, back: string): MiddlewareHandler<Env> {
  const guard = proved(app, back);
  return async (c, next) => {
    if (me(c).factorAt === undefined) return await next();
    return await guard(c, next);
  };
}

/** Shows who uses this browser, and gives it the session's new value. */
export async function proveHere(app: App, c: Ctx, proof: Proof): Promise<void> {
  const account = me(c);
  const { sessionValue, address } = c.var;
  const proved = await proveIt(app, { account, value: sessionValue ?? "", proof, address });
  setSessionCookie(app, c, { ...proved, account });
}
