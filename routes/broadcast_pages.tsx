import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { cancelBroadcast, confirmBroadcast } from "../domain/broadcasts/broadcast_acts.ts";
import { broadcastCounts } from "../domain/broadcasts/broadcast_members.ts";
import { broadcastInChat, broadcastInMail } from "../domain/broadcasts/broadcast_message.ts";
import { runView } from "../domain/broadcasts/broadcast_view.ts";
import { nextTimes } from "../domain/broadcasts/broadcast_words.ts";
import { authorOf, getBroadcast, listBroadcasts } from "../domain/broadcasts/broadcasts.ts";
import { BroadcastPage } from "../views/broadcast.tsx";
import { BroadcastsPage } from "../views/broadcasts.tsx";
import { damaged } from "./broadcast_form.ts";
import { flash } from "./flash.ts";
import { proved } from "./proof.ts";
import { adminOnly, createRouter, type Ctx, form, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Confirmation = z.object({
  version: z.coerce.number().int(),
  members: z.coerce.number().int(),
});

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", adminId: me(c).id });

/** Pages of broadcasts, for admins: all, and one with what may be done with it. */
export const broadcastPages = (site: Site) => {
  const { app } = site;
  const sure = proved(app, (c) => `/admin/broadcasts/${c.req.param("id")}`);

  return createRouter()
    .use("/admin/broadcasts", adminOnly)
    .use("/admin/broadcasts/*", adminOnly)
    .get("/admin/broadcasts", async (c) => {
      const { cursor } = c.req.query();
      const { items, next } = await listBroadcasts(app, { adminId: me(c).id, cursor });
      const chrome = await chromeOf(site, c);
      return show(c, <BroadcastsPage chrome={chrome} items={items} next={next} />);
    })
    .get("/admin/broadcasts/:id", async (c) => {
      const { broadcast, runs } = await getBroadcast(app, refOf(c));
      const chrome = await chromeOf(site, c);
      const said = {
        ...broadcast,
        from: await authorOf(app, broadcast),
        origin: app.config.origin,
      };
      const page = (
        <BroadcastPage
          chrome={chrome}
          broadcast={broadcast}
          runs={runs.map(runView)}
          counts={await broadcastCounts(app, broadcast)}
          next={nextTimes(broadcast.when, chrome.now)}
          mail={{ ...broadcastInMail(said), from: app.config.mailFrom }}
          chat={broadcastInChat(said)}
        />
      );
      return show(c, page);
    })
    .post("/admin/broadcasts/:id/confirm", sure, form(Confirmation), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const ref = refOf(c);
      const name = await confirmBroadcast(app, { ...ref, ...filled.data }).then(
        ({ when }) =>
          when.is === "now" ? "broadcast_sent" as const : "broadcast_scheduled" as const,
        (error) => {
          if (!(error instanceof AppError)) throw error;
          if (error.code === "conflict") return "broadcast_changed" as const;
          if (error.code === "rate_limited") return "broadcast_soon" as const;
          if (error.code === "invalid") return "broadcast_past" as const;
          throw error;
        },
      );
      flash(c, { name });
      return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
    })
    .post("/admin/broadcasts/:id/cancel", async (c) => {
      const ref = refOf(c);
      const name = await cancelBroadcast(app, ref).then(
        () => "broadcast_cancelled" as const,
        (error) => {
          if (error instanceof AppError && error.code === "conflict") {
            return "broadcast_over" as const;
          }
          throw error;
        },
      );
      flash(c, { name });
      return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
    });
};
