/**
 * Copies the store's file while the server runs, proves the copy by reading all of it, and removes
 * backups that are no longer kept: `deno task backup`, or with a FOLDER in place of data/backups.
 */
import { addClosed, closedBefore } from "../adapters/closed_list.ts";
import { spaceIn } from "../adapters/disk.ts";
import { folderOf } from "../adapters/embedded.ts";
import { AppError } from "../core/errors.ts";
import { isShort } from "../domain/free_space.ts";
import { checksum, checksumLine, checksumName } from "./backup/checksum.ts";
import { copyStore } from "./backup/copy.ts";
import { inWords, storeFile } from "./backup/file.ts";
import { backupName, tooOld } from "./backup/keep.ts";
import { type Contents, lookInto } from "./backup/look.ts";

const CANNOT = "Cannot back up";
const PARTS = "partial";
const COPIES = 2;

export interface Backup extends Contents {
  path: string;
  bytes: number;
  /** Older ones that were removed. */
  removed: string[];
}

interface BackupOptions {
  from: string;
  folder: string;
  now: number;
  /** In place of a look at the folder's disk. */
  look?: typeof spaceIn;
}

/** @throws {AppError} saying what is in the way; then nothing that looks like a backup is left. */
export function backUp(
  { from, folder, now, look = spaceIn }: BackupOptions,
): Promise<Backup> {
  return inWords(CANNOT, async () => {
    const there = await Deno.stat(from).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
    if (!there?.isFile) throw new AppError("invalid", `${CANNOT}: there is no store ${from}`);
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await roomFor(there.size, { folder, look });
    using lock = await Deno.open(`${folder}/.lock`, { create: true, write: true, mode: 0o600 });
    if (!await lock.tryLock(true)) {
      throw new AppError("conflict", `${CANNOT}: another backup into ${folder} is under way`);
    }
    const parts = `${folder}/${PARTS}`; // what an interrupted one left goes with it
    await Deno.remove(parts, { recursive: true }).catch(() => {});
    await Deno.mkdir(parts, { mode: 0o700 });
    try {
      return await make({ from, folder, parts, name: backupName(now) });
    } finally {
      await Deno.remove(parts, { recursive: true });
    }
  });
}

/** The copy and the one that it is tried with must leave free what the server needs. */
async function roomFor(
  bytes: number,
  { folder, look = spaceIn }: Pick<BackupOptions, "folder" | "look">,
): Promise<void> {
  const space = await look(folder);
  if (space === null || !isShort({ ...space, free: space.free - COPIES * bytes })) return;
  const left = (space.free / 1e6).toFixed(0);
  throw new AppError("unavailable", `${CANNOT}: the disk of ${folder} has only ${left} MB left`);
}

async function make(
  { from, folder, parts, name }: { from: string; folder: string; parts: string; name: string },
): Promise<Backup> {
  const [copy, trial, path] = [`${parts}/${name}`, `${parts}/trial.sqlite3`, `${folder}/${name}`];
  (await Deno.open(copy, { createNew: true, write: true, mode: 0o600 })).close();
  await copyStore(from, copy);
  // Another copy is opened: what is kept stays as it was taken.
  await Deno.copyFile(copy, trial);
  const contents = await lookInto(trial).catch((error) => {
    throw error instanceof AppError
      ? new AppError("invalid", `${CANNOT}: the copy is not good: ${error.message}`)
      : error;
  });
  await addClosed(folder, new Map([...contents.closed, ...await closedBefore(folderOf(from))]));
  const sum = checksumLine(await checksum(copy), path);
  await Deno.writeTextFile(checksumName(path), sum, { mode: 0o600 });
  await Deno.rename(copy, path);
  const { size: bytes } = await Deno.stat(path);
  return { ...contents, path, bytes, removed: await prune(folder) };
}

async function prune(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const removed = tooOld(names);
  for (const name of removed) {
    await Deno.remove(`${folder}/${name}`);
    await Deno.remove(checksumName(`${folder}/${name}`)).catch(() => {});
  }
  return removed;
}

/** What a person at a terminal, or in the log of a timer, reads. */
export function backupSays({ path, bytes, counts, removed }: Backup): string {
  const count = (kind: string) => counts[kind] ?? 0;
  const entries = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const older = removed.length === 0 ? "" : `; ${removed.length} older removed`;
  return `Backed up to ${path}: ${(bytes / 1e6).toFixed(1)} MB, ${entries} entries ` +
    `(${count("account")} accounts, ${count("note")} notes, ${count("reminder")} reminders, ` +
    `${count("job")} jobs), read back and good${older}`;
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- for the person at the terminal
  const say = console.log;
  try {
    const from = storeFile(CANNOT, Deno.env.toObject());
    const [folder = "data/backups"] = Deno.args;
    say(backupSays(await backUp({ from, folder: folder.replace(/\/+$/, ""), now: Date.now() })));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say(error.message);
    Deno.exitCode = 1;
  }
}
