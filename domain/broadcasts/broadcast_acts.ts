import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Broadcast } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { requireAdmin } from "../admin/admins.ts";
import { audit } from "../admin/audit.ts";
import { broadcastCounts } from "./broadcast_members.ts";
import { countBroadcast, uncountBroadcast } from "./broadcast_rate.ts";
import { scheduleRun } from "./broadcast_runs.ts";
import { broadcastChanged } from "./broadcast_view.ts";
import { firstTime } from "./broadcast_words.ts";
import { broadcastIn, changedMeanwhile, withLine } from "./broadcasts.ts";

export interface Confirmation {
  id: string;
  adminId: string;
  /** What was looked at. */
  version: number;
  /** For how many members that was said to be. */
  members: number;
}

/**
 * Lets a draft go out at its time. Its job is made in the same commit. Confirming twice is once.
 *
 * @throws {AppError} `not_found`, also for who is no admin; `conflict` when it was changed meanwhile,
 *   when it would now reach another number of members, or when it is over; `invalid` of "at" when its
 *   time is past by now; `rate_limited` less than ten minutes after another one.
 */
export async function confirmBroadcast(
  app: App,
  { id, adminId, version, members }: Confirmation,
): Promise<Broadcast> {
  await requireAdmin(app, adminId, "broadcast");
  const counted = await broadcastCounts(app, { channels: { mail: false, telegram: false } });
  return await transact(app, async (tx) => {
    const { name } = await requireAdmin(tx, adminId, "broadcast");
    const before = await broadcastIn(tx, id);
    if (before.version !== version) throw changedMeanwhile();
    if (before.state === "scheduled" || before.state === "running") return before;
    if (before.state !== "draft") {
      throw new AppError("conflict", `Cannot send this broadcast: it is ${before.state}`);
    }
    if (counted.members !== members) {
      throw new AppError(
        "conflict",
        `Cannot send this broadcast: it would now reach ${counted.members} people, not ${members}`,
        { field: "members" },
      );
    }
    const now = await countBroadcast(app, tx);
    const confirmed = withLine({
      ...before,
      state: "scheduled",
      nextAt: firstTime(before.when, now),
      confirmedBy: adminId,
      confirmedAt: now,
      updatedAt: now,
    }, {
      at: now,
      text: `Confirmed by ${name} for ${members === 1 ? "1 person" : `${members} people`}`,
    });
    tx.set(keys.broadcast(id), confirmed);
    await scheduleRun(app, tx, confirmed);
    await broadcastChanged(app, tx, confirmed);
    const line = { act: "broadcast_confirmed", by: adminId, about: id } as const;
    await audit(app, tx, { ...line, facts: { members } });
    tx.afterCommit(() =>
      app.log.info("broadcast_confirmed", { broadcastId: id, accountId: adminId, members })
    );
    return confirmed;
  });
}

/**
 * Ends a broadcast. One that has not begun reaches nobody; one that is going out stops behind the
 * part of the members that it is at, and what was not yet sent of the parts before is not sent any
 * more; one that comes again does not.
 *
 * @throws {AppError} `not_found`, also for who is no admin; `conflict` when it is over already.
 */
export async function cancelBroadcast(
  app: App,
  { id, adminId }: { id: string; adminId: string },
): Promise<Broadcast> {
  return await transact(app, async (tx) => {
    const { name } = await requireAdmin(tx, adminId, "broadcast");
    const before = await broadcastIn(tx, id);
    if (before.state === "finished" || before.state === "cancelled") {
      throw new AppError("conflict", `Cannot cancel this broadcast: it is ${before.state}`);
    }
    await uncountBroadcast(tx, before);
    const now = app.clock.now();
    const cancelled = withLine(
      { ...before, state: "cancelled", nextAt: null, updatedAt: now },
      { at: now, text: `Cancelled by ${name}` },
    );
    // A job that is still due finds no time of its own and completes without effect.
    tx.set(keys.broadcast(id), cancelled);
    await broadcastChanged(app, tx, cancelled);
    await audit(app, tx, { act: "broadcast_cancelled", by: adminId, about: id });
    tx.afterCommit(() =>
      app.log.info("broadcast_cancelled", { broadcastId: id, accountId: adminId })
    );
    return cancelled;
  });
}
