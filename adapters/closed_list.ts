import type { ClosedList } from "../core/app.ts";
import { folderOf, isRemote } from "./embedded.ts";

/**
 * The list of accounts that were closed: one line each, `ID TIME`, only ever added to. It lies beside
 * the store, and beside the backups and not in them, so that an account that was closed after a backup
 * is not opened again by restoring that. Ids are random: it says nothing about whose they were.
 */
const NAME = "closed.txt";

/** The list beside a store's file, for the server, which adds each account when it is closed. */
export function createClosedList(kvPath: string | undefined): ClosedList | null {
  if (kvPath === undefined || kvPath === ":memory:" || isRemote(kvPath)) return null;
  const folder = folderOf(kvPath);
  return { add: (accountId, closedAt) => addClosed(folder, new Map([[accountId, closedAt]])) };
}

/** The accounts on the list, and when they were closed. */
export async function closedBefore(folder: string): Promise<Map<string, number>> {
  const closed = new Map<string, number>();
  for (const line of (await textOf(`${folder}/${NAME}`)).split("\n")) {
    const [id, time = ""] = line.trim().split(/\s+/);
    const at = Date.parse(time);
    if (id && !Number.isNaN(at)) closed.set(id, at);
  }
  return closed;
}

/** Adds those that are not on the list yet. */
export async function addClosed(folder: string, closed: Map<string, number>): Promise<void> {
  const there = await closedBefore(folder);
  const lines = [...closed].filter(([id]) => !there.has(id))
    .map(([id, at]) => `${id} ${new Date(at).toISOString()}\n`);
  if (lines.length === 0) return;
  await Deno.writeTextFile(`${folder}/${NAME}`, lines.join(""), { append: true, mode: 0o600 });
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
