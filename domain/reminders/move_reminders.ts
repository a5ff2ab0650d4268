import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account, Reminder } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { addressKey } from "../recipients/addresses.ts";
import { putReminder } from "./reminder_moves.ts";

/** For the commit that gives an account another address: what it mails to itself goes there too. */
export async function moveSoon(
  app: App,
  tx: Tx,
  { before, after }: { before: Account; after: string },
): Promise<void> {
  const { id: accountId, email: from } = before;
  if (addressKey(from) === addressKey(after)) return;
  await enqueue(app, tx, "move_reminders", { accountId, from });
}

/** The reminders of an account that mail to an address, whatever has become of them. */
export async function remindersTo(
  app: App,
  { accountId, from }: { accountId: string; from: string },
): Promise<string[]> {
  const to: string[] = [];
  for (const id of await list(app, ranges.remindersOf(accountId))) {
    const reminder = await read(app, keys.reminder(id));
    if (reminder && mails(reminder, from)) to.push(id);
  }
  return to;
}

/**
 * Has a reminder that mails to an address which was its owner's mail to the one that is now. Which that
 * is, is read here: of a change and its undoing the later holds, in whatever order they get here.
 */
export async function moveReminder(
  app: App,
  { id, from }: { id: string; from: string },
): Promise<void> {
  await transact(app, async (tx) => {
    const reminder = await tx.get(keys.reminder(id));
    const owner = reminder && await tx.get(keys.account(reminder.ownerId));
    if (reminder === null || owner === null || !mails(reminder, from)) return;
    const others = reminder.channels.mail.filter((to) => {
      return ![from, owner.email].map(addressKey).includes(addressKey(to));
    });
    const channels = { ...reminder.channels, mail: [owner.email, ...others] };
    putReminder(app, tx, { ...reminder, channels, version: reminder.version + 1 });
  });
}

function mails({ channels }: Reminder, address: string): boolean {
  return channels.mail.some((to) => addressKey(to) === addressKey(address));
}
