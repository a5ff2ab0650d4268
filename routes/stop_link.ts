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

export interface StopLinks {
  /** What a request's link says. @throws {AppError} `not_found`; `rate_limited` if pressed too often. */
  linkOf(c: Ctx): Promise<StopLink>;
  /** Whether a provider's click is; counts this one, and apart from buttons. */
  isTooOften(c: Ctx): boolean;
}

export function stopLinks(app: App): StopLinks {
  const buckets = new Buckets(RATE);
  const take = (c: Ctx, how: "button" | "click") =>
    buckets.take(`${how} ${networkOf(c.var.address)} ${c.req.param("token")}`, app.clock.now());
  return {
    isTooOften: (c) => take(c, "click") > 0,
    async linkOf(c) {
      const link = await readStop(app, c.req.param("token") ?? "");
      const waitMs = c.req.method === "POST" ? take(c, "button") : 0;
      if (waitMs === 0) return link;
      throw new AppError("rate_limited", "Cannot do this so often: wait a moment", {
        retryAfterMs: waitMs,
        quota: quotaOf("link", RATE),
      });
    },
  };
}
