import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { readText } from "../../kv/parts.ts";
import { type Page, page, read, readMany } from "../../kv/read.ts";
import type { Note } from "../../kv/schema.ts";
import { folded } from "./text.ts";

const PAGE = 30;
/** Notes read for one page of a search; then the rest is offered as "search on". */
const SCANNED = 1_000;
const BATCH = 100;
const MAX_QUERY_CHARS = 200;

export interface NoteQuery {
  ownerId: string;
  /** Words that must all be in the title, the text or the #tags. */
  q?: string;
  tag?: string;
  cursor?: string;
}

/** One's notes, newest first, a page at a time; a page of a search may be short and still have a next. */
export async function listNotes(app: App, query: NoteQuery): Promise<Page<Note>> {
  const { ownerId, q = "", tag = "" } = query;
  if (q.length > MAX_QUERY_CHARS) {
    throw new AppError("invalid", `Cannot search for more than ${MAX_QUERY_CHARS} characters`, {
      field: "q",
    });
  }
  const words = folded(q).split(/\s+/).filter((word) => word !== "");
  const wantedTag = folded(tag.replace(/^#/, ""));
  if (words.length === 0 && wantedTag === "") {
    return await readPage(app, ownerId, query.cursor, PAGE);
  }

  const items: Note[] = [];
  let cursor = query.cursor;
  for (let scanned = 0; scanned < SCANNED; scanned += BATCH) {
    const batch = await readPage(app, ownerId, cursor, BATCH);
    const fits = await Promise.all(
      batch.items.map(async (note) =>
        (wantedTag === "" || note.tags.includes(wantedTag)) && await says(app, note, words)
      ),
    );
    items.push(...batch.items.filter((_, i) => fits[i]));
    if (batch.next === null) return { items, next: null };
    cursor = batch.next;
    if (items.length >= PAGE) break;
  }
  return { items, next: cursor ?? null };
}

async function readPage(
  app: App,
  ownerId: string,
  cursor: string | undefined,
  limit: number,
): Promise<Page<Note>> {
  const { items, next } = await page(app, ranges.notesOf(ownerId), { limit, cursor });
  const notes = await readMany(app, items.map(({ value }) => keys.note(value)));
  return { items: notes.filter(({ deletedAt }) => deletedAt === null), next };
}

async function says(app: App, note: Note, words: string[]): Promise<boolean> {
  if (words.length === 0) return true;
  const inTags = (word: string) =>
    word.startsWith("#") ? note.tags.includes(word.slice(1)) : note.tags.includes(word);
  const title = folded(note.title);
  const left = words.filter((word) => !title.includes(word) && !inTags(word));
  if (left.length === 0) return true;
  const text = folded(await readText(app, note.parts, (part) => keys.noteText(note.id, part)));
  return left.every((word) => text.includes(word));
}

/** Those of these notes that are one's own and not deleted, in their order. */
export async function notesById(
  app: App,
  { ownerId, ids }: { ownerId: string; ids: readonly string[] },
): Promise<Note[]> {
  const notes = await readMany(app, ids.map((id) => keys.note(id)));
  return notes.filter((note) => note.ownerId === ownerId && note.deletedAt === null);
}

/** How many notes an account has. */
export async function countNotes(app: App, ownerId: string): Promise<number> {
  return (await read(app, keys.counts(ownerId)))?.notes ?? 0;
}
