import { judgeInstance } from "../domain/mail/breaker.ts";
import { judgeSender } from "../domain/mail/senders.ts";
import { completed, type Handler } from "../jobs/handler.ts";

/** Pauses a member's mail, or that of all, where there is reason to. */
export const judgeSenderJob: Handler<"judge_sender"> = async (app, { payload: { accountId } }) => {
  if (accountId !== null) await judgeSender(app, accountId);
  await judgeInstance(app);
  return completed();
};
