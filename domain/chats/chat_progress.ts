import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { ChatProgress, JobRecord, Mailing } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { tellInChat } from "./chat_news.ts";

/** Has a message in a chat show how a mailing goes until it is over; then no other one tells of it. */
export async function showInChat(
  app: App,
  tx: Tx,
  { jobId, chatId, messageId }: ChatProgress & { jobId: string },
): Promise<void> {
  tx.set(keys.chatProgress(jobId), { chatId, messageId });
  const id = await idOf(`show_progress ${jobId}`);
  await enqueue(app, tx, "show_progress", { jobId }, { id });
}

/** A mailing that a chat shows, and where. */
export interface ShownMailing {
  place: ChatProgress;
  mailing: Mailing;
  job: JobRecord;
}

/** How a mailing is that a chat shows; null when none does. */
export async function shownMailing(app: App, jobId: string): Promise<ShownMailing | null> {
  const [place, mailing, job] = await Promise.all([
    read(app, keys.chatProgress(jobId)),
    read(app, keys.mailing(jobId)),
    read(app, keys.job(jobId)),
  ]);
  return place && mailing && job && { place, mailing, job };
}

/**
 * Ends the showing of a mailing whose message cannot be changed any more. Its end is told in the chat
 * like that of any other, at once if it is over.
 */
export async function stopShowing(app: App, tx: Tx, jobId: string): Promise<void> {
  tx.delete(keys.chatProgress(jobId));
  const mailing = await tx.get(keys.mailing(jobId));
  const job = await tx.get(keys.job(jobId));
  if (mailing === null || job === null || job.finishedAt === null) return;
  const { ownerId, title } = mailing;
  const text = `Mailed to ${job.progress.done} of ${job.progress.total}`;
  await tellInChat(app, tx, ownerId, { kind: "mailings", title, text, href: `/mailings/${jobId}` });
}
