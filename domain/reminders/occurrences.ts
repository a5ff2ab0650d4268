import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Occurrence, OccurrenceState, Reminder } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { settleNotification } from "../notifications.ts";
import { type OccurrenceRef, ownOccurrence } from "../recipients/own_reminder.ts";
import {
  advance,
  arm,
  changedTo,
  countReminders,
  forget,
  markChat,
  openOf,
  putOccurrence,
  putReminder,
} from "./reminder_moves.ts";
import type { OccurrenceView } from "./reminder_view.ts";
import { isOpen, occurrenceView, UNDO_MS, undoUntil } from "./reminder_views.ts";
import { BY, moment, type Via } from "./reminder_words.ts";

export type { OccurrenceRef } from "../recipients/own_reminder.ts";
export { occurrenceId, type OccurrenceName, occurrenceRef } from "./occurrence_id.ts";
export type { Via } from "./reminder_words.ts";

/** A snooze ends at least so far ahead, ms, */
const SOONEST_MS = 30_000;
/** and at most so far: a year. */
const LONGEST_MS = 366 * 86_400_000;
/** Most that one reminder has open, so that one commit can end them all. */
const MOST_OPEN = 50;

/** Done, also ahead of its time. Twice is once. @throws {AppError} `not_found`; `conflict` when it is over. */
export function markDone(app: App, ref: OccurrenceRef, via: Via): Promise<OccurrenceView> {
  return act(app, ref, via, { verb: "mark it as done", said: "Done", state: "done" });
}

/** This one is left out; a series goes on. Twice is once. @throws as `markDone`. */
export function skip(app: App, ref: OccurrenceRef, via: Via): Promise<OccurrenceView> {
  return act(app, ref, via, { verb: "skip it", said: "Skipped", state: "skipped" });
}

/**
 * Rings this one (again) at `until`, ms; a series and its rule stay as they are. With `rangAt` only if
 * it still rings since then; else nothing happens.
 *
 * @throws as `markDone`; {AppError} `invalid` of "until" for what is past or over a year ahead.
 */
export function snooze(
  app: App,
  { until, rangAt, ...ref }: OccurrenceRef & { until: number; rangAt?: number },
  via: Via,
): Promise<OccurrenceView> {
  const now = app.clock.now();
  const why = !Number.isFinite(until)
    ? "there is no such time"
    : until < now + SOONEST_MS
    ? "it must end at least a minute from now"
    : until > now + LONGEST_MS
    ? "it must end within a year"
    : null;
  if (why) throw new AppError("invalid", `Cannot snooze until then: ${why}`, { field: "until" });
  const ringAt = Math.floor(until);
  const what = { verb: "snooze it", said: "Snoozed", state: "snoozed", ringAt, rangAt } as const;
  return act(app, ref, via, what);
}

interface Act {
  /** "mark it as done" */
  verb: string;
  /** "Done" */
  said: string;
  state: "done" | "skipped" | "snoozed";
  ringAt?: number;
  rangAt?: number;
}

async function act(
  app: App,
  ref: OccurrenceRef,
  via: Via,
  { verb, said, state, ringAt, rangAt }: Act,
): Promise<OccurrenceView> {
  return await transact(app, async (tx) => {
    const { reminder, occurrence } = await ownOccurrence(tx, ref);
    const now = app.clock.now();
    const same = occurrence.state === state && (ringAt ?? occurrence.ringAt) === occurrence.ringAt;
    const answered = rangAt !== undefined &&
      (occurrence.state !== "ringing" || occurrence.ringAt !== rangAt);
    if (same || answered) return occurrenceView(reminder, occurrence, now);
    if (!isOpen(occurrence)) {
      throw new AppError("conflict", `Cannot ${verb}: ${stateWords[occurrence.state]}`);
    }
    if (state === "snoozed" && (await openOf(app, reminder)).length >= MOST_OPEN) {
      throw new AppError("conflict", `Cannot ${verb}: ${MOST_OPEN} of it are open, end some first`);
    }
    const until = ringAt === undefined
      ? ""
      : ` until ${moment(ringAt, reminder.schedule.zone, now)}`;
    const acted = changedTo(occurrence, now, `${said}${until} ${BY[via]}`, {
      state,
      ringAt: ringAt ?? occurrence.ringAt,
      before: { state: occurrence.state, ringAt: occurrence.ringAt, at: now },
    });
    const after = state === "snoozed" ? await arm(app, tx, acted) : acted;
    const { notificationId } = occurrence;
    if (notificationId) {
      await settleNotification(app, tx, { accountId: ref.ownerId, id: notificationId });
    }
    const series = occurrence.state === "waiting"
      ? await advance(app, tx, reminder, occurrence.dueAt)
      : reminder;
    return await finish(app, tx, { series, before: occurrence, after });
  });
}

/**
 * Takes the last act back within ten minutes, if nothing has happened since. What should have rung
 * meanwhile rings at once.
 *
 * @throws {AppError} `not_found`; `conflict` when there is nothing to take back.
 */
export async function undo(app: App, ref: OccurrenceRef, via: Via): Promise<OccurrenceView> {
  return await transact(app, async (tx) => {
    const { reminder, occurrence } = await ownOccurrence(tx, ref);
    const now = app.clock.now();
    const { before } = occurrence;
    if (before === null || undoUntil(reminder, occurrence, now) === null) {
      throw new AppError(
        "conflict",
        "Cannot undo: it is too late, or something has happened since",
      );
    }
    const { state } = before;
    const ringAt = state === "ringing" ? before.ringAt : Math.max(before.ringAt, now);
    const text = `Undone ${BY[via]}`;
    const back = changedTo(occurrence, now, text, { state, ringAt, before: null });
    const after = state === "ringing" ? back : await arm(app, tx, back);
    const series = state === "waiting"
      ? await backTo(app, tx, reminder, occurrence.dueAt)
      : reminder;
    return await finish(app, tx, { series, before: occurrence, after });
  });
}

/** The reminder for which an occurrence waits again, without the next one that waited instead. */
async function backTo(app: App, tx: Tx, reminder: Reminder, dueAt: number): Promise<Reminder> {
  const { id, ownerId, nextAt, state } = reminder;
  const next = nextAt === null ? null : await tx.get(keys.occurrence(id, nextAt));
  if (next?.state === "waiting") await forget(app, tx, { reminder, occurrence: next });
  if (state === "over") await countReminders(tx, ownerId, 1);
  return { ...reminder, state: "active", nextAt: dueAt };
}

async function finish(
  app: App,
  tx: Tx,
  { series, before, after }: { series: Reminder; before: Occurrence; after: Occurrence },
): Promise<OccurrenceView> {
  const now = app.clock.now();
  const reminder = putReminder(app, tx, series);
  await putOccurrence(app, tx, { reminder, before, after });
  await markChat(app, tx, after, { againAt: after.before ? now + UNDO_MS : undefined });
  return occurrenceView(reminder, after, now);
}

/** What stands in the way of an act. */
const stateWords: Record<OccurrenceState, string> = {
  waiting: "it waits for its time",
  ringing: "it rings",
  snoozed: "it is snoozed",
  done: "it is done",
  skipped: "it was skipped",
  missed: "it was missed",
  lapsed: "the next one has rung",
  cancelled: "it is cancelled",
};
