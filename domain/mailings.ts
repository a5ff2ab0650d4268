import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { idOf, isId, newId } from "../core/ids.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { keys, ranges } from "../kv/keys.ts";
import { readText, setText } from "../kv/parts.ts";
import { list, read } from "../kv/read.ts";
import type { ChatProgress, Delivery, Mailing } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { showInChat } from "./chat_progress.ts";
import { newDelivery, setDeliveries } from "./deliveries.ts";
import { askFirst } from "./invitations.ts";
import { ownNote } from "./notes.ts";
import { mailingAllowance } from "./mailing_allowance.ts";
import { limitHit, reserve } from "./quotas.ts";
import { countText, textHash } from "./same_text.ts";
import { reachable } from "./suppressions.ts";

/** Most recipients of one mailing: what fits into one commit with room to spare. */
export const MAX_RECIPIENTS = 200;

export interface MailingRequest {
  noteId: string;
  ownerId: string;
  /** Addresses as `parseAddresses` gives them. */
  to: readonly string[];
  /** The caller's own name for this request: asking again with the same gives the same mailing. */
  key?: string;
  /** The message of a chat that shows how it goes. */
  shownIn?: ChatProgress;
}

/**
 * Asks for a note to be mailed: each recipient gets a message of their own. The note is mailed as it
 * is now, whatever becomes of it. Whoever is new is asked first whether they want it, and theirs waits.
 *
 * @returns the id of the job.
 * @throws {AppError} `invalid` for 0 or too many recipients or one who may not be mailed;
 *   `rate_limited` when the day's messages are used up; `not_found`; `conflict` when `key` was used for
 *   something else.
 */
export async function requestMailing(
  app: App,
  { noteId, ownerId, to, key, shownIn }: MailingRequest,
): Promise<string> {
  if (to.length === 0) {
    throw new AppError("invalid", "Cannot mail to nobody: add a recipient", { field: "to" });
  }
  if (to.length > MAX_RECIPIENTS) {
    throw new AppError("invalid", `Cannot mail to more than ${MAX_RECIPIENTS} people at once`, {
      field: "to",
    });
  }
  const { perDay, others } = await mailingAllowance(app, { ownerId, to });
  const request = await idOf(JSON.stringify([noteId, ...to]));
  const jobId = key === undefined ? newId() : await idOf(`mailing ${ownerId} ${key}`);
  const asked = key === undefined ? null : await read(app, keys.mailing(jobId));
  if (asked?.request !== request) {
    await transact(app, (tx) => ownNote(tx, { id: noteId, ownerId })); // nobody is asked for nothing
    await askFirst(app, { ownerId, to });
  }
  return await transact(app, async (tx) => {
    const note = await ownNote(tx, { id: noteId, ownerId });
    const same = key === undefined ? null : await tx.get(keys.mailing(jobId));
    if (same) {
      if (same.request === request) return jobId;
      throw new AppError("conflict", "Cannot use this key again: it named another request");
    }
    const text = await readText(app, note.parts, (part) => keys.noteText(noteId, part));
    const { title } = note;
    const count = to.length;
    const reserved = await reserve(app, tx, { accountId: ownerId, perDay, count });
    if (others > 0) {
      const hash = await textHash(app, { title, text });
      await countText(app, tx, { hash, accountId: ownerId, recipients: others });
    }
    await start(app, tx, {
      jobId,
      ownerId,
      noteId,
      title,
      text,
      to,
      request,
      retryOf: null,
      shownIn,
      reserved,
    });
    tx.set(keys.note(noteId), { ...note, lastMailing: jobId });
    return jobId;
  }).catch(async (error) => {
    const over = error instanceof AppError && error.code === "rate_limited";
    if (over) await limitHit(app, ownerId);
    throw error;
  });
}

type Start = Pick<Mailing, "jobId" | "ownerId" | "noteId" | "title" | "request" | "retryOf"> & {
  text: string;
  to: readonly string[];
  shownIn?: ChatProgress;
  /** The day whose quota holds a place for each of them. */
  reserved?: string;
};

async function start(
  app: App,
  tx: Tx,
  { text, to, shownIn, reserved, ...what }: Start,
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
    await start(app, tx, {
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

/** What is mailed: the note as it was when it was asked for. */
export async function mailingText(
  app: App,
  jobId: string,
): Promise<{ mailing: Mailing; text: string }> {
  const mailing = await read(app, keys.mailing(jobId));
  if (mailing === null) throw notFound("mailing");
  return {
    mailing,
    text: await readText(app, mailing.parts, (part) => keys.mailingText(jobId, part)),
  };
}

/** The ledger of a job. */
export function deliveriesOf(app: App, jobId: string): Promise<Delivery[]> {
  return list(app, ranges.deliveriesOf(jobId));
}
