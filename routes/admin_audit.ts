import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { auditPage, checkAudit } from "../domain/admin/audit_view.ts";
import type { AuditAct } from "../kv/schema.ts";
import { auditWords } from "../views/audit_words.ts";
import { adminOnly, createRouter, type Ctx, me } from "./router.ts";

/** Which lines are asked for. @throws {AppError} `invalid` when there is no such act. */
export function auditFilter(c: Ctx) {
  const { act, member, cursor } = c.req.query();
  if (act && !Object.hasOwn(auditWords, act)) {
    throw new AppError("invalid", "Cannot list these lines: there is no such act", {
      field: "act",
    });
  }
  return { act: (act || undefined) as AuditAct | undefined, member: member || undefined, cursor };
}

/** /api/admin/audit: who did what to whom, for admins. With `check` it is said whether it is whole. */
export const adminAuditRoutes = (app: App) =>
  createRouter()
    .use(adminOnly)
    .get("/", async (c) => {
      const by = me(c);
      const { items, next } = await auditPage(app, { ...auditFilter(c), by });
      const asked = c.req.query("check") !== undefined;
      return c.json({
        items: items.map((line) => ({ ...line, at: new Date(line.at).toISOString() })),
        next,
        check: asked ? await checkAudit(app, { by, long: true }) : undefined,
      });
    });
