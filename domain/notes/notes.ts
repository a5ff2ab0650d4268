import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { idOf, isId, newId } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { readText, setText } from "../../kv/parts.ts";
import { read } from "../../kv/read.ts";
import type { Note } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { requireSpace } from "../free_space.ts";
import { countNotes } from "./note_room.ts";
import { excerptOf, firstLine, MAX_TITLE_CHARS, noteText, oneLine, tagsOf } from "./text.ts";

/** How long a deleted note can be brought back, ms: 30 days. */
export const UNDO_MS = 30 * 86_400_000;

/** What a person writes. A note needs a title or a text. */
export interface Draft {
  title: string;
  text: string;
}

/** One's own note, by its id. */
export interface NoteRef {
  id: string;
  ownerId: string;
}

/** A draft, tidied and allowed. @throws {AppError} `invalid`, `too_large`. */
export function soundNote({ title, text }: Draft): Draft {
  const draft = {
    title: oneLine(title, { field: "title", max: MAX_TITLE_CHARS }),
    text: noteText(text),
  };
  if (draft.title === "" && draft.text.trim() === "") {
    throw new AppError("invalid", "Cannot save an empty note: write a title or a text", {
      field: "text",
    });
  }
  return draft;
}

export interface NewNote extends Draft {
  ownerId: string;
  /** The caller's own name for it: the same words under it again make no second note. */
  key?: string;
}

/**
 * Keeps a note.
 *
 * @throws {AppError} `invalid`, `too_large`; `conflict` where there is no room; `unavailable` while the
 *   disk has none.
 */
export async function createNote(app: App, { ownerId, key, ...draft }: NewNote): Promise<Note> {
  const { title, text } = soundNote(draft);
  const named = key === undefined ? null : await idOf(`note ${ownerId} ${key}`);
  return await transact(app, async (tx) => {
    const before = named && await tx.get(keys.note(named));
    // Somebody may go back after saving, write on and save again: those words are a note too.
    if (before && await saysStill(app, before, { title, text })) return before;
    await requireSpace(app);
    const id = named === null || before ? newId() : named;
    const now = app.clock.now();
    const note: Note = {
      id,
      ownerId,
      ...written(tx, id, { title, text }),
      version: 1,
      lastMailing: null,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    await countNotes(tx, ownerId, { notes: 1, bytes: note.size });
    tx.set(keys.note(id), note);
    tx.set(keys.noteByOwner(ownerId, now, id), id);
    return note;
  });
}

async function saysStill(app: App, note: Note, { title, text }: Draft): Promise<boolean> {
  if (note.deletedAt !== null || note.title !== (title || firstLine(text))) return false;
  return await readText(app, note.parts, (part) => keys.noteText(note.id, part)) === text;
}

/** What a draft becomes in a record, with its text stored beside it. */
export function written(tx: Tx, id: string, { title, text }: Draft) {
  return {
    title: title || firstLine(text),
    tags: tagsOf(`${title}\n${text}`),
    excerpt: excerptOf(text),
    size: new TextEncoder().encode(text).length,
    parts: setText(tx, text, (part) => keys.noteText(id, part)),
  };
}

/** The note in this transaction. @throws {AppError} `not_found`, also when it is somebody else's. */
export async function ownNote(
  tx: Tx,
  { id, ownerId }: NoteRef,
  { deleted = false } = {},
): Promise<Note> {
  const note = isId(id) ? await tx.get(keys.note(id)) : null;
  if (note?.ownerId !== ownerId || (note.deletedAt !== null) !== deleted) throw notFound("note");
  return note;
}

/** A note with its text; a deleted one only if `orDeleted`. */
export async function getNote(
  app: App,
  { id, ownerId }: NoteRef,
  { orDeleted = false } = {},
): Promise<Note & { text: string }> {
  const note = isId(id) ? await read(app, keys.note(id)) : null;
  if (note?.ownerId !== ownerId || note.deletedAt !== null && !orDeleted) throw notFound("note");
  const text = await readText(app, note.parts, (part) => keys.noteText(id, part));
  return { ...note, text };
}

/**
 * Replaces what a note says.
 *
 * @throws {AppError} `conflict` when `version` is not the one it has now: nobody's words are lost; and
 *   where there is no room; `unavailable` for a longer text while the disk has none.
 */
export async function updateNote(
  app: App,
  { id, ownerId, version, ...draft }: NoteRef & Draft & { version: number },
): Promise<Note> {
  const { title, text } = soundNote(draft);
  return await transact(app, async (tx) => {
    const note = await ownNote(tx, { id, ownerId });
    if (note.version !== version) {
      throw new AppError("conflict", "Cannot save: the note was changed elsewhere meanwhile", {
        field: "version",
      });
    }
    const now = app.clock.now();
    const saved: Note = {
      ...note,
      ...written(tx, id, { title, text }),
      version: version + 1,
      updatedAt: now,
    };
    if (saved.size > note.size) await requireSpace(app);
    await countNotes(tx, ownerId, { bytes: saved.size - note.size });
    for (let part = saved.parts; part < note.parts; part++) tx.delete(keys.noteText(id, part));
    tx.set(keys.note(id), saved);
    return saved;
  });
}

/** Takes a note out of sight. It can be brought back for 30 days. */
export async function deleteNote(app: App, { id, ownerId }: NoteRef): Promise<Note> {
  return await transact(app, async (tx) => {
    const note = await ownNote(tx, { id, ownerId });
    await countNotes(tx, ownerId, { notes: -1 });
    const deletedAt = app.clock.now();
    const deleted: Note = { ...note, deletedAt };
    tx.set(keys.note(id), deleted);
    tx.delete(keys.noteByOwner(ownerId, note.createdAt, id));
    await enqueue(app, tx, "purge_note", { noteId: id, deletedAt }, { dueAt: deletedAt + UNDO_MS });
    return deleted;
  });
}

/** Brings a deleted note back where it was. */
export async function restoreNote(app: App, { id, ownerId }: NoteRef): Promise<Note> {
  return await transact(app, async (tx) => {
    const note = await ownNote(tx, { id, ownerId }, { deleted: true });
    await countNotes(tx, ownerId, { notes: 1 });
    const restored: Note = { ...note, deletedAt: null };
    tx.set(keys.note(id), restored);
    tx.set(keys.noteByOwner(ownerId, note.createdAt, id), id);
    return restored;
  });
}

/** Erases a note for good if it is still deleted since `deletedAt`. */
export async function purgeNote(
  app: App,
  { noteId, deletedAt }: { noteId: string; deletedAt: number },
): Promise<boolean> {
  return await transact(app, async (tx) => {
    const note = await tx.get(keys.note(noteId));
    if (note?.deletedAt !== deletedAt) return false;
    for (let part = 0; part < note.parts; part++) tx.delete(keys.noteText(noteId, part));
    tx.delete(keys.note(noteId));
    await countNotes(tx, note.ownerId, { bytes: -note.size });
    return true;
  });
}
