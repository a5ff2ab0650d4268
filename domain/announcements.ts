import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { BroadcastRun } from "../kv/schema.ts";
import { readNotification } from "./notifications.ts";

type Ref = Pick<BroadcastRun, "broadcastId" | "dueAt">;

/** Where members read what a run has announced. */
export function broadcastPath({ broadcastId, dueAt }: Ref): string {
  return `/announcements/${broadcastId}-${dueAt.toString(36)}`;
}

function parseRef(text: string): Ref | null {
  const [, broadcastId, due] = /^([0-9a-z]{26})-([0-9a-z]{1,9})$/.exec(text) ?? [];
  if (broadcastId === undefined || due === undefined || !isId(broadcastId)) return null;
  return { broadcastId, dueAt: parseInt(due, 36) };
}

/** What was announced to everybody. */
export interface Announcement {
  /** By whom, in words. */
  from: string;
  title: string;
  /** Plain text. */
  text: string;
  at: number;
}

/**
 * What a run has announced, marked as read in the reader's inbox if it has come there yet. Any member
 * may read what has begun to go out.
 *
 * @throws {AppError} `not_found`.
 */
export async function readAnnouncement(
  app: App,
  { ref, accountId }: { ref: string; accountId: string },
): Promise<Announcement> {
  const parsed = parseRef(ref);
  const run = parsed && await read(app, keys.broadcastRun(parsed.broadcastId, parsed.dueAt));
  if (run === null) throw notFound("announcement");
  await readNotification(app, { accountId, id: run.id }).catch(notThere);
  const { from, title, text, startedAt: at } = run;
  return { from, title, text, at };
}

/** It may be read on the page that was told at once, before it is in the inbox. */
function notThere(error: unknown): void {
  if (!(error instanceof AppError && error.code === "not_found")) throw error;
}
