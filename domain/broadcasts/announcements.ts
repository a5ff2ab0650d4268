import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { idOf, isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { BroadcastRun } from "../../kv/schema.ts";
import { readNotification } from "../notifications.ts";

type Ref = Pick<BroadcastRun, "broadcastId" | "dueAt">;

/** Where members read what a run has announced. */
export function broadcastPath({ broadcastId, dueAt }: Ref): string {
  return `/announcements/${broadcastId}-${dueAt.toString(36)}`;
}

/** Names a run, and the notification of it in each inbox. */
export function runId({ broadcastId, dueAt }: Ref): Promise<string> {
  return idOf(`broadcast_run ${broadcastId} ${dueAt}`);
}

function parseRef(text: string): Ref | null {
  const [, broadcastId, due] = /^([0-9a-z]{26})-([0-9a-z]{1,9})$/.exec(text) ?? [];
  if (broadcastId === undefined || due === undefined || !isId(broadcastId)) return null;
  return { broadcastId, dueAt: parseInt(due, 36) };
}

/** What was announced to everybody. */
export interface Announcement {
  /** By whom, in words; null where only the inbox knows of it any more. */
  from: string | null;
  title: string;
  /** Plain text. */
  text: string;
  at: number;
}

/**
 * What a run has announced, marked as read in the reader's inbox if it has come there yet. Any member
 * may read what has begun to go out; a run that is long over those who have it in their inbox.
 *
 * @throws {AppError} `not_found`.
 */
export async function readAnnouncement(
  app: App,
  { ref, accountId }: { ref: string; accountId: string },
): Promise<Announcement> {
  const parsed = parseRef(ref);
  if (parsed === null) throw notFound("announcement");
  const [run, notification] = await Promise.all([
    read(app, keys.broadcastRun(parsed.broadcastId, parsed.dueAt)),
    // Told to an open page at once, it may be read there before it is in the inbox.
    readNotification(app, { accountId, id: await runId(parsed) }).catch(notThere),
  ]);
  if (run !== null) {
    const { from, title, text, startedAt: at } = run;
    return { from, title, text, at };
  }
  if (notification === null) throw notFound("announcement");
  const { title, text, at } = notification;
  return { from: null, title, text, at };
}

function notThere(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
