import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { findSession, isRenewalDue, renewSession } from "../domain/accounts/sessions.ts";
import { clientAddress } from "./client_address.ts";
import { saysSessionCookie, sessionCookie, setSessionCookie } from "./cookies.ts";
import { type Env, isStatic } from "./router.ts";

/** Finds out once who asks, and changes the value of their session when it has grown old. */
export function whoAsks(app: App): MiddlewareHandler<Env> {
  return async (c, next) => {
    c.set("address", clientAddress(c, app.config.trustedProxies));
    const value = isStatic(c.req.path) ? null : sessionCookie(app, c);
    const found = value === null ? null : await findSession(app, value);
    c.set("account", found?.account ?? null);
    c.set("session", found?.session ?? null);
    c.set("sessionValue", found && value);
    if (value === null || found === null || !isRenewalDue(app, found.session)) return await next();
    if (c.req.header("upgrade")) return await next(); // a socket's answer carries no cookie
    const renewed = await renewSession(app, value);
    c.set("sessionValue", renewed ?? value);
    await next();
    if (renewed === null || saysSessionCookie(app, c.res)) return;
    setSessionCookie(app, c, { ...found, value: renewed });
  };
}
