import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { keys, ranges } from "../kv/keys.ts";
import { read, readMany } from "../kv/read.ts";
import type { Reminder } from "../kv/schema.ts";
import { allowanceOf, hasQuotas } from "./quotas.ts";

/**
 * Sees to it that a member may have these messages of a reminder wait too. In a commit that counts
 * their reminders it holds for many at once. What waits of mailings is bounded by the day's messages.
 *
 * @throws {AppError} `conflict` of "mail".
 */
export async function roomForPending(
  app: App,
  { id, ownerId, channels: { mail } }: Pick<Reminder, "id" | "ownerId" | "channels">,
): Promise<void> {
  if (mail.length === 0 || !hasQuotas(app)) return;
  const account = await read(app, keys.account(ownerId));
  const most = account === null ? 0 : (await allowanceOf(app, account)).pending;
  const pending = await pendingMails(app, { ownerId, except: id });
  if (pending + mail.length <= most) return;
  throw new AppError(
    "conflict",
    `Cannot remind by so much mail: ${most} messages may wait for their time, and ${pending} do`,
    { field: "mail" },
  );
}

/** How many messages of a member's active reminders wait, each reminder's next time counted. */
async function pendingMails(
  app: Pick<App, "store">,
  { ownerId, except }: { ownerId: string; except: string },
): Promise<number> {
  const open = await Array.fromAsync(app.store.list(ranges.openOccurrencesOf(ownerId)));
  const ids = new Set(open.map(({ key }) => String(key[3])));
  ids.delete(except);
  const reminders = await readMany(app, [...ids].map((id) => keys.reminder(id)));
  return reminders.filter(({ state }) => state === "active")
    .reduce((sum, { channels }) => sum + channels.mail.length, 0);
}
