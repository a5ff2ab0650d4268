import type { App } from "../core/app.ts";
import { newId } from "../core/ids.ts";
import type { Mail, MailAnswer } from "../core/mail.ts";
import { isOver, progressOf, setDeliveries, skipRest } from "../domain/deliveries.ts";
import { answered, inDoubt, lookedUp, sending } from "../domain/delivery_moves.ts";
import { deliveriesOf } from "../domain/mailings.ts";
import {
  type Also,
  cancel,
  completed,
  type Outcome,
  type RunningJob,
  snooze,
} from "../jobs/handler.ts";
import type { Delivery } from "../kv/schema.ts";

export interface Delivering {
  /** The message for one delivery; the same each time it is asked for. */
  compose: (delivery: Delivery) => Mail;
  /** Written in the commit that completes the job. */
  done?: (deliveries: readonly Delivery[]) => Also;
}

/** When a provider is down and does not say for how long, ms. */
const DOWN_MS = 30_000;

/**
 * Works through the deliveries of a job, as many to a call as the mailer takes: commits that they
 * are being sent, calls, commits the answers. What a try before this one left behind is settled
 * first. Returns when all are over, when the slice is, or when the next must wait.
 */
export async function deliver(
  app: App,
  job: RunningJob,
  { compose, done }: Delivering,
): Promise<Outcome> {
  const { clock, mailer, pace, config: { mailSettleMs: settleMs } } = app;
  const all = await deliveriesOf(app, job.id);

  /** Writes how some of them are now, and how far that makes the job; `answer` as in `commit`. */
  const save = async (changed: readonly Delivery[], label: string, answer: boolean) => {
    for (const one of changed) all[one.number] = one;
    await job.commit((tx) => setDeliveries(tx, changed), progressOf(all, label), { answer });
  };

  const left = all.filter(({ state }) => state === "sending");
  if (left.length > 0) {
    const reason = "the process ended during the call";
    const at = { now: clock.now(), mailer, settleMs, reason };
    await save(left.map((one) => inDoubt(one, at)), "Looking after an interrupted try", false);
  }

  for (;;) {
    if (job.cancelAsked) {
      const reason = "cancelled by its owner";
      return cancel(reason, skipRest(all, reason, clock.now()));
    }
    const open = all.filter((one) => !isOver(one));
    if (open.length === 0) return completed(done?.(all));
    if (job.sliceOver()) return snooze(0);

    const due = open.filter(({ dueAt }) => dueAt <= clock.now());
    if (due.length === 0) {
      const next = Math.min(...open.map(({ dueAt }) => dueAt));
      await save([], waitingLabel(open), false);
      return snooze(next - clock.now());
    }

    const doubtful = due.find(({ state }) => state === "in_doubt");
    if (doubtful) {
      const seen = await mailer.lookup?.(doubtful.id) ?? null;
      const settled = lookedUp(doubtful, seen, { now: clock.now(), settleMs });
      await save([settled], "Asking the mail service", isOver(settled));
      continue;
    }

    const room = pace.take(Math.min(due.length, mailer.batch));
    if (room === 0) return snooze(pace.waitMs());
    const token = newId();
    const chunk = due.slice(0, room).map((one) => sending(one, { now: clock.now(), token }));
    for (const one of chunk) all[one.number] = one;
    await job.commit((tx) => setDeliveries(tx, chunk));

    const answers = await mailer.send(chunk.map(compose));
    const now = clock.now();
    const answer = (i: number): MailAnswer =>
      answers[i] ?? { is: "unclear", reason: "the mail service left it out of its answer" };
    await save(
      chunk.map((one, i) => answered(one, answer(i), { now, mailer, settleMs })),
      "Sending",
      true,
    );
    const down = answers.find((one) => one.is === "down");
    if (down) return snooze(down.retryAfterMs ?? DOWN_MS);
  }
}

function waitingLabel(open: readonly Delivery[]): string {
  const doubtful = open.filter(({ state }) => state === "in_doubt").length;
  return doubtful > 0
    ? `Waiting to ask the mail service about ${doubtful}`
    : `Waiting to try ${open.length} again`;
}
