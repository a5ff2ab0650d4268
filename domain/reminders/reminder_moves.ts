/**
 * Changes of reminders and their occurrences. Each commit that changes an occurrence also rewrites
 * its reminder, so who has read the reminder in a transaction may rely on what it lists of the
 * occurrences: ten checks are all that every store takes.
 */
import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Occurrence, Reminder } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { publish } from "../../realtime/events.ts";
import { NO_COUNTS } from "../mail/counts.ts";
import { occurrenceId, occurrenceRef } from "./occurrence_id.ts";
import { isOpen, occurrenceView } from "./reminder_views.ts";
import { nextAfter } from "../when/repeat.ts";
import { formatWall, wallOf } from "../when/wall.ts";

/** Most active reminders of one account. */
export const MAX_REMINDERS = 100;
/** Lines of one occurrence's ledger; the oldest but the first go when there are more. */
const MAX_LINES = 60;
/** Jobs that one occurrence remembers; the oldest go. */
const MAX_JOBS = 20;
/** Times that one looks ahead for one with which nothing has happened yet. */
const MAX_LOOKS = 200;

/** The occurrence changed, with a line in its ledger that says why. */
export function changedTo(
  occurrence: Occurrence,
  now: number,
  text: string,
  change: Partial<Occurrence>,
): Occurrence {
  const ledger = [...occurrence.ledger, { at: now, text }];
  if (ledger.length > MAX_LINES) ledger.splice(1, 1);
  const changed = { ...occurrence, ...change, ledger };
  return { ...changed, jobs: changed.jobs.slice(-MAX_JOBS) };
}

/** Stores an occurrence with its one index entry, and tells the pages of its owner. */
export async function putOccurrence(
  app: App,
  tx: Tx,
  { reminder, before, after }: {
    reminder: Reminder;
    before: Occurrence | null;
    after: Occurrence;
  },
): Promise<void> {
  if (before && isOpen(before)) tx.delete(indexOf(before));
  if (isOpen(after)) tx.set(indexOf(after), occurrenceId(after));
  tx.set(keys.occurrence(after.reminderId, after.dueAt), after);
  await tell(app, tx, reminder, after);
}

/** Takes one away that waited and with which nothing has happened; for pages it is cancelled. */
export async function forget(
  app: App,
  tx: Tx,
  { reminder, occurrence }: { reminder: Reminder; occurrence: Occurrence },
): Promise<void> {
  tx.delete(indexOf(occurrence));
  tx.delete(keys.occurrence(occurrence.reminderId, occurrence.dueAt));
  await tell(app, tx, reminder, { ...occurrence, state: "cancelled", before: null });
}

async function tell(app: App, tx: Tx, reminder: Reminder, occurrence: Occurrence): Promise<void> {
  const data = occurrenceView(reminder, occurrence, app.clock.now());
  await publish(app, tx, `account:${reminder.ownerId}`, { type: "reminder", data });
}

function indexOf({ ownerId, ringAt, reminderId, dueAt }: Occurrence) {
  return keys.occurrenceByOwner(ownerId, ringAt, reminderId, dueAt);
}

/** Stores a reminder; part of every commit that changes one of its occurrences. */
export function putReminder(app: App, tx: Tx, reminder: Reminder): Reminder {
  const put = { ...reminder, updatedAt: app.clock.now() };
  tx.set(keys.reminder(reminder.id), put);
  return put;
}

/** The open occurrences of a reminder that has been read in this transaction, in the order of ringing. */
export async function openOf(
  app: Pick<App, "store">,
  { id, ownerId }: Reminder,
): Promise<Occurrence[]> {
  const names = await list(app, ranges.openOccurrencesOf(ownerId));
  const own = names.flatMap((name) => occurrenceRef(name) ?? [])
    .filter(({ reminderId }) => reminderId === id);
  const entries = await app.store.getMany<Occurrence>(
    own.map(({ reminderId, dueAt }) => keys.occurrence(reminderId, dueAt)),
  );
  return entries.flatMap(({ value }) => value ?? []);
}

