import { statfs } from "node:fs/promises";
import type { Clock, Disk, Space } from "../core/app.ts";
import { folderOf, isRemote } from "./embedded.ts";

/** How long a look counts, ms. */
const LOOK_MS = 60_000;

/** Where the store is on no disk of ours: in memory, on a `denokv` server, the platform's own. */
export const noDisk: Disk = { space: () => Promise.resolve(null) };

/** The disk that a store's file grows on; asked at most once a minute. */
export function createDisk(path: string | undefined, { clock }: { clock: Clock }): Disk {
  if (path === undefined || path === ":memory:" || isRemote(path)) return noDisk;
  const folder = folderOf(path);
  let last: { at: number; space: Promise<Space | null> } | undefined;
  return {
    space() {
      const now = clock.now();
      if (last === undefined || Math.abs(now - last.at) >= LOOK_MS) {
        last = { at: now, space: spaceIn(folder) };
      }
      return last.space;
    },
  };
}

/** The room on the disk that a folder is on; null where the system does not say. */
export async function spaceIn(folder: string): Promise<Space | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch { // a system without this call, or a task that may not ask
    return null;
  }
}
