import { z } from "zod";
import { etag } from "hono/etag";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { retryMailing } from "../domain/mail/mailings.ts";
import { cancelWork, getWork, listWork } from "../domain/work.ts";
import { createRouter, me } from "./router.ts";

export const JobState = z.enum(["scheduled", "running", "completed", "cancelled", "discarded"])
  .optional();

/** /api/jobs: what becomes of what one asked for. */
export const jobsRoutes = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const state = JobState.safeParse(c.req.query("state"));
      if (!state.success) {
        throw new AppError("invalid", "Cannot list these jobs: there is no such state", {
          field: "state",
        });
      }
      const { cursor } = c.req.query();
      return c.json(await listWork(app, { ownerId: me(c).id, state: state.data, cursor }));
    })
    .get("/:id", etag(), async (c) => {
      return c.json(await getWork(app, { id: c.req.param("id"), ownerId: me(c).id }));
    })
    .post("/:id/cancel", async (c) => {
      const job = await cancelWork(app, { id: c.req.param("id"), ownerId: me(c).id });
      return c.json(job, job.finishedAt === null ? 202 : 200);
    })
    .post("/:id/retry", async (c) => {
      const jobId = await retryMailing(app, { jobId: c.req.param("id"), ownerId: me(c).id });
      return c.json({ jobId }, 202);
    });
