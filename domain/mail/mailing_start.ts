import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { setText } from "../../kv/parts.ts";
import type { ChatProgress, Mailing } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { showInChat } from "../chats/chat_progress.ts";
import { newDelivery, setDeliveries } from "./deliveries.ts";

export type NewMailing =
  & Pick<Mailing, "jobId" | "ownerId" | "noteId" | "title" | "request" | "retryOf">
  & {
    text: string;
    to: readonly string[];
    shownIn?: ChatProgress;
    /** The day whose quota holds a place for each of them. */
    reserved?: string;
  };

/** Keeps a mailing, with a message for each recipient and the job that sends them. */
export async function startMailing(
  app: App,
  tx: Tx,
  { text, to, shownIn, reserved, ...what }: NewMailing,
): Promise<void> {
  const { jobId, ownerId, noteId } = what;
  const now = app.clock.now();
  const parts = setText(tx, text, (part) => keys.mailingText(jobId, part));
  tx.set(keys.mailing(jobId), {
    ...what,
    parts,
    recipients: to.length,
    retriedBy: null,
    createdAt: now,
  });
  tx.set(keys.mailingByNote(noteId, now, jobId), jobId);
  tx.set(keys.mailingByOwner(ownerId, now, jobId), jobId);
  setDeliveries(
    tx,
    to.map((to, number) => ({ ...newDelivery({ jobId, number, to }, now), reserved })),
  );
  await enqueue(app, tx, "email_note", { noteId }, { id: jobId, ownerId, total: to.length });
  if (shownIn) await showInChat(app, tx, { jobId, ...shownIn });
}
