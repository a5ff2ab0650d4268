import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Delivery, Occurrence, Reminder } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { openChatOf } from "../chats/chats.ts";
import { inboxDelivery, newDelivery, setDeliveries } from "../mail/deliveries.ts";
import { skipped } from "../mail/delivery_moves.ts";
import { insteadOf } from "./missed.ts";
import { notify } from "../notifications.ts";
import type { Blocked } from "../recipients/recipients.ts";
import {
  advance,
  changedTo,
  markChat,
  openOf,
  putOccurrence,
  putReminder,
  wait,
} from "./reminder_moves.ts";
import { dueLine, moment, RANG } from "./reminder_words.ts";

/** What a job is to ring: stale once the occurrence rings at another time. */
export interface Firing {
  reminderId: string;
  dueAt: number;
  ringAt: number;
}

/** What came of it. */
export type Fired =
  /** Nothing of it is to ring (any more) by this job. */
  | { is: "over" }
  | { is: "early"; ms: number }
  | { is: "ringing"; deliveries: Delivery[] };

/**
 * Rings an occurrence, all in one commit: its state, the inbox, the deliveries of this job, the one
 * that waits next with its job, the end of an earlier one that nobody answered. A late one gives way
 * to another by what its owner chose for the missed; that one has a job of its own.
 */
export async function fire(
  app: App,
  tx: Tx,
  { jobId, owner, blocked, ...firing }: Firing & {
    jobId: string;
    owner: Account;
    /** Who may not be mailed, though the reminder says so. */
    blocked: readonly Blocked[];
  },
): Promise<Fired> {
  const found = await waitingFor(tx, firing);
  if (found === null) return { is: "over" };
  const { reminder, occurrence } = found;
  const now = app.clock.now();
  if (now < firing.ringAt) return { is: "early", ms: firing.ringAt - now };
  const waited = occurrence.state === "waiting";
  const { dueAt } = occurrence;
  if (waited) {
    const instead = insteadOf(reminder, dueAt, now);
    if (instead.dueAt !== dueAt) {
      const missed = changedTo(
        occurrence,
        now,
        `Missed: nothing could ring before ${moment(now, reminder.schedule.zone, now)}`,
        { state: "missed", before: null },
      );
      const missedBefore = occurrence.missedBefore + instead.missed;
      const series = instead.dueAt === null
        ? await advance(app, tx, reminder, now)
        : await wait(app, tx, reminder, { dueAt: instead.dueAt, missedBefore });
      await putOccurrence(app, tx, { reminder: series, before: occurrence, after: missed });
      putReminder(app, tx, series);
      return { is: "over" };
    }
  }
  const deliveries = await deliveriesFor(app, tx, { jobId, reminder, owner, blocked });
  const ringing = changedTo(occurrence, now, RANG, {
    state: "ringing",
    before: null,
    jobs: [...occurrence.jobs, jobId],
    notificationId: deliveries.some(({ channel }) => channel === "page")
      ? await notify(app, tx, owner.id, {
        kind: "reminder",
        title: reminder.title,
        text: dueLine(reminder, occurrence, now),
        href: `/reminders/${reminder.id}`,
      })
      : null,
  });
  const series = waited ? await advance(app, tx, reminder, dueAt) : reminder;
  // One that comes once has no earlier times: nothing to look for among all that its owner has open.
  const open = reminder.schedule.rule === null ? [] : await openOf(app, reminder);
  for (const earlier of open) {
    if (earlier.state !== "ringing" || earlier.dueAt >= dueAt) continue;
    const lapsed = changedTo(earlier, now, "Nobody answered before the next one rang", {
      state: "lapsed",
      before: null,
    });
    await putOccurrence(app, tx, { reminder: series, before: earlier, after: lapsed });
    await markChat(app, tx, lapsed);
  }
  await putOccurrence(app, tx, { reminder: series, before: occurrence, after: ringing });
  await markChat(app, tx, occurrence); // the messages of an earlier time that it rang
  putReminder(app, tx, series);
  setDeliveries(tx, deliveries);
  return { is: "ringing", deliveries };
}

/** The occurrence that waits for a job, or is snoozed until it; null when the job is stale. */
async function waitingFor(
  tx: Tx,
  { reminderId, dueAt, ringAt }: Firing,
): Promise<{ reminder: Reminder; occurrence: Occurrence } | null> {
  const reminder = await tx.get(keys.reminder(reminderId));
  const occurrence = await tx.get(keys.occurrence(reminderId, dueAt));
  if (reminder === null || occurrence === null || occurrence.ringAt !== ringAt) return null;
  const { state } = occurrence;
  return state === "waiting" || state === "snoozed" ? { reminder, occurrence } : null;
}

/** One for each channel and address; the inbox where nothing else would reach anybody. */
async function deliveriesFor(
  app: App,
  tx: Tx,
  { jobId, reminder: { channels }, owner, blocked }: {
    jobId: string;
    reminder: Reminder;
    owner: Account;
    blocked: readonly Blocked[];
  },
): Promise<Delivery[]> {
  const now = app.clock.now();
  const wanted = channels.telegram && app.messenger !== null;
  const chat = wanted ? await openChatOf(tx, owner.id) : null;
  const mail = channels.mail.map((to) => ({
    to,
    why: blocked.find(({ text }) => text === to)?.why,
  }));
  const page = channels.page || chat === null && mail.every(({ why }) => why !== undefined);
  const deliveries: Delivery[] = [];
  const next = () => ({ jobId, number: deliveries.length });
  if (page) deliveries.push(inboxDelivery({ ...next(), to: owner.name }, now));
  if (chat) {
    const { chatId, name: to } = chat;
    deliveries.push(newDelivery({ ...next(), channel: "telegram", to, chatId }, now));
  }
  for (const { to, why } of mail) {
    const delivery = newDelivery({ ...next(), to }, now);
    deliveries.push(why === undefined ? delivery : skipped(delivery, why, now));
  }
  return deliveries;
}

/**
 * What happens to an occurrence whose job is given up before it could ring: it counts as missed, its
 * owner is told in the inbox, and the series goes on.
 */
export async function giveUpFiring(
  app: App,
  tx: Tx,
  { reason, ...firing }: Firing & { reason: string },
): Promise<void> {
  const found = await waitingFor(tx, firing);
  if (found === null) return;
  const { reminder, occurrence } = found;
  const now = app.clock.now();
  const missed = changedTo(occurrence, now, `Given up: ${reason}`, {
    state: "missed",
    before: null,
  });
  const series = occurrence.state === "waiting"
    ? await advance(app, tx, reminder, occurrence.dueAt)
    : reminder;
  await putOccurrence(app, tx, { reminder: series, before: occurrence, after: missed });
  putReminder(app, tx, series);
  await notify(app, tx, reminder.ownerId, {
    kind: "reminder",
    title: reminder.title,
    text: `Could not ring: ${reason}`,
    href: `/reminders/${reminder.id}`,
  });
}
