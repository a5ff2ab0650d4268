import { isOver, progressOf, setDeliveries } from "../domain/mail/deliveries.ts";
import { givenUp } from "../domain/mail/delivery_moves.ts";
import { mailingOver } from "../domain/mail/mailing_news.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import type { Ending } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";

/**
 * Ends the deliveries of a job that is given up, so that each has an end with a reason, and tells
 * whoever asked for the mailing: those that failed can be retried.
 */
export const giveUp: Ending = async (app, tx, { id, reason }) => {
  const now = app.clock.now();
  const deliveries = await deliveriesOf(app, id);
  const ended = deliveries.map((one) => isOver(one) ? one : givenUp(one, reason, now));
  setDeliveries(tx, ended.filter((one, i) => one !== deliveries[i]));
  const progress = progressOf(ended, "");
  const mailing = await tx.get(keys.mailing(id));
  if (mailing) {
    const text = `Given up after ${progress.done} of ${progress.total}: ${reason}`;
    await mailingOver(app, tx, { mailing, text });
  }
  return progress;
};
