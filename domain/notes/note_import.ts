import type { App } from "../../core/app.ts";
import { idOf, isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { Note } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import type { NoteInFile } from "./note_file.ts";
import { countNotes } from "./note_room.ts";
import { type Draft, soundNote, written } from "./notes.ts";

/** What became of something in a file. */
export type Imported = "made" | "known";

/**
 * Keeps a note out of a file, under an id that follows from its owner and from what it was called in
 * the file: the same file again makes no second one, nor does one's own file where it comes from.
 *
 * @throws {AppError} as `createNote`.
 */
export async function importNote(
  app: App,
  tx: Tx,
  { ownerId, note }: { ownerId: string; note: NoteInFile },
): Promise<Imported> {
  const draft: Draft = soundNote(note);
  if (await noteFromFile(tx, { ownerId, name: note.id }) !== null) return "known";
  const id = await importedNoteId(ownerId, note.id);
  const now = app.clock.now();
  const createdAt = pastOr(note.createdAt, now);
  const words = written(tx, id, draft);
  await countNotes(tx, ownerId, { notes: 1, bytes: words.size });
  tx.set(keys.note(id), {
    id,
    ownerId,
    ...words,
    version: 1,
    lastMailing: null,
    createdAt,
    updatedAt: Math.max(createdAt, pastOr(note.updatedAt, now)),
    deletedAt: null,
  });
  tx.set(keys.noteByOwner(ownerId, createdAt, id), id);
  return "made";
}

/** The note that is meant by a name in a file, also a deleted one that can be brought back. */
export async function noteFromFile(
  tx: Tx,
  { ownerId, name }: { ownerId: string; name: string },
): Promise<Note | null> {
  const own = isId(name) ? await tx.get(keys.note(name)) : null;
  if (own?.ownerId === ownerId) return own;
  return await tx.get(keys.note(await importedNoteId(ownerId, name)));
}

function importedNoteId(ownerId: string, name: string): Promise<string> {
  return idOf(`import note ${ownerId} ${name}`);
}

/** Before 2000 there was nothing of ours; a moment that is still to come is not one of the past. */
const FIRST = Date.UTC(2000, 0, 1);

/** A moment that a file tells of, if it can be so. */
export function pastOr(at: number | null | undefined, now: number): number {
  return at !== null && at !== undefined && at >= FIRST && at <= now ? at : now;
}
