import type { Hono } from "hono";
import type { App } from "../core/app.ts";
import { csrf, type Exempt } from "./csrf.ts";
import { answerErrors, type FailurePage } from "./errors.ts";
import { headers } from "./headers.ts";
import { bodyLimit, headLimits, timeLimit } from "./limits.ts";
import { rateLimit, type Rates } from "./rate.ts";
import type { Env } from "./router.ts";
import { mailjetProof } from "./mailjet.ts";
import { stopProof } from "./stop_link.ts";
import { telegramProof } from "./telegram.ts";
import { whoAsks } from "./who.ts";

export interface GuardOptions {
  /** Shows people what went wrong. */
  page?: FailurePage;
  /** Requests that need not come from a page of ours. */
  exempt?: Exempt;
  /** In place of some of ours. */
  rates?: Partial<Rates>;
}

/**
 * Puts everything in front of a router that stands between the network and our handlers. To be
 * called before its first route: what was there earlier is not guarded.
 */
export function applyGuards(
  app: App,
  http: Hono<Env>,
  { page, exempt, rates }: GuardOptions = {},
): void {
  answerErrors(app, http, { page });
  http.use(
    headers(app, page), // outermost: on every answer
    headLimits,
    csrf(app, exempt), // before anything is read or counted
    telegramProof(app), // likewise
    mailjetProof(app), // likewise
    stopProof(app), // likewise
    timeLimit(app),
    bodyLimit,
    whoAsks(app),
    rateLimit(app, rates),
  );
}
