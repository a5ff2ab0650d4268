import { z } from "zod";
import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Preferences, StoredFile } from "../../kv/schema.ts";
import { FORMAT } from "./export_entries.ts";
import { fileBytes } from "./files.ts";
import { type NoteInFile, parseNoteFile } from "../notes/note_file.ts";
import { ReminderFile, type ReminderInFile } from "../reminders/reminder_file.ts";
import { MAX_TEXT_BYTES } from "../notes/text.ts";
import { type Source, unzip, zipEntries, type ZipEntry } from "./unzip.ts";

/** Most notes and reminders that are read out of one file: as many as one account may hold. */
export const MAX_NOTES_READ = 5_000;
export const MAX_REMINDERS_READ = 500;
/** A list of two hundred with the longest texts is smaller; what is read of one is all in memory. */
const MAX_LIST_BYTES = 4 * 1_048_576;
/** What stands above the text of a note in its file, and what a title may be. */
const NOTE_ROOM = 16_384;

const Ways = z.object({ mail: z.boolean(), telegram: z.boolean() });
const AccountFile = z.object({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  preferences: z.object({ reminders: Ways, mailings: Ways, broadcasts: Ways }).optional(),
});

/** One thing that a file holds, to be read when it is its turn. */
export type ImportItem =
  | { is: "preferences"; read(): Promise<Preferences | null> }
  | { is: "note"; name: string; read(): Promise<NoteInFile> }
  | { is: "reminder"; name: string; read(): Promise<ReminderInFile> };

/** The bytes of a stored file, for who unpacks it. */
export function sourceOf(app: Pick<App, "store">, file: StoredFile): Source {
  return {
    size: file.bytes,
    read: (from, length) => fileBytes(app, file, { from, length }),
  };
}

/**
 * What a file holds, always in the same order: what one wants to hear of, notes, reminders. What is
 * behind the limits is named in `over`.
 *
 * @throws {AppError} as `zipEntries`.
 */
export async function importItems(
  app: Pick<App, "store">,
  file: StoredFile,
): Promise<{ items: ImportItem[]; over: number }> {
  const source = sourceOf(app, file);
  const entries = await zipEntries(source);
  const text = async (entry: ZipEntry) => new TextDecoder().decode(await unzip(source, entry));
  const account = entries.filter(({ name, size }) =>
    name === "account.json" && size <= MAX_LIST_BYTES
  ).slice(0, 1);
  const notes = entries.filter(({ name }) => /^notes\/.+\.md$/i.test(name));
  const lists = entries.filter(({ name }) => /^reminders\/[^/]+\.json$/.test(name));
  const reminders: ImportItem[] = [];
  let over = Math.max(0, notes.length - MAX_NOTES_READ);
  for (const entry of lists) {
    const room = MAX_REMINDERS_READ - reminders.length;
    const values = room > 0 ? await listIn(entry, text) : [null];
    over += Math.max(0, values.length - room);
    for (const [i, value] of values.slice(0, room).entries()) {
      const name = `${entry.name} ${i + 1}`;
      reminders.push({ is: "reminder", name, read: () => parsed(ReminderFile, value) });
    }
  }
  return {
    items: [
      ...account.map((entry): ImportItem => ({
        is: "preferences",
        read: async () => (await parsed(AccountFile, await text(entry))).preferences ?? null,
      })),
      ...notes.slice(0, MAX_NOTES_READ).map((entry): ImportItem => ({
        is: "note",
        name: entry.name,
        read: async () => parseNoteFile(await noteText(entry, text), entry.name),
      })),
      ...reminders,
    ],
    over,
  };
}

/** The elements of a list in JSON; one that cannot be read counts as one that is wrong. */
async function listIn(
  entry: ZipEntry,
  text: (entry: ZipEntry) => Promise<string>,
): Promise<unknown[]> {
  if (entry.size > MAX_LIST_BYTES) return [null];
  try {
    const list: unknown = JSON.parse(await text(entry));
    return Array.isArray(list) ? list : [null];
  } catch {
    return [null];
  }
}

function noteText(entry: ZipEntry, text: (entry: ZipEntry) => Promise<string>): Promise<string> {
  if (entry.size <= MAX_TEXT_BYTES + NOTE_ROOM) return text(entry);
  throw new AppError("too_large", "Cannot keep this note: its text is longer than 100 KB");
}

/** A value, or what text says in JSON, by a schema. */
function parsed<S extends z.ZodType>(schema: S, value: unknown): Promise<z.output<S>> {
  const result = schema.safeParse(typeof value === "string" ? jsonOf(value) : value);
  if (result.success) return Promise.resolve(result.data);
  const at = result.error.issues[0]?.path.join(".") ?? "";
  throw new AppError("invalid", `Cannot read this: ${at || "it"} is not as it should be`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
