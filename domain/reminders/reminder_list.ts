import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read, readMany } from "../../kv/read.ts";
import type { Delivery, Occurrence, OccurrenceState, Reminder } from "../../kv/schema.ts";
import { occurrenceRef } from "./occurrence_id.ts";
import type { OccurrenceRef, ReminderRef } from "../recipients/own_reminder.ts";
import type { OccurrenceView, ReminderShelves, ReminderView, Shelf } from "./reminder_view.ts";
import { iso, occurrenceView, previewView } from "./reminder_views.ts";
import { preview } from "../when/repeat.ts";
import { DAY_MS, dayOf, wallOf } from "../when/wall.ts";
import { deliveryView } from "../work.ts";

/** Occurrences of one reminder that are shown. */
const SHOWN = 20;
/** Open occurrences of one account that are listed. */
const MOST = 1_000;
const WEEK_DAYS = 7;
/** How many of the latest are looked at for the one that was acted on. */
const LOOKED_BACK = 100;

/** One's own reminder with what became of it. @throws {AppError} `not_found`, also for somebody else's. */
export async function getReminder(app: App, { id, ownerId }: ReminderRef): Promise<ReminderView> {
  const reminder = isId(id) ? await read(app, keys.reminder(id)) : null;
  if (reminder?.ownerId !== ownerId) throw notFound("reminder");
  const latest = await list(app, ranges.occurrencesOf(id), { reverse: true, limit: SHOWN });
  const occurrences = await Promise.all(latest.map((one) => withLedger(app, reminder, one)));
  const { noteId, title, text, channels, schedule, missed, state, version } = reminder;
  return {
    id,
    noteId,
    title,
    text,
    channels,
    schedule,
    missed,
    state,
    version,
    createdAt: iso(reminder.createdAt),
    preview: ahead(reminder, app.clock.now()),
    occurrences,
  };
}

async function withLedger(app: App, reminder: Reminder, occurrence: Occurrence) {
  const deliveries = await deliveriesOf(app, occurrence);
  return {
    ...occurrenceView(reminder, occurrence, app.clock.now()),
    ledger: occurrence.ledger.map(({ at, text }) => ({ at: iso(at), text })),
    deliveries: deliveries.map(deliveryView),
  };
}

/** To whom an occurrence has gone, each time that it rang, oldest first. */
export async function deliveriesOf(
  app: Pick<App, "store">,
  { jobs }: Occurrence,
): Promise<Delivery[]> {
  return (await Promise.all(jobs.map((id) => list(app, ranges.deliveriesOf(id))))).flat();
}

/**
 * The occurrence that is meant where none is named: the latest that rings, else the one that waits,
 * else the latest that is snoozed.
 *
 * @throws {AppError} `not_found`; `conflict` when there is none of these.
 */
export async function currentOf(app: App, ref: ReminderRef): Promise<OccurrenceRef> {
  const open = (await openOfOwner(app, ref.ownerId))
    .filter(({ reminder }) => reminder.id === ref.id)
    .map(({ occurrence }) => occurrence);
  const of = (state: OccurrenceState) => open.findLast((one) => one.state === state);
  return named(app, ref, of("ringing") ?? of("waiting") ?? of("snoozed"));
}

/** The occurrence on which somebody acted last. @throws as `currentOf`. */
export async function actedOn(app: App, ref: ReminderRef): Promise<OccurrenceRef> {
  const latest = isId(ref.id)
    ? await list(app, ranges.occurrencesOf(ref.id), { reverse: true, limit: LOOKED_BACK })
    : [];
  const acted = latest.filter(({ before }) => before !== null)
    .sort((a, b) => b.before!.at - a.before!.at);
  return named(app, ref, acted[0]);
}

async function named(
  app: App,
  { id, ownerId }: ReminderRef,
  occurrence: Occurrence | undefined,
): Promise<OccurrenceRef> {
  const reminder = isId(id) ? await read(app, keys.reminder(id)) : null;
  if (reminder?.ownerId !== ownerId) throw notFound("reminder");
  if (occurrence) return { reminderId: id, dueAt: occurrence.dueAt, ownerId };
  throw new AppError("conflict", "Cannot do this: nothing of it rings, waits or can be undone");
}

/** What comes from the time that waits on; that the first is past says nothing of a series. */
function ahead({ schedule, nextAt }: Reminder, now: number) {
  const { next, ...rest } = previewView(preview(schedule, nextAt === null ? now : nextAt - 1));
  const warnings = rest.warnings.filter((warning) => !warning.endsWith(" is past"));
  return { ...rest, warnings, next: nextAt === null ? [] : next };
}

/** One's open occurrences by shelf; days are those of `zone`. */
export async function listShelves(
  app: App,
  { ownerId, zone }: { ownerId: string; zone: string },
): Promise<ReminderShelves> {
  const now = app.clock.now();
  const shelves: ReminderShelves = {
    overdue: [],
    today: [],
    tomorrow: [],
    week: [],
    later: [],
    snoozed: [],
  };
  for (const { reminder, occurrence } of await openOfOwner(app, ownerId)) {
    const view = occurrenceView(reminder, occurrence, now);
    shelves[shelfOf(occurrence, { now, zone })].push(view);
  }
  return shelves;
}

function shelfOf(
  { state, ringAt }: Occurrence,
  { now, zone }: { now: number; zone: string },
): Shelf {
  if (state === "snoozed") return "snoozed";
  if (state === "ringing" || ringAt <= now) return "overdue";
  const days = (dayOf(wallOf(ringAt, zone)) - dayOf(wallOf(now, zone))) / DAY_MS;
  if (days < 1) return "today";
  return days === 1 ? "tomorrow" : days < WEEK_DAYS ? "week" : "later";
}

/** The open occurrences of the reminders that one made from a note, in the order of time. */
export async function remindersOfNote(
  app: App,
  { noteId, ownerId }: { noteId: string; ownerId: string },
): Promise<OccurrenceView[]> {
  const ids = isId(noteId) ? new Set(await list(app, ranges.remindersOfNote(noteId))) : new Set();
  if (ids.size === 0) return [];
  const now = app.clock.now();
  return (await openOfOwner(app, ownerId))
    .filter(({ reminder }) => ids.has(reminder.id))
    .map(({ reminder, occurrence }) => occurrenceView(reminder, occurrence, now));
}

async function openOfOwner(
  app: App,
  ownerId: string,
): Promise<{ reminder: Reminder; occurrence: Occurrence }[]> {
  const names = (await list(app, ranges.openOccurrencesOf(ownerId), { limit: MOST }))
    .flatMap((name) => occurrenceRef(name) ?? []);
  const ids = [...new Set(names.map(({ reminderId }) => reminderId))];
  const [occurrences, reminders] = await Promise.all([
    readMany(app, names.map(({ reminderId, dueAt }) => keys.occurrence(reminderId, dueAt))),
    readMany(app, ids.map((id) => keys.reminder(id))),
  ]);
  const byId = new Map(reminders.map((reminder) => [reminder.id, reminder]));
  return occurrences.flatMap((occurrence) => {
    const reminder = byId.get(occurrence.reminderId);
    return reminder ? [{ reminder, occurrence }] : [];
  });
}
