import { putBeforeAdmins } from "../domain/admin/tell_admins.ts";
import type { Handler } from "../jobs/handler.ts";
import { completed } from "../jobs/handler.ts";

/** Puts something before everybody who runs this. */
export const tellAdminsJob: Handler<"tell_admins"> = async (app, job) => {
  await putBeforeAdmins(app, { ...job.payload, jobId: job.id });
  return completed();
};
