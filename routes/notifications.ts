import { z } from "zod";
import type { App } from "../core/app.ts";
import {
  listNotifications,
  readAllNotifications,
  readNotification,
  unreadCount,
} from "../domain/notifications.ts";
import { body, createRouter, me } from "./router.ts";

const Reading = z.strictObject({ id: z.string().optional() });

/** /api/notifications: the inbox behind the bell. */
export const notificationsRoutes = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const { id: accountId } = me(c);
      const { cursor } = c.req.query();
      const [{ items, next }, unread] = await Promise.all([
        listNotifications(app, { accountId, cursor }),
        unreadCount(app, accountId),
      ]);
      return c.json({ items, next, unread });
    })
    .post("/read", body(Reading), async (c) => {
      const { id: accountId } = me(c);
      const { id } = c.req.valid("json");
      if (id === undefined) await readAllNotifications(app, accountId);
      else await readNotification(app, { accountId, id });
      return c.json({ unread: await unreadCount(app, accountId) });
    });
