import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read, readMany } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { occurrenceRef } from "./occurrence_id.ts";
import { allowanceOf } from "../mail/quotas.ts";
import { countReminders } from "./reminder_moves.ts";

/**
 * Sees to it, in the commit that lets a reminder wait, that there is room for its messages by mail
 * among those that wait already for its owner: one a reminder and address. Costs the commit one check,
 * and makes those of one owner follow one another.
 *
 * @throws {AppError} `conflict` of "mail".
 */
export async function takeRoom(
  app: App,
  tx: Tx,
  { id, ownerId, channels: { mail } }: Pick<Reminder, "id" | "ownerId" | "channels">,
): Promise<void> {
  if (mail.length === 0) return;
  const account = await read(app, keys.account(ownerId));
  if (account === null) throw notFound("account");
  const { waiting: most } = await allowanceOf(app, account);
  await countReminders(tx, ownerId, 0); // before they are read: whoever adds one writes this too
  const waiting = await waitingMail(app, ownerId, id);
  if (waiting + mail.length <= most) return;
  throw new AppError(
    "conflict",
    `Cannot remind so many by mail: ${most} messages may wait for now, and ${waiting} do`,
    { field: "mail" },
  );
}

/** How many messages the other active reminders of a member have waiting. */
async function waitingMail(app: App, ownerId: string, but: string): Promise<number> {
  const names = await list(app, ranges.openOccurrencesOf(ownerId));
  const ids = new Set(names.flatMap((name) => occurrenceRef(name)?.reminderId ?? []));
  ids.delete(but);
  const others = await readMany(app, [...ids].map((id) => keys.reminder(id)));
  return others.reduce(
    (sum, { state, channels }) => sum + (state === "active" ? channels.mail.length : 0),
    0,
  );
}
