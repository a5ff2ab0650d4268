import { folderOf } from "../../adapters/embedded.ts";
import { nameOf } from "./file.ts";

/** A store is its file and what SQLite keeps beside it; apart they are worth nothing. */
const partsOf = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`];

/** Moves a store that is there into a folder of its own. @returns where it is now, or null. */
export async function putAside(path: string, now: number): Promise<string | null> {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
  const aside = `${folderOf(path)}/replaced-${time}Z`;
  let moved = false;
  for (const part of partsOf(path)) {
    try {
      await Deno.stat(part);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    await Deno.mkdir(aside, { recursive: true, mode: 0o700 });
    await Deno.rename(part, `${aside}/${nameOf(part)}`);
    moved = true;
  }
  return moved ? `${aside}/${nameOf(path)}` : null;
}

/** Removes a store, if it is there. */
export async function removeStore(path: string): Promise<void> {
  for (const part of partsOf(path)) await Deno.remove(part).catch(() => {});
}
