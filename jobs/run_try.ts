import type { App } from "../core/app.ts";
import type { JobKind } from "./catalog.ts";
import { type Ending, type Handler, LeaseLost } from "./handler.ts";
import { fail, settle } from "./settle.ts";
import type { Try } from "./try.ts";

export interface Work {
  handler: Handler<JobKind>;
  maxAttempts: number;
  ending?: Ending;
}

/** Does the work of one try and writes down what became of it. Never rejects. */
export async function runTry(app: App, attempt: Try, work: Work): Promise<void> {
  const facts = { jobId: attempt.id, kind: attempt.claimed.job.kind, attempt: attempt.attempt };
  try {
    await workAndSettle(app, attempt, { ...work, facts });
  } catch (error) {
    if (error instanceof LeaseLost) app.log.warn("job_fenced", facts);
    // The lease runs out and the job is found again.
    else app.log.error("job_not_settled", facts, error);
  }
}

async function workAndSettle(
  app: App,
  attempt: Try,
  { handler, maxAttempts, ending, facts }: Work & { facts: Record<string, string | number> },
): Promise<void> {
  const { claimed } = attempt;
  try {
    const outcome = await handler(app, attempt as Parameters<typeof handler>[1]);
    await settle(app, claimed, outcome, ending);
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    app.log.error("job_failed", facts, error);
    await fail(app, claimed, { error, maxAttempts, ending });
  }
}
