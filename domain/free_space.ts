import type { App, Space } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { idOf } from "../core/ids.ts";
import { transact } from "../kv/transact.ts";
import { tellAdmins } from "./admin/tell_admins.ts";
import { dayOf } from "./mail/mail_days.ts";

/** Kept free for what must go on: deliveries, sign-ins, and deleting itself. */
const LEAST_BYTES = 500e6;
const LEAST_SHARE = 0.05;
/** A twentieth of a large disk is more than will ever be needed. */
const MOST_BYTES = 5e9;
/** How soon another try makes sense, ms: by then it has been looked at again. */
const AGAIN_MS = 60_000;

/** Whether a disk has less left than is kept free. */
export function isShort({ free, total }: Space): boolean {
  return free < Math.max(LEAST_BYTES, Math.min(MOST_BYTES, total * LEAST_SHARE));
}

/** Whether the store's disk has. */
export async function isDiskShort({ disk }: Pick<App, "disk">): Promise<boolean> {
  const space = await disk.space();
  return space !== null && isShort(space);
}

/**
 * Asked before something is kept that people can do without for a while. What was promised is never
 * asked for it: what is due leaves, people sign in, and what they delete goes.
 *
 * @throws {AppError} `unavailable` while the disk is short.
 */
export async function requireSpace(app: Pick<App, "disk">): Promise<void> {
  if (!await isDiskShort(app)) return;
  throw new AppError(
    "unavailable",
    "Cannot keep more at the moment: the disk of this service is nearly full, and those who run it know",
    { retryAfterMs: AGAIN_MS, lasts: true },
  );
}

/** Notices when the disk becomes short and when it is not any more. */
export class SpaceWatch {
  #short = false;

  constructor(private readonly app: App) {}

  /** Looks; of each time that it is short admins are told once, in a day at most. */
  async look(): Promise<void> {
    const { disk, log, clock } = this.app;
    const space = await disk.space();
    const short = space !== null && isShort(space);
    if (short === this.#short) return;
    const facts = space === null ? {} : { free: space.free, total: space.total };
    if (!short) log.info("disk_wide_again", facts);
    else {
      log.error("disk_short", facts);
      const id = await idOf(`disk short ${dayOf(clock.now())}`);
      await transact(this.app, (tx) => tellAdmins(this.app, tx, { id, ...NEWS }));
    }
    this.#short = short;
  }
}

const NEWS = {
  title: "The disk is nearly full",
  text:
    "New notes, longer texts, imports, exports and backups are refused until there is room again. What is due still leaves.",
  href: "/admin",
};
