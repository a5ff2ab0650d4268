import { health } from "../domain/admin/health.ts";
import { createRouter } from "./router.ts";
import type { Site } from "./site.ts";

/** For supervisors: whether the process lives, and whether it can do its work. */
export const healthRoutes = ({ app, startedAt }: Site) =>
  createRouter()
    .get("/healthz", (c) => c.json({ ok: true }))
    .get("/readyz", async (c) => {
      const { ready, diskShort } = await health(app, { startedAt });
      // Short of room it still does what is due: a proxy is not to send people away for it.
      return c.json({ ok: ready, disk: diskShort ? "short" : undefined }, ready ? 200 : 503);
    });
