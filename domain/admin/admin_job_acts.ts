import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { JobKind } from "../../jobs/catalog.ts";
import { put } from "../../jobs/lease.ts";
import { told } from "../../jobs/view.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, JobRecord } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { mustBeAdmin } from "./admins.ts";
import { audit } from "./audit.ts";
import { isOver, progressOf, setDeliveries } from "../mail/deliveries.ts";
import { waitingAgain, wasGivenUp } from "../mail/delivery_moves.ts";
import { retryMailing } from "../mail/mailings.ts";
import { cancelJob } from "../work.ts";

/** What an admin may do with a job. */
export type JobAct = "cancel" | "retry" | "run";
export const JOB_ACTS: readonly JobAct[] = ["cancel", "retry", "run"];

/**
 * What is safe for each kind. Cancelling is not where a record elsewhere counts on the job to come:
 * that is cancelled where it was asked for. Running before its time is not where the time is what the
 * job is about; a next try may always be had sooner.
 */
const safe: Record<JobKind, readonly JobAct[]> = {
  email_note: ["cancel", "retry", "run"],
  email_account: ["cancel", "retry", "run"],
  tell_chat: ["cancel", "run"], // old news is none
  mark_chat: ["cancel", "retry", "run"],
  show_progress: ["run"], // it looks how far a mailing is
  demo: ["cancel", "run"],
  fire_reminder: [], // rings at its time
  send_broadcast: [], // goes out at its time
  deliver_broadcast: ["run"], // what it sends has begun to go out
  prune: ["retry", "run"], // removes by age
  close_account: [], // its owner may keep it until its time
  purge_account: ["retry", "run"],
  export_account: ["cancel", "run"], // another one is asked for
  import_account: ["cancel", "run"],
  purge_note: ["retry"], // until its time the note can be brought back
  mail_event: ["retry", "run"],
  judge_sender: ["retry", "run"],
  move_reminders: ["retry", "run"],
  tell_admins: ["retry", "run"],
  chat_moved: ["retry", "run"],
  email_invitation: ["cancel", "retry", "run"],
  email_own_address: ["cancel", "retry", "run"],
};

/** What may be done with a job as it is. */
export function mayDo(job: JobRecord): JobAct[] {
  const kind = Object.hasOwn(safe, job.kind) ? safe[job.kind as JobKind] : [];
  const { state, startedAt, finishedAt, cancelAsked } = job;
  const now: Record<JobAct, boolean> = {
    cancel: finishedAt === null && !cancelAsked && kind.includes("cancel"),
    retry: state === "discarded" && kind.includes("retry"),
    run: state === "scheduled" && (startedAt !== null || kind.includes("run")),
  };
  return JOB_ACTS.filter((act) => now[act]);
}

export interface AdminAct {
  id: string;
  by: Account;
  act: JobAct;
}

/**
 * Does something with anybody's job. `cancel` ends it as its owner could; `retry` takes up one that was
 * given up, with fresh tries, and what it had given up to deliver waits again, which is shown as maybe
 * twice where an earlier try may have got through (a mailing is retried as its owner would: by one of
 * its failures); `run` makes the next try due now.
 *
 * @returns the id of the job to look at: another one for the retry of a mailing.
 * @throws {AppError} `not_found`, also for who is no admin; `conflict` when that may not be done now.
 */
export async function actOnJob(app: App, { id, by, act }: AdminAct): Promise<string> {
  mustBeAdmin(by);
  const result = await transact(app, async (tx) => {
    const job = isId(id) || /^prune:\d{1,8}$/.test(id) ? await tx.get(keys.job(id)) : null;
    if (job === null) throw notFound("job");
    if (!mayDo(job).includes(act)) {
      throw new AppError("conflict", `Cannot ${words[act]} this job: it is ${job.state}`);
    }
    await audit(app, tx, { act: "job_act", by: by.id, about: id, facts: { act, kind: job.kind } });
    if (act === "cancel") await cancelJob(app, tx, job, "cancelled by an admin");
    else if (act === "run") await dueNow(app, tx, job, job);
    else if (job.kind === "email_note") return job;
    else await takeUp(app, tx, job);
    return null;
  });
  const to = result?.ownerId ? await retryMailing(app, { jobId: id, ownerId: result.ownerId }) : id;
  app.log.info("admin_act", { act, jobId: id, adminId: by.id });
  return to;
}

const words: Record<JobAct, string> = { cancel: "cancel", retry: "retry", run: "run" };

async function dueNow(app: App, tx: Tx, before: JobRecord, after: JobRecord): Promise<void> {
  const dueAt = app.clock.now();
  put(tx, before, await told(app, tx, { ...after, dueAt }, { force: true }));
  tx.afterCommit(() => app.waker.wake(dueAt));
}

/** Makes a job that was given up one that waits for its first try. */
async function takeUp(app: App, tx: Tx, job: JobRecord): Promise<void> {
  const deliveries = await list(app, ranges.deliveriesOf(job.id));
  const waiting = deliveries.map((one) =>
    wasGivenUp(one) ? waitingAgain(one, app.clock.now()) : one
  );
  setDeliveries(tx, waiting.filter((one) => !isOver(one)));
  tx.delete(keys.jobByEnd(job.finishedAt!, job.id));
  const fresh = { attempt: 0, silent: 0, cancelAsked: false, reason: null, finishedAt: null };
  const progress = waiting.length > 0 ? progressOf(waiting, "") : job.progress;
  await dueNow(app, tx, job, { ...job, ...fresh, state: "scheduled", progress });
}
