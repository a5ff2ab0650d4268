import type { App } from "../core/app.ts";
import { health } from "../domain/health.ts";
import { createRouter } from "./router.ts";

/** For supervisors: whether the process lives, and whether it can do its work. */
export const healthRoutes = (app: App) =>
  createRouter()
    .get("/healthz", (c) => c.json({ ok: true }))
    .get("/readyz", async (c) => {
      const { ready } = await health(app);
      return c.json({ ok: ready }, ready ? 200 : 503);
    });
