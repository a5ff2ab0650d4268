import type { App } from "../core/app.ts";
import { deviceOf } from "../core/device.ts";
import { endSession, listSessions, signOutEverywhere } from "../domain/accounts/session_end.ts";
import { clearSessionCookie } from "./cookies.ts";
import { createRouter, me } from "./router.ts";

/** /api/me/sessions, behind `signedIn`: where one is signed in. */
export const ownSessions = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const sessions = await listSessions(app, me(c));
      const items = sessions.map(({ id, agent, network = null, createdAt, seenAt }) => ({
        id,
        device: deviceOf(agent),
        network,
        createdAt: new Date(createdAt).toISOString(),
        seenAt: new Date(seenAt).toISOString(),
        current: id === c.var.session?.id,
      }));
      return c.json({ items, next: null });
    })
    .delete("/", async (c) => {
      await signOutEverywhere(app, me(c).id);
      clearSessionCookie(app, c);
      return c.body(null, 204);
    })
    .delete("/:id", async (c) => {
      await endSession(app, { accountId: me(c).id, id: c.req.param("id") });
      return c.body(null, 204);
    });
