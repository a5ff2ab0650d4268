import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { changeRole, setQuota } from "../domain/admin/member_acts.ts";
import { memberView } from "../domain/admin/member_view.ts";
import { listMembers } from "../domain/admin/members.ts";
import { AdminMemberPage } from "../views/admin_member.tsx";
import { AdminMembersPage } from "../views/admin_members.tsx";
import { MEMBER_ACT_NAMES, MEMBER_ACTS, memberRef, RoleBody } from "./admin_members.ts";
import { damaged } from "./broadcast_form.ts";
import { flash, type FlashRef } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { adminOnly, createRouter, type Ctx, form, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Quota = z.object({ perDay: z.string().max(20) });

/** Pages of members, for admins: all, those that were searched for, and one with what may be done. */
export const memberPages = (site: Site) => {
  const { app } = site;
  const sure = proved(app, pathOf);
  const pages = createRouter()
    .use("/admin/members", adminOnly)
    .use("/admin/members/*", adminOnly)
    .get("/admin/members", async (c) => {
      const { q = "", cursor } = c.req.query();
      const found = await listMembers(app, { by: me(c), q, cursor }).catch(wrongSearch);
      const wrong = "wrong" in found ? found.wrong : null;
      const members = "wrong" in found ? { items: [], next: null, looked: 0 } : found;
      const chrome = await chromeOf(site, c);
      return show(c, <AdminMembersPage {...{ chrome, members, q, wrong }} />, wrong ? 400 : 200);
    })
    .get("/admin/members/:id", (c) => memberPage(site, c, {}))
    .post("/admin/members/:id/role", sure, form(RoleBody), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      return await acted(
        c,
        "member_role",
        () => changeRole(app, { ...memberRef(c), ...filled.data }),
      );
    })
    .post("/admin/members/:id/quota", sure, form(Quota), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const typed = filled.data.perDay.trim();
      try {
        const perDay = typed === "" ? null : wholeNumber(typed);
        await setQuota(app, { ...memberRef(c), perDay });
      } catch (error) {
        return await memberPage(site, c, { typed, error });
      }
      flash(c, { name: "member_quota" });
      return c.redirect(pathOf(c), 303);
    });
  for (const act of MEMBER_ACT_NAMES) {
    pages.post(
      `/admin/members/:id/${act}`,
      sure,
      (c) => acted(c, `member_${act}`, () => MEMBER_ACTS[act](app, memberRef(c))),
    );
  }
  return pages;
};

/** What somebody types as a number of messages, as in 1,000; NaN for anything else. */
function wholeNumber(typed: string): number {
  return /^\d{1,3}(,?\d{3})*$|^\d+$/.test(typed) ? Number(typed.replaceAll(",", "")) : NaN;
}

const pathOf = (c: Ctx) => `/admin/members/${c.req.param("id")}`;

/** Does it, and says on the member's page that it is done, or that it cannot be. */
async function acted(
  c: Ctx,
  name: FlashRef["name"],
  act: () => Promise<void>,
): Promise<Response> {
  try {
    await act();
    flash(c, { name });
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
    flash(c, { name: "member_not_so" });
  }
  return c.redirect(pathOf(c), 303);
}

function wrongSearch(error: unknown): { wrong: string } {
  const { q } = problemsOf(error);
  if (q === undefined) throw error;
  return { wrong: q };
}

async function memberPage(
  site: Site,
  c: Ctx,
  { typed = null, error }: { typed?: string | null; error?: unknown },
): Promise<Response> {
  const wrong = error === undefined ? {} : problemsOf(error);
  if (error !== undefined && wrong.perDay === undefined) throw error;
  const member = await memberView(site.app, memberRef(c));
  const chrome = await chromeOf(site, c);
  const status = error === undefined ? 200 : statusFor(c, error);
  return show(c, <AdminMemberPage {...{ chrome, member, typed, wrong }} />, status);
}
