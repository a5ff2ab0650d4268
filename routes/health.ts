import { health } from "../domain/admin/health.ts";
import { createRouter } from "./router.ts";
import type { Site } from "./site.ts";

/** For supervisors: whether the process lives, and whether it can do its work. */
export const healthRoutes = ({ app, startedAt }: Site) =>
  createRouter()
    .get("/healthz", (c) => c.json({ ok: true }))
    .get("/readyz", async (c) => {
      const { ready } = await health(app, { startedAt });
      return c.json({ ok: ready }, ready ? 200 : 503);
    });
