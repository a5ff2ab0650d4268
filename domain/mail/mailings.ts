import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { idOf, newId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { readText } from "../../kv/parts.ts";
import { list, read } from "../../kv/read.ts";
import type { ChatProgress, Delivery, Mailing } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { askFirst } from "../recipients/invitations.ts";
import { today } from "./mail_days.ts";
import { type NewMailing, startMailing } from "./mailing_start.ts";
import { ownNote } from "../notes/notes.ts";
import { mailingAllowance } from "./mailing_allowance.ts";
import { isRoomFor, limitHit, reserve, roomFor, type Wanted } from "./quotas.ts";
import { countText, textHash } from "./same_text.ts";

export { retryMailing } from "./mailing_retry.ts";

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
  const wanted: Wanted = { accountId: ownerId, perDay, count: to.length };
  const request = await idOf(JSON.stringify([noteId, ...to]));
  const jobId = key === undefined ? newId() : await idOf(`mailing ${ownerId} ${key}`);
  const made: Made = { noteId, ownerId, jobId, request, to, retryOf: null, shownIn };
  const making: Making = { made, wanted, others, named: key !== undefined };
  try {
    const fresh = await transact(app, (tx) => isNew(app, tx, making));
    if (fresh) await askFirst(app, { ownerId, to, wanted });
    return await transact(app, (tx) => make(app, tx, making));
  } catch (error) {
    const over = error instanceof AppError && error.code === "rate_limited";
    if (over && !await isRoomFor(app, wanted)) await limitHit(app, ownerId);
    throw error;
  }
}

type Made = Pick<
  NewMailing,
  "noteId" | "ownerId" | "jobId" | "request" | "to" | "retryOf" | "shownIn"
>;

interface Making {
  made: Made;
  wanted: Wanted;
  /** To how many other people, where that is counted. */
  others: number;
  /** The request has a name of its own. */
  named: boolean;
}

/**
 * Sees to it that there is something to ask people for: nobody is asked for a note that is none of the
 * member's, or that the day has no room for.
 *
 * @returns false when the same was asked for before.
 */
async function isNew(app: App, tx: Tx, making: Making): Promise<boolean> {
  const { made: { noteId, ownerId }, wanted } = making;
  await ownNote(tx, { id: noteId, ownerId });
  if (await isThere(app, tx, making)) return false;
  await roomFor(app, tx, wanted);
  return true;
}

/** @throws {AppError} `conflict` when another request had this name. */
async function isThere(app: App, tx: Tx, { made, named }: Making): Promise<boolean> {
  const { ownerId, jobId, request } = made;
  await today(app, tx, ownerId); // before the mailing: it may be this one that has used up the day
  const same = named ? await tx.get(keys.mailing(jobId)) : null;
  if (same === null) return false;
  if (same.request === request) return true;
  throw new AppError("conflict", "Cannot use this key again: it named another request");
}

/** Keeps the mailing and takes its messages from the day's. @returns the id of its job. */
async function make(app: App, tx: Tx, making: Making): Promise<string> {
  const { made, wanted, others } = making;
  const { noteId, ownerId, jobId } = made;
  const note = await ownNote(tx, { id: noteId, ownerId });
  if (await isThere(app, tx, making)) return jobId;
  const text = await readText(app, note.parts, (part) => keys.noteText(noteId, part));
  const { title } = note;
  const reserved = await reserve(app, tx, wanted);
  if (others > 0) {
    const hash = await textHash(app, { title, text });
    await countText(app, tx, { hash, accountId: ownerId, recipients: others });
  }
  await startMailing(app, tx, { ...made, title, text, reserved });
  tx.set(keys.note(noteId), { ...note, lastMailing: jobId });
  return jobId;
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
