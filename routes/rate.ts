import type { MiddlewareHandler } from "hono";
import type { App } from "../core/app.ts";
import { AppError, type Quota } from "../core/errors.ts";
import { networkHash, networkOf } from "../domain/accounts/network.ts";
import { type Env, isStatic } from "./router.ts";

export interface Rate {
  /** How many at once. */
  burst: number;
  perSecond: number;
}

/** The same as others are told. */
export function quotaOf(name: string, { burst, perSecond }: Rate): Quota {
  return { name, count: burst, perMs: burst / perSecond * 1_000 };
}

export interface Rates {
  /** By network address. */
  anonymous: Rate;
  /** By account. */
  signedIn: Rate;
  /** All that a service sends, which has shown our secret. */
  telegram: Rate;
  mailjet: Rate;
}

export const RATES: Rates = {
  anonymous: { burst: 60, perSecond: 1 },
  signedIn: { burst: 300, perSecond: 5 },
  // Both send again later what is not taken.
  telegram: { burst: 100, perSecond: 100 },
  mailjet: { burst: 200, perSecond: 200 },
};

/** How many addresses or accounts are remembered; then the one longest unseen is forgotten. */
const MOST_BUCKETS = 10_000;

/** Token buckets by name, in the memory of this process. */
export class Buckets {
  #buckets = new Map<string, { tokens: number; at: number; told: boolean }>();

  constructor(private readonly rate: Rate, private readonly most = MOST_BUCKETS) {}

  /** Takes a token. @returns 0, or after how many ms there is one. */
  take(name: string, now: number): number {
    const { burst, perSecond } = this.rate;
    const { tokens, at, told } = this.#buckets.get(name) ??
      { tokens: burst, at: now, told: false };
    const passedMs = Math.max(0, now - at); // the clock may have stepped back
    const there = Math.min(burst, tokens + passedMs / 1_000 * perSecond);
    this.#buckets.delete(name); // and to the end, so that the first is the one longest unseen
    const empty = there < 1;
    this.#buckets.set(name, {
      tokens: empty ? there : there - 1,
      at: now,
      told: empty && told,
    });
    if (this.#buckets.size > this.most) this.#buckets.delete(this.#buckets.keys().next().value!);
    return empty ? (1 - there) / perSecond * 1_000 : 0;
  }

  /** Whether nobody has asked this since the bucket ran empty: who is refused again is no news. */
  isNews(name: string): boolean {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined || bucket.told) return false;
    return bucket.told = true;
  }
}

/**
 * Slows down whoever asks for much: by account, else by network address; services as a whole. Files
 * are not counted, nor is who stops mail by a link of ours: that page counts by link.
 */
export function rateLimit(app: App, others: Partial<Rates> = {}): MiddlewareHandler<Env> {
  const rates = { ...RATES, ...others };
  const all = {
    anonymous: new Buckets(rates.anonymous),
    signedIn: new Buckets(rates.signedIn),
    telegram: new Buckets(rates.telegram),
    mailjet: new Buckets(rates.mailjet),
  };
  return async (c, next) => {
    const { account, address, proven } = c.var;
    const now = app.clock.now();
    if (proven === "reader" || isStatic(c.req.path)) return await next();
    const kind = proven ?? (account ? "signedIn" : "anonymous");
    const buckets = all[kind];
    const name = proven ?? account?.id ?? networkOf(address);
    const waitMs = buckets.take(name, now);
    if (waitMs > 0) {
      if (buckets.isNews(name)) {
        const from = await networkHash(app, address);
        app.log.warn("slowed_down", { requestId: c.var.requestId, accountId: account?.id, from });
      }
      throw new AppError("rate_limited", "Cannot answer so many requests: wait a moment", {
        retryAfterMs: waitMs,
        quota: quotaOf(kind === "signedIn" ? "signed_in" : kind, rates[kind]),
      });
    }
    await next();
  };
}
