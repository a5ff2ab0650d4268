import { z } from "zod";
import type { App } from "../core/app.ts";
import {
  liftSuppression,
  listSuppressions,
  suppressAddress,
  type SuppressionView,
} from "../domain/admin/admin_suppressions.ts";
import { proved } from "./proof.ts";
import { adminOnly, body, createRouter, me } from "./router.ts";

const Named = z.strictObject({ address: z.string().max(1_024) });

/** /api/admin/suppressions: what must not reach which address, for admins. */
export const adminSuppressionsRoutes = (app: App) =>
  createRouter()
    .use(adminOnly)
    .get("/", async (c) => {
      const { cursor } = c.req.query();
      const { items, next } = await listSuppressions(app, { by: me(c), cursor });
      return c.json({ items: items.map(suppressionJson), next });
    })
    .post("/find", body(Named), async (c) => { // no GET: paths are written down, by proxies too
      const { address } = c.req.valid("json");
      const { items } = await listSuppressions(app, { by: me(c), address });
      return c.json({ items: items.map(suppressionJson) });
    })
    .post("/", proved(app), body(Named), async (c) => {
      const { address } = c.req.valid("json");
      await suppressAddress(app, { address, by: me(c) });
      const { items } = await listSuppressions(app, { by: me(c), address });
      return c.json({ items: items.map(suppressionJson) }, 201);
    })
    .delete("/:ref", proved(app), async (c) => {
      await liftSuppression(app, { ref: c.req.param("ref"), by: me(c) });
      return c.body(null, 204);
    });

function suppressionJson({ at, until, chosen, ...one }: SuppressionView) {
  return {
    ...one,
    chosen: chosen === undefined ? null : { ...chosen, at: new Date(chosen.at).toISOString() },
    at: new Date(at).toISOString(),
    until: until === null ? null : new Date(until).toISOString(),
  };
}
