import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { isId, newId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { readText } from "../../kv/parts.ts";
import { list } from "../../kv/read.ts";
import type { ChatProgress, Mailing } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { startMailing } from "./mailing_start.ts";
import { reachable } from "../recipients/suppressions.ts";

/**
 * Mails once more to those whom a finished mailing did not reach. Asking twice gives the same new
 * mailing.
 *
 * @throws {AppError} `not_found`; `conflict` while it runs or when nobody was missed.
 */
export async function retryMailing(
  app: App,
  { jobId, ownerId, shownIn }: { jobId: string; ownerId: string; shownIn?: ChatProgress },
): Promise<string> {
  return await transact(app, async (tx) => {
    const old = await ownMailing(tx, { jobId, ownerId });
    if (old.retriedBy) return old.retriedBy;
    const job = await tx.get(keys.job(jobId));
    if (job === null || job.finishedAt === null) {
      throw new AppError("conflict", "Cannot retry: the mailing is still under way");
    }
    const deliveries = await list(app, ranges.deliveriesOf(jobId));
    const missed = deliveries.filter(({ state }) => state === "failed").map(({ to }) => to);
    if (missed.length === 0) throw new AppError("conflict", "Cannot retry: nobody was missed");
    const to = await reachable(app, missed, { kind: "note", ownerId });
    if (to.length === 0) {
      throw new AppError("conflict", "Cannot retry: those who were missed cannot be mailed now");
    }
    const text = await readText(app, old.parts, (part) => keys.mailingText(jobId, part));
    const { noteId, title, request } = old;
    const retriedBy = newId();
    await startMailing(app, tx, {
      jobId: retriedBy,
      ownerId,
      noteId,
      title,
      text,
      to,
      request,
      retryOf: jobId,
      shownIn,
    });
    tx.set(keys.mailing(jobId), { ...old, retriedBy });
    const note = await tx.get(keys.note(noteId));
    if (note) tx.set(keys.note(noteId), { ...note, lastMailing: retriedBy });
    return retriedBy;
  });
}

async function ownMailing(
  tx: Tx,
  { jobId, ownerId }: { jobId: string; ownerId: string },
): Promise<Mailing> {
  const mailing = isId(jobId) ? await tx.get(keys.mailing(jobId)) : null;
  if (mailing?.ownerId !== ownerId) throw notFound("mailing");
  return mailing;
}
