import type { App } from "../core/app.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { ChatProgress } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import { tellInChat } from "./chat_news.ts";

/** Has a message in a chat show how a mailing goes until it is over; then no other one tells of it. */
export async function showInChat(
  app: App,
  tx: Tx,
  { jobId, chatId, messageId }: ChatProgress & { jobId: string },
): Promise<void> {
  tx.set(keys.chatProgress(jobId), { chatId, messageId });
  await enqueue(app, tx, "show_progress", { jobId }, { id: `show:${jobId}` });
}

/** Where a mailing is shown; null when it is not. */
export function shownIn(app: App, jobId: string): Promise<ChatProgress | null> {
  return read(app, keys.chatProgress(jobId));
}

/**
 * Ends the showing of a mailing whose message cannot be changed any more. Its end is told in the chat
 * like that of any other, at once if it is over.
 */
export async function stopShowing(app: App, tx: Tx, jobId: string): Promise<void> {
  tx.delete(keys.chatProgress(jobId));
  const [mailing, job] = [await tx.get(keys.mailing(jobId)), await tx.get(keys.job(jobId))];
  if (mailing === null || job === null || job.finishedAt === null) return;
  const { ownerId, title } = mailing;
  const text = `Mailed to ${job.progress.done} of ${job.progress.total}`;
  await tellInChat(app, tx, ownerId, { kind: "mailings", title, text, href: `/mailings/${jobId}` });
}
