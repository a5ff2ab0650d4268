import type { App } from "../core/app.ts";
import { isId } from "../core/ids.ts";
import { accountByAddress } from "../domain/accounts/accounts.ts";
import { auditDocument, auditPage, auditTable, checkAudit } from "../domain/admin/audit_view.ts";
import { AdminAuditPage } from "../views/admin_audit.tsx";
import { auditFilter } from "./admin_audit.ts";
import { adminOnly, createRouter, type Ctx, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** The audit log, for admins: as a page, and whole as a file. */
export const auditPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .use("/admin/audit", adminOnly)
    .get("/admin/audit", async (c) => {
      const [by, filter] = [me(c), auditFilter(c)];
      const member = filter.member && await memberOf(app, filter.member);
      const { items, next } = await auditPage(app, { ...filter, member, by });
      const check = await checkAudit(app, { by, long: c.req.query("check") === "all" });
      const chrome = await chromeOf(site, c);
      return show(c, <AdminAuditPage {...{ chrome, next, filter, check }} lines={items} />);
    })
    .get("/admin/audit.csv", adminOnly, (c) => {
      return file(c, "audit.csv", "text/csv; charset=utf-8", auditTable(app, { by: me(c) }));
    })
    .get("/admin/audit.json", adminOnly, (c) => {
      return file(c, "audit.json", "application/json", auditDocument(app, { by: me(c) }));
    });
};

/** The account that is meant: by its id, or by its address. */
async function memberOf(app: App, typed: string): Promise<string> {
  const text = typed.trim();
  return isId(text) ? text : (await accountByAddress(app, text))?.id ?? "nobody";
}

/** Answers with a file that is written while it is sent. */
function file(c: Ctx, name: string, type: string, parts: AsyncIterable<string>): Response {
  c.header("Content-Type", type);
  c.header("Content-Disposition", `attachment; filename="${name}"`);
  return c.body(ReadableStream.from(parts).pipeThrough(new TextEncoderStream()));
}
