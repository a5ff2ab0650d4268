import type { App } from "../core/app.ts";
import { notFound } from "../core/errors.ts";
import { isId, newId } from "../core/ids.ts";
import { keys, ranges } from "../kv/keys.ts";
import { type Page, page, read } from "../kv/read.ts";
import type { Notification } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { publish } from "../realtime/events.ts";
import { NO_COUNTS } from "./mail/counts.ts";

const PAGE = 30;
/** Reads of the store for one page of the unread, some 1,000 entries. */
const MAX_LOOKS = 40;
/** Notifications marked as read in one commit. */
const BATCH = 200;

/** What the bell shows when one arrives or is read. */
export interface BellEvent {
  unread: number;
  notification?: Notification;
}

/** Puts something into an account's inbox, exactly once with the commit it is part of. @returns its id. */
export async function notify(
  app: App,
  tx: Tx,
  accountId: string,
  what: Pick<Notification, "kind" | "title" | "text" | "href">,
): Promise<string> {
  const notification: Notification = { ...what, id: newId(), at: app.clock.now(), readAt: null };
  await put(app, tx, accountId, notification);
  return notification.id;
}

/** Marks one as read whose matter was seen to elsewhere; none, or one that was read, is fine. */
export async function settleNotification(
  app: App,
  tx: Tx,
  { accountId, id }: { accountId: string; id: string },
): Promise<void> {
  const at = await tx.get(keys.notificationById(accountId, id));
  const key = keys.notification(accountId, at ?? 0, id);
  const notification = at === null ? null : await tx.get(key);
  if (notification === null || notification.readAt !== null) return;
  tx.set(key, { ...notification, readAt: app.clock.now() });
  await countUnread(app, tx, accountId, { change: -1 });
}

/** The same for one that has its id and time already: putting it there again is a no-op. */
export async function putIntoInbox(
  app: App,
  tx: Tx,
  accountId: string,
  notification: Notification,
): Promise<void> {
  if (await tx.get(keys.notificationById(accountId, notification.id)) !== null) return;
  await put(app, tx, accountId, notification);
}

async function put(
  app: App,
  tx: Tx,
  accountId: string,
  notification: Notification,
): Promise<void> {
  const { id, at } = notification;
  tx.set(keys.notification(accountId, at, id), notification);
  tx.set(keys.notificationById(accountId, id), at);
  await countUnread(app, tx, accountId, { change: 1, notification });
}

async function countUnread(
  app: App,
  tx: Tx,
  accountId: string,
  { change, notification }: { change: number; notification?: Notification },
): Promise<void> {
  const counts = await tx.get(keys.counts(accountId)) ?? NO_COUNTS;
  const unread = Math.max(0, counts.unread + change);
  tx.set(keys.counts(accountId), { ...counts, unread });
  const data: BellEvent = { unread, notification };
  await publish(app, tx, `account:${accountId}`, { type: "notification", data });
}

/**
 * An account's inbox, newest first. Of the unread only, those that were read are passed over, as many
 * as one answer may look at; after that a page may be short and still have a next.
 */
export async function listNotifications(
  app: App,
  { accountId, cursor, unread = false }: { accountId: string; cursor?: string; unread?: boolean },
): Promise<Page<Notification>> {
  const range = ranges.notificationsOf(accountId);
  const found: Notification[] = [];
  let next: string | null = cursor ?? null;
  for (let looks = 0; looks < (unread ? MAX_LOOKS : 1); looks++) {
    const part: Page<Deno.KvEntry<Notification>> = await page(app, range, {
      limit: PAGE - found.length,
      cursor: next ?? undefined,
    });
    const all = part.items.map(({ value }) => value);
    found.push(...unread ? all.filter(({ readAt }) => readAt === null) : all);
    next = part.next;
    if (next === null || found.length === PAGE) break;
  }
  return { items: found, next };
}

/** How many of an account's notifications nobody has opened. */
export async function unreadCount(app: App, accountId: string): Promise<number> {
  return (await read(app, keys.counts(accountId)))?.unread ?? 0;
}

/** Marks one as read and says what it is. @throws {AppError} `not_found`. */
export async function readNotification(
  app: App,
  { accountId, id }: { accountId: string; id: string },
): Promise<Notification> {
  return await transact(app, async (tx) => {
    const at = isId(id) ? await tx.get(keys.notificationById(accountId, id)) : null;
    const key = keys.notification(accountId, at ?? 0, id);
    const notification = at === null ? null : await tx.get(key);
    if (notification === null) throw notFound("notification");
    if (notification.readAt !== null) return notification;
    const opened = { ...notification, readAt: app.clock.now() };
    tx.set(key, opened);
    await countUnread(app, tx, accountId, { change: -1 });
    return opened;
  });
}

/** Marks everything in the inbox as read. */
export async function readAllNotifications(app: App, accountId: string): Promise<void> {
  while (await readSome(app, accountId) === BATCH);
}

/** @returns how many were unread until now, at most one batch. */
function readSome(app: App, accountId: string): Promise<number> {
  return transact(app, async (tx) => {
    // Every arrival and every reading changes the counts, so checking those guards the list.
    await tx.get(keys.counts(accountId));
    const now = app.clock.now();
    let changed = 0;
    for await (
      const { key, value } of tx.list(ranges.notificationsOf(accountId), { reverse: true })
    ) {
      if (value.readAt !== null) continue;
      tx.set(key, { ...value, readAt: now });
      if (++changed === BATCH) break;
    }
    if (changed > 0) await countUnread(app, tx, accountId, { change: -changed });
    return changed;
  });
}
