import { etag } from "hono/etag";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { listJobs } from "../domain/admin/admin_jobs.ts";
import { actOnJob, JOB_ACTS } from "../domain/admin/admin_job_acts.ts";
import { proved } from "./proof.ts";
import { adminOnly, createRouter, type Ctx, me } from "./router.ts";
import { JobState } from "./jobs.ts";

/** Which jobs are asked for. @throws {AppError} `invalid` when there is no such state. */
export function jobFilter(c: Ctx) {
  const { state, kind, cursor } = c.req.query();
  const wanted = JobState.safeParse(state || undefined);
  if (!wanted.success) {
    throw new AppError("invalid", "Cannot list these jobs: there is no such state", {
      field: "state",
    });
  }
  return { state: wanted.data, kind: kind || undefined, cursor };
}

/** /api/admin/jobs: everybody's jobs, for admins. */
export const adminJobsRoutes = (app: App) => {
  const routes = createRouter()
    .use(adminOnly)
    .get("/", etag(), async (c) => c.json(await listJobs(app, { ...jobFilter(c), by: me(c) })));
  for (const act of JOB_ACTS) {
    routes.post(`/:id/${act}`, proved(app), async (c) => {
      return c.json({ jobId: await actOnJob(app, { id: c.req.param("id"), by: me(c), act }) }, 202);
    });
  }
  return routes;
};
