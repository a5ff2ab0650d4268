import { z } from "zod";
import { AppError } from "../core/errors.ts";
import {
  liftSuppression,
  listSuppressions,
  suppressAddress,
} from "../domain/admin/admin_suppressions.ts";
import { decideText } from "../domain/mail/held_texts.ts";
import { sendingView } from "../domain/admin/held.ts";
import { nameOf } from "../domain/admin/members.ts";
import { releaseRestored, resumeSending, stopSending } from "../domain/mail/sending.ts";
import { AdminSendingPage } from "../views/admin_sending.tsx";
import { AdminSuppressionsPage } from "../views/admin_suppressions.tsx";
import { Release } from "./admin_sending.ts";
import { damaged } from "./broadcast_form.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { adminOnly, createRouter, type Ctx, form, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Named = z.object({ address: z.string().max(1_024) });
const Lifted = z.object({ ref: z.string().max(200) });

/** Pages for admins about what may leave: all sending, and what must not reach which address. */
export const trustPages = (site: Site) => {
  const { app } = site;
  const toSending = (c: Ctx) => c.redirect("/admin/sending", 303);
  return createRouter()
    .use("/admin/sending", adminOnly)
    .use("/admin/sending/*", adminOnly)
    .use("/admin/suppressions", adminOnly)
    .use("/admin/suppressions/*", adminOnly)
    .get("/admin/sending", async (c) => {
      const sending = await sendingView(app, { by: me(c) });
      const stoppedBy = sending.stopped && await nameOf(app, sending.stopped.by);
      const chrome = await chromeOf(site, c);
      return show(c, <AdminSendingPage {...{ chrome, sending, stoppedBy }} />);
    })
    .post("/admin/sending/stop", async (c) => { // an emergency waits for no password
      await stopSending(app, { by: me(c) });
      flash(c, { name: "sending_stopped" });
      return toSending(c);
    })
    .post("/admin/sending/resume", proved(app, "/admin/sending"), async (c) => {
      await resumeSending(app, { by: me(c) });
      flash(c, { name: "sending_resumed" });
      return toSending(c);
    })
    .post("/admin/sending/release", proved(app, "/admin/sending"), form(Release), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      try {
        await releaseRestored(app, { ...filled.data, by: me(c) });
        flash(c, { name: `restored_${filled.data.past}` });
      } catch (error) {
        if (!(error instanceof AppError && error.code === "conflict")) throw error;
        flash(c, { name: "restored_over" });
      }
      return toSending(c);
    })
    .post("/admin/sending/texts/:ref", proved(app, "/admin/sending"), form(Release), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      try {
        await decideText(app, { ...filled.data, ref: c.req.param("ref"), by: me(c) });
        flash(c, { name: `text_${filled.data.past}` });
      } catch (error) {
        if (!(error instanceof AppError && error.code === "conflict")) throw error;
        flash(c, { name: "text_over" });
      }
      return toSending(c);
    })
    .get("/admin/suppressions", (c) => suppressionsPage(site, c, { cursor: c.req.query("cursor") }))
    .post("/admin/suppressions/find", form(Named), async (c) => { // no GET: addresses stay out of paths
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      return await suppressionsPage(site, c, filled.data);
    })
    .post("/admin/suppressions", proved(app, "/admin/suppressions"), form(Named), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const { address } = filled.data;
      try {
        await suppressAddress(app, { address, by: me(c) });
      } catch (error) {
        return await suppressionsPage(site, c, { address, error });
      }
      flash(c, { name: "suppressed" });
      return c.redirect("/admin/suppressions", 303);
    })
    .post(
      "/admin/suppressions/lift",
      proved(app, "/admin/suppressions"),
      form(Lifted),
      async (c) => {
        const filled = c.req.valid("form");
        if (!filled.ok) throw damaged();
        await liftSuppression(app, { ...filled.data, by: me(c) });
        flash(c, { name: "suppression_lifted" });
        return c.redirect("/admin/suppressions", 303);
      },
    );
};

interface Asked {
  address?: string;
  cursor?: string;
  error?: unknown;
}

/** All that is suppressed, or what is known of one address; with what was wrong with that. */
async function suppressionsPage(
  site: Site,
  c: Ctx,
  { address, cursor, error }: Asked,
): Promise<Response> {
  if (error !== undefined && problemsOf(error).address === undefined) throw error;
  const wrong = error === undefined ? {} : problemsOf(error);
  const sought = error === undefined ? address : undefined;
  try {
    const list = await listSuppressions(site.app, { by: me(c), address: sought, cursor });
    const chrome = await chromeOf(site, c);
    const shown = { chrome, ...list, found: sought !== undefined, typed: address ?? "", wrong };
    return show(
      c,
      <AdminSuppressionsPage {...shown} />,
      error === undefined ? 200 : statusFor(c, error),
    );
  } catch (error) {
    // The address that was looked for is none: then all are shown, and why.
    if (sought === undefined) throw error;
    return await suppressionsPage(site, c, { address, error });
  }
}
