import { judgeSender } from "../domain/senders.ts";
import { completed, type Handler } from "../jobs/handler.ts";

/** Pauses a member's mail where there is reason to. */
export const judgeSenderJob: Handler<"judge_sender"> = async (app, job) => {
  await judgeSender(app, job.payload.accountId);
  return completed();
};
