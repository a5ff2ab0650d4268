/**
 * Puts a backup in the place of the store while no server runs: `deno task restore FILE`. The store
 * that was there is put aside, and what it knows that protects people is carried over. All sending is
 * held until an admin decides.
 */
import { systemClock } from "../adapters/clock.ts";
import { closedBefore } from "../adapters/closed_list.ts";
import { folderOf, lockStore, StoreInUse } from "../adapters/embedded.ts";
import type { Clock } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { type Left, markRestored, type Restored } from "../domain/admin/restore.ts";
import { EMBEDDED } from "../kv/limits.ts";
import { createStore } from "../kv/store.ts";
import { checksumName, isWhole } from "./backup/checksum.ts";
import { settleLog } from "./backup/copy.ts";
import { inWords, nameOf, storeFile } from "./backup/file.ts";
import { lookInto } from "./backup/look.ts";
import { putAside, removeStore } from "./backup/place.ts";

const CANNOT = "Cannot restore";

export interface Replaced extends Restored {
  /** Where the store is that was there before; null where there was none. */
  aside: string | null;
  /**
   * Whether that one told what was done since; else only the lists of closed accounts did, beside it
   * and beside the backup.
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
      const { restored, asideWasRead } = await mark(fresh, { backup, to, clock });
      settleLog(fresh);
      const aside = await putAside(to, clock.now());
      await Deno.rename(fresh, to);
      return { ...restored, aside, asideWasRead };
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

async function mark(
  fresh: string,
  { backup, to, clock }: { backup: string; to: string; clock: Clock },
): Promise<{ restored: Restored; asideWasRead: boolean }> {
  const closed = new Map<string, number>();
  const tell = (more: Map<string, number>) => more.forEach((at, id) => closed.set(id, at));
  for (const folder of [folderOf(backup), folderOf(to)]) tell(await closedBefore(folder));
  const [kv, old] = [await Deno.openKv(fresh), await openOld(to)];
  try {
    if (old !== null) tell(old.closed);
    const left: Left = { closed, old: old && createStore({ kv: old.kv, traits: EMBEDDED }) };
    const app = { store: createStore({ kv, traits: EMBEDDED }), clock };
    const restored = await markRestored(app, { ...left, backup: nameOf(backup) });
    return { restored, asideWasRead: old !== null };
  } finally {
    old?.kv.close();
    kv.close();
  }
}

/** The store that is there, with the accounts that it knows to be closed; null when it cannot be read. */
async function openOld(path: string): Promise<{ kv: Deno.Kv; closed: Map<string, number> } | null> {
  try {
    if (!(await Deno.stat(path)).isFile) return null;
    const { closed } = await lookInto(path);
    return { kv: await Deno.openKv(path), closed };
  } catch {
    return null; // damaged or gone: that is why one restores
  }
}

/** What a person at a terminal reads. */
export function restoreSays(
  { backup, to, replaced }: { backup: string; to: string; replaced: Replaced },
): string {
  const { aside, asideWasRead, accounts, closedAgain, carried, hasAdmin } = replaced;
  return [
    `Restored ${to} from ${backup}.`,
    aside === null ? "There was no store before." : `The store that was there is now ${aside}.`,
    asideWasRead || aside === null
      ? ""
      : "That one could not be read: what was done since the backup to protect people is lost, such as\n" +
        "stopped mail, consents, suspensions and limits; see to it before you let anything leave.",
    `All sessions of ${accounts} accounts have ended; ${closedAgain} closed since were closed again.`,
    carried === 0 ? "" : `${carried} entries that protect people were carried over from there.`,
    hasAdmin
      ? ""
      : "Nobody is an admin any more: start once with ADMIN_EMAIL, a new address, and ADMIN_PASSWORD.",
    "Start the server. Nothing but new letters about accounts leaves until an admin says at /admin/sending",
    "whether what was asked for before now is sent or dropped: it may have left already.",
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
