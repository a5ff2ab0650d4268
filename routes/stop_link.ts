import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { networkOf } from "../domain/accounts/network.ts";
import { readStop, type StopLink } from "../domain/recipients/stop_links.ts";
import { Buckets, quotaOf } from "./rate.ts";
import type { Ctx, Env } from "./router.ts";

const PATH = /^\/u\/([^/]+)(\/report)?$/;
/** Of one link and network; many links from one network are a mail provider's. */
const RATE = { burst: 60, perSecond: 1 };

/** Lets those who show a link of ours pass the limit for strangers: providers act for many readers. */
export function stopProof(app: App): MiddlewareHandler<Env> {
  return async (c, next) => {
    const token = c.req.method === "POST" ? PATH.exec(c.req.path)?.[1] : undefined;
    if (token !== undefined && await readStop(app, token).catch(() => null)) {
      c.set("proven", "reader");
    }
    await next();
  };
}

/** What a request's link says, and that it is not pressed too often. */
export function stopLinks(app: App): (c: Ctx) => Promise<StopLink> {
  const buckets = new Buckets(RATE);
  return async (c) => {
    const token = c.req.param("token") ?? "";
    const link = await readStop(app, token);
    if (c.req.method !== "POST") return link;
    const waitMs = buckets.take(`${networkOf(c.var.address)} ${token}`, app.clock.now());
    if (waitMs === 0) return link;
    throw new AppError("rate_limited", "Cannot do this so often: wait a moment", {
      retryAfterMs: waitMs,
      quota: quotaOf("link", RATE),
    });
  };
}