/** Which job rings an occurrence at a time. */
export function fireJobId(
  { reminderId, dueAt, ringAt }: Pick<Occurrence, "reminderId" | "dueAt" | "ringAt">,
): Promise<string> {
  return idOf(`fire_reminder ${reminderId} ${dueAt} ${ringAt}`);
}

/** Sees to it that a job rings it. A time whose job is over already moves on by a millisecond. */
export async function arm(app: App, tx: Tx, occurrence: Occurrence): Promise<Occurrence> {
  const { reminderId, dueAt } = occurrence;
  for (let { ringAt } = occurrence;; ringAt++) {
    const payload = { reminderId, dueAt, ringAt };
    const id = await fireJobId(payload);
    const job = await enqueue(app, tx, "fire_reminder", payload, { id, dueAt: ringAt });
    if (job.finishedAt === null) return { ...occurrence, ringAt };
  }
}

/**
 * Lets the first occurrence after an instant wait with which nothing has happened yet, or the
 * reminder be over when there is none. The caller stores the reminder that is returned.
 */
export async function advance(
  app: App,
  tx: Tx,
  reminder: Reminder,
  after: number,
): Promise<Reminder> {
  let at = nextAfter(reminder.schedule, after)?.at ?? null;
  for (let looks = 0; at !== null && looks < MAX_LOOKS; looks++) {
    const there = await read(app, keys.occurrence(reminder.id, at));
    if (there === null || there.state === "cancelled") break;
    at = nextAfter(reminder.schedule, at)?.at ?? null;
  }
  if (at !== null) return await wait(app, tx, reminder, { dueAt: at });
  if (reminder.state === "active") await countReminders(tx, reminder.ownerId, -1);
  return { ...reminder, state: "over", nextAt: null };
}

/** Makes one time of an active reminder the one that waits. The caller stores the reminder. */
export async function wait(
  app: App,
  tx: Tx,
  reminder: Reminder,
  { dueAt, ringAt = dueAt, missedBefore = 0 }: {
    dueAt: number;
    ringAt?: number;
    missedBefore?: number;
  },
): Promise<Reminder> {
  const now = app.clock.now();
  const { id: reminderId, ownerId, schedule: { zone } } = reminder;
  const there = await tx.get(keys.occurrence(reminderId, dueAt));
  const blank: Occurrence = {
    reminderId,
    ownerId,
    dueAt,
    wall: formatWall(wallOf(dueAt, zone)),
    state: "waiting",
    ringAt,
    missedBefore,
    jobs: [],
    notificationId: null,
    before: null,
    ledger: [],
  };
  const change = { state: "waiting", ringAt, missedBefore, before: null } as const;
  const waiting = await arm(app, tx, changedTo(there ?? blank, now, "Waits for its time", change));
  const active: Reminder = { ...reminder, state: "active", nextAt: dueAt };
  await putOccurrence(app, tx, { reminder: active, before: there, after: waiting });
  return active;
}

/** Has the messages of an occurrence in Telegram edited to how it is, now and when undo ends. */
export async function markChat(
  app: App,
  tx: Tx,
  { reminderId, dueAt, jobs }: Occurrence,
  { againAt }: { againAt?: number } = {},
): Promise<void> {
  if (app.messenger === null || jobs.length === 0) return;
  await enqueue(app, tx, "mark_chat", { reminderId, dueAt });
  if (againAt) await enqueue(app, tx, "mark_chat", { reminderId, dueAt }, { dueAt: againAt });
}

/** Keeps count of an account's active reminders. @throws {AppError} `conflict` over the limit. */
export async function countReminders(tx: Tx, ownerId: string, change: 1 | 0 | -1): Promise<void> {
  const counts = await tx.get(keys.counts(ownerId)) ?? NO_COUNTS;
  if (change > 0 && counts.reminders >= MAX_REMINDERS) {
    throw new AppError(
      "conflict",
      `Cannot keep more than ${MAX_REMINDERS} active reminders: cancel one first`,
    );
  }
  tx.set(keys.counts(ownerId), {
    ...counts,
    reminders: Math.max(0, counts.reminders + change),
  });
}
