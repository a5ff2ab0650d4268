import type { App } from "../../core/app.ts";
import { idOf, isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { Reminder, Schedule } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { type Imported, noteFromFile, pastOr } from "../notes/note_import.ts";
import { blockedFor } from "../recipients/recipients.ts";
import { type SoundDraft, soundDraft } from "./reminder_draft.ts";
import type { ReminderInFile } from "./reminder_file.ts";
import { countReminders, wait } from "./reminder_moves.ts";
import { takeRoom } from "./reminder_room.ts";
import { nextAfter, scheduleAt, scheduleAtInstant } from "../when/repeat.ts";

/** What is nearer than this is past before the file is read; as for a new one. */
const SOONEST_MS = 30_000;

/** A reminder out of a file, tidied and allowed. */
export interface SoundReminder {
  draft: SoundDraft;
  /** Addresses that were taken out: they have not agreed to be mailed by its new owner. */
  unagreed: number;
}

/**
 * Reads a reminder out of a file by the rules for new ones, but that its first time may be past.
 * Addresses that its owner may not mail are taken out, whatever the file says of them.
 *
 * @throws {AppError} `invalid`, as `createReminder`.
 */
export async function soundReminder(
  app: App,
  ownerId: string,
  { title, text, schedule: given, channels, missed }: ReminderInFile,
): Promise<SoundReminder> {
  const blocked = new Set(
    (await blockedFor(app, { ownerId, to: channels.mail, kind: "reminder" })).map(({ text }) =>
      text
    ),
  );
  const mail = channels.mail.filter((address) => !blocked.has(address));
  const page = channels.page || !channels.telegram && mail.length === 0;
  const schedule = sameTime(given);
  const begun = schedule.startAt < app.clock.now() + SOONEST_MS ? schedule : undefined;
  const wanted = { title, text, schedule, channels: { ...channels, page, mail }, missed };
  const draft = await soundDraft(app, ownerId, wanted, begun);
  return { draft, unagreed: channels.mail.length - mail.length };
}

/** The start as wall time and as an instant; where a zone's rules have changed since, by the wall. */
function sameTime({ zone, start, startAt, rule }: ReminderInFile["schedule"]): Schedule {
  const byWall = scheduleAt(zone, start, rule);
  const byInstant = scheduleAtInstant(byWall.zone, startAt, rule);
  return byInstant.start === byWall.start ? byInstant : byWall;
}

/**
 * Keeps a reminder out of a file, under an id as `importNote`. Its next time waits; one whose times
 * are all past is over.
 *
 * @throws {AppError} `conflict` over 100 active ones.
 */
export async function importReminder(
  app: App,
  tx: Tx,
  { ownerId, given, draft }: { ownerId: string; given: ReminderInFile; draft: SoundDraft },
): Promise<Imported> {
  const own = isId(given.id) ? await tx.get(keys.reminder(given.id)) : null;
  const id = await idOf(`import reminder ${ownerId} ${given.id}`);
  if (own?.ownerId === ownerId || await tx.get(keys.reminder(id)) !== null) return "known";
  const note = given.noteId === null
    ? null
    : await noteFromFile(tx, { ownerId, name: given.noteId });
  const noteId = note?.deletedAt === null ? note.id : null;
  const now = app.clock.now();
  const { startAt } = draft.schedule;
  const next = startAt > now ? startAt : nextAfter(draft.schedule, now)?.at ?? null;
  const createdAt = pastOr(given.createdAt, now);
  const past: Reminder = {
    id,
    ownerId,
    noteId,
    ...draft,
    state: given.state === "cancelled" ? "cancelled" : "over",
    nextAt: null,
    version: 1,
    createdAt,
    updatedAt: Math.max(createdAt, pastOr(given.updatedAt, now)),
  };
  const active = given.state === "active" && next !== null;
  if (active) {
    await countReminders(tx, ownerId, 1);
    await takeRoom(app, tx, past);
  }
  const kept = active ? await wait(app, tx, past, { dueAt: next }) : past;
  tx.set(keys.reminder(id), kept);
  tx.set(keys.reminderByOwner(ownerId, createdAt, id), id);
  if (noteId !== null) tx.set(keys.reminderByNote(noteId, createdAt, id), id);
  return "made";
}
