import { markMailEvent } from "../domain/mail/mail_event_marks.ts";
import { completed, type Handler, snooze } from "../jobs/handler.ts";

/** How soon it is looked again whether a message is still being sent, ms. */
const LOOK_AGAIN_MS = 15_000;
/** A message that is under way for longer waits for something else, ms. */
const MOST_MS = 30 * 86_400_000;

/** Writes down what a mail service told of a message it had taken. */
export const mailEvent: Handler<"mail_event"> = async (app, { payload }) => {
  if (await markMailEvent(app, payload) === "done") return completed();
  const old = app.clock.now() - payload.at > MOST_MS;
  return old ? completed() : snooze(LOOK_AGAIN_MS);
};
