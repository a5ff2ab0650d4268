import { z } from "zod";
import type { App } from "../core/app.ts";
import { cancelBroadcast, confirmBroadcast } from "../domain/broadcasts/broadcast_acts.ts";
import { broadcastCounts } from "../domain/broadcasts/broadcast_members.ts";
import { broadcastView, runView } from "../domain/broadcasts/broadcast_view.ts";
import {
  createBroadcast,
  getBroadcast,
  listBroadcasts,
  updateBroadcast,
} from "../domain/broadcasts/broadcasts.ts";
import { proved } from "./proof.ts";
import { adminOnly, body, createRouter, type Ctx, me } from "./router.ts";

const When = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("now") }),
  z.strictObject({ is: z.literal("at"), wall: z.string().max(40), zone: z.string().max(64) }),
  z.strictObject({ is: z.literal("cron"), pattern: z.string().max(200), zone: z.string().max(64) }),
]);
const Words = z.strictObject({
  title: z.string(),
  text: z.string(),
  channels: z.strictObject({ mail: z.boolean(), telegram: z.boolean() }),
  when: When,
});
const Edit = Words.extend({ version: z.int() });
const Confirmation = z.strictObject({ version: z.int(), members: z.int().min(0) });

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", adminId: me(c).id });

/** /api/broadcasts: announcements to everybody, for admins. */
export const broadcastsRoutes = (app: App) =>
  createRouter()
    .use(adminOnly)
    .get("/", async (c) => {
      const { cursor } = c.req.query();
      const { items, next } = await listBroadcasts(app, { adminId: me(c).id, cursor });
      return c.json({
        items: items.map(({ broadcast, runs }) => ({
          ...broadcastView(broadcast),
          runs: runs.map(runView),
        })),
        next,
      });
    })
    .post("/", body(Words), async (c) => {
      const broadcast = await createBroadcast(app, {
        ...c.req.valid("json"),
        authorId: me(c).id,
        via: "page",
        key: c.req.header("Idempotency-Key")?.slice(0, 128),
      });
      const counts = await broadcastCounts(app, broadcast);
      return c.json({ ...broadcastView(broadcast), counts }, 201);
    })
    .get("/:id", async (c) => {
      const { broadcast, runs } = await getBroadcast(app, refOf(c));
      const counts = await broadcastCounts(app, broadcast);
      return c.json({ ...broadcastView(broadcast), counts, runs: runs.map(runView) });
    })
    .patch("/:id", body(Edit), async (c) => {
      const broadcast = await updateBroadcast(app, { ...c.req.valid("json"), ...refOf(c) });
      const counts = await broadcastCounts(app, broadcast);
      return c.json({ ...broadcastView(broadcast), counts });
    })
    .post("/:id/confirm", proved(app), body(Confirmation), async (c) => {
      const broadcast = await confirmBroadcast(app, { ...c.req.valid("json"), ...refOf(c) });
      return c.json(broadcastView(broadcast), 202);
    })
    .delete("/:id", async (c) => c.json(broadcastView(await cancelBroadcast(app, refOf(c)))));
