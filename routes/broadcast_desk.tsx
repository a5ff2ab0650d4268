import { AppError } from "../core/errors.ts";
import { createBroadcast, getBroadcast, updateBroadcast } from "../domain/broadcasts/broadcasts.ts";
import { type BroadcastFields, BroadcastFormPage } from "../views/broadcast_form.tsx";
import {
  blankFields,
  BroadcastForm,
  damaged,
  fieldsOf,
  typedFields,
  wordsOf,
} from "./broadcast_form.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { statusFor } from "./refused.ts";
import { adminOnly, createRouter, type Ctx, form, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", adminId: me(c).id });

/** Where admins write broadcasts and change them. */
export const broadcastDesk = (site: Site) => {
  const { app } = site;

  async function formPage(
    c: Ctx,
    { fields, id = null, error }: { fields: BroadcastFields; id?: string | null; error?: unknown },
  ): Promise<Response> {
    const page = (
      <BroadcastFormPage
        chrome={await chromeOf(site, c)}
        id={id}
        fields={fields}
        wrong={error === undefined ? {} : problemsOf(error)}
        telegram={app.messenger !== null}
      />
    );
    return show(c, page, error === undefined ? 200 : statusFor(c, error));
  }

  return createRouter()
    .use("/admin/broadcasts", adminOnly)
    .use("/admin/broadcasts/*", adminOnly)
    .get("/admin/broadcasts/new", (c) => {
      const telegram = app.messenger !== null;
      return formPage(c, { fields: blankFields(me(c).zone, { telegram }) });
    })
    .post("/admin/broadcasts", form(BroadcastForm), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      try {
        const { key } = filled.data;
        const asked = { authorId: me(c).id, via: "page", key } as const;
        const { id } = await createBroadcast(app, { ...wordsOf(filled.data), ...asked });
        flash(c, { name: "broadcast_saved" });
        return c.redirect(`/admin/broadcasts/${id}`, 303);
      } catch (error) {
        return await formPage(c, {
          fields: typedFields(filled.typed, me(c).zone),
          error: asAt(error),
        });
      }
    })
    .get("/admin/broadcasts/:id/edit", async (c) => {
      const { broadcast } = await getBroadcast(app, refOf(c));
      const fields = fieldsOf(broadcast, me(c).zone);
      return await formPage(c, { id: broadcast.id, fields });
    })
    .post("/admin/broadcasts/:id", form(BroadcastForm), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const ref = refOf(c);
      try {
        const { version } = filled.data;
        await updateBroadcast(app, { ...wordsOf(filled.data), ...ref, version });
        flash(c, { name: "broadcast_saved" });
        return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
      } catch (error) {
        await getBroadcast(app, ref); // one that is not there has no form
        return await formPage(c, {
          id: ref.id,
          fields: typedFields(filled.typed, me(c).zone),
          error: asAt(error),
        });
      }
    });
};

/** What concerns the whole form, as the version does, is said above it. */
function asAt(error: unknown): unknown {
  if (!(error instanceof AppError) || error.field !== "version") return error;
  return new AppError(error.code, error.message);
}
