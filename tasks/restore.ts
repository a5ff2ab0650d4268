/**
 * Puts a backup in the place of the store while no server runs: `deno task restore FILE`. The store
 * that was there is put aside. What was asked for before is held until an admin decides.
 */
import { systemClock } from "../adapters/clock.ts";
import { folderOf, lockStore, StoreInUse } from "../adapters/embedded.ts";
import type { Clock } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { type Left, markRestored, type Restored } from "../domain/admin/restore.ts";
import { EMBEDDED } from "../kv/limits.ts";
import { createStore } from "../kv/store.ts";
import { checksumName, isWhole } from "./backup/checksum.ts";
import { closedBefore } from "./backup/closed.ts";
import { settleLog } from "./backup/copy.ts";
import { inWords, nameOf, storeFile } from "./backup/file.ts";
import { lookInto, stopsIn } from "./backup/look.ts";
import { putAside, removeStore } from "./backup/place.ts";

const CANNOT = "Cannot restore";

export interface Replaced extends Restored {
  /** Where the store is that was there before; null where there was none. */
  aside: string | null;
  /**
   * Whether that one told which accounts were closed since, and who has stopped mail; else only the
   * list beside the backup did, of accounts.
   */
  asideWasRead: boolean;
}

/** @throws {AppError} saying what is in the way; then the store is as it was. */
export function restore(
  { backup, to, clock }: { backup: string; to: string; clock: Clock },
): Promise<Replaced> {
  return inWords(CANNOT, async () => {
    await proveWhole(backup);
    using _lock = await lockStore(to).catch((error) => {
      if (!(error instanceof StoreInUse)) throw error;
      throw new AppError("conflict", `${CANNOT}: a server has the store ${to}; stop it first`);
    });
    const fresh = `${to}.restoring`; // takes the place only when it is safe to start
    await removeStore(fresh);
    try {
      await Deno.copyFile(backup, fresh);
      await Deno.chmod(fresh, 0o600);
      await lookInto(fresh).catch((error) => {
        throw error instanceof AppError
          ? new AppError("invalid", `${CANNOT}: ${backup} is not good: ${error.message}`)
          : error;
      });
      const old = await leftInOld(to);
      const closed = new Map([...await closedBefore(folderOf(backup)), ...old?.closed ?? []]);
      const stops = old?.stops ?? [];
      const restored = await mark(fresh, { backup: nameOf(backup), closed, stops, clock });
      settleLog(fresh);
      const aside = await putAside(to, clock.now());
      await Deno.rename(fresh, to);
      return { ...restored, aside, asideWasRead: old !== null };
    } finally {
      await removeStore(fresh);
    }
  });
}

async function proveWhole(backup: string): Promise<void> {
  await Deno.stat(backup).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new AppError("invalid", `${CANNOT}: there is no file ${backup}`);
  });
  const whole = await isWhole(backup).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const sum = checksumName(backup);
    throw new AppError(
      "invalid",
      `${CANNOT}: ${sum} is missing, so nobody knows whether it is whole`,
    );
  });
  if (!whole) {
    throw new AppError(
      "invalid",
      `${CANNOT}: ${backup} is not what was backed up; take another one`,
    );
  }
}

/** What the store that is there says about what happened since; null when it cannot say. */
async function leftInOld(path: string): Promise<Left | null> {
  try {
    if (!(await Deno.stat(path)).isFile) return null;
    const { closed } = await lookInto(path);
    return { closed, stops: await stopsIn(path) };
  } catch {
    return null; // damaged or gone: that is why one restores
  }
}

async function mark(
  path: string,
  { clock, ...given }: Left & { backup: string; clock: Clock },
): Promise<Restored> {
  const kv = await Deno.openKv(path);
  try {
    return await markRestored({ store: createStore({ kv, traits: EMBEDDED }), clock }, given);
  } finally {
    kv.close();
  }
}

/** What a person at a terminal reads. */
export function restoreSays(
  { backup, to, replaced }: { backup: string; to: string; replaced: Replaced },
): string {
  const { aside, asideWasRead, accounts, closedAgain, stopsKept } = replaced;
  return [
    `Restored ${to} from ${backup}.`,
    aside === null ? "There was no store before." : `The store that was there is now ${aside}.`,
    asideWasRead || aside === null
      ? ""
      : "That one could not be read: accounts closed since the last backup may be open again, and who\n" +
        "has stopped mail since this one may get it again.",
    `All sessions of ${accounts} accounts have ended; ${closedAgain} closed since were closed again.`,
    stopsKept === 0 ? "" : `${stopsKept} times mail was stopped since; it stays so.`,
    "Start the server. What was asked for before now is held, as it may have left already:",
    "an admin says at /admin whether it is sent or dropped.",
  ].filter((line) => line !== "").join("\n");
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- for the person at the terminal
  const say = console.log;
  try {
    const [backup, ...more] = Deno.args;
    if (backup === undefined || more.length > 0) {
      throw new AppError("invalid", `${CANNOT}: say deno task restore FILE, as in data/backups/…`);
    }
    const to = storeFile(CANNOT, Deno.env.toObject());
    const replaced = await restore({ backup, to, clock: systemClock });
    say(restoreSays({ backup, to, replaced }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say(error.message);
    Deno.exitCode = 1;
  }
}
