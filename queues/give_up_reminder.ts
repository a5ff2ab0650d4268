import { giveUpFiring } from "../domain/reminders/firing.ts";
import { catalog } from "../jobs/catalog.ts";
import type { Ending } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { giveUp } from "./give_up.ts";

/** Ends what hangs on a ringing that is given up; a series goes on with its next time. */
export const giveUpReminder: Ending = async (app, tx, { id, reason }) => {
  const job = await tx.get(keys.job(id));
  const payload = catalog.fire_reminder.payload.safeParse(job?.payload);
  if (payload.success) await giveUpFiring(app, tx, { ...payload.data, reason });
  return await giveUp(app, tx, { id, reason });
};
