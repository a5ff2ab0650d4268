import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Occurrence } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { arm, changedTo, fireJobId, putOccurrence, putReminder } from "./reminder_moves.ts";

/** Who is later than this should have rung long ago, or been given up, ms. */
const LOST_MS = 86_400_000;

/**
 * Gives up to so many occurrences a new job whose own was ended from outside, as by an operator: a
 * series must not stop because of that. @returns how many.
 */
export async function mendReminders(app: App, most: number): Promise<number> {
  const before = app.clock.now() - LOST_MS;
  let mended = 0;
  for await (const { value } of app.store.list<Occurrence>(ranges.occurrences)) {
    if (!isLate(value, before) || await hasJob(app, value)) continue;
    if (await mend(app, value, before) && ++mended === most) break;
  }
  return mended;
}

function isLate({ state, ringAt }: Occurrence, before: number): boolean {
  return (state === "waiting" || state === "snoozed") && ringAt < before;
}

async function hasJob(app: App, occurrence: Occurrence): Promise<boolean> {
  const job = await read(app, keys.job(await fireJobId(occurrence)));
  return job !== null && job.finishedAt === null;
}

function mend(app: App, { reminderId, dueAt }: Occurrence, late: number): Promise<boolean> {
  return transact(app, async (tx) => {
    const reminder = await tx.get(keys.reminder(reminderId));
    const before = await tx.get(keys.occurrence(reminderId, dueAt));
    if (reminder === null || before === null || !isLate(before, late)) return false;
    const text = "Its job was ended from outside: a new one rings it";
    const after = await arm(app, tx, changedTo(before, app.clock.now(), text, {}));
    await putOccurrence(app, tx, { reminder, before, after });
    putReminder(app, tx, reminder);
    return true;
  });
}
