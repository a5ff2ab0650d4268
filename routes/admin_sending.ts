import { z } from "zod";
import type { App } from "../core/app.ts";
import { sendingView } from "../domain/admin/held.ts";
import { decideText } from "../domain/mail/held_texts.ts";
import { releaseRestored, resumeSending, stopSending } from "../domain/mail/sending.ts";
import { proved } from "./proof.ts";
import { adminOnly, body, createRouter, type Ctx, me } from "./router.ts";

export const Release = z.strictObject({ past: z.enum(["send", "drop"]) });

/** /api/admin/sending: what holds all sending, for admins. */
export const adminSendingRoutes = (app: App) => {
  const answer = async (c: Ctx) => {
    const { stopped, breaker, restored, held, texts } = await sendingView(app, { by: me(c) });
    return c.json({
      stopped: stopped && { ...stopped, at: iso(stopped.at) },
      breaker: breaker && { ...breaker, at: iso(breaker.at) },
      restored: restored && { ...restored, at: iso(restored.at) },
      held,
      texts: texts.map((text) => ({ ...text, heldAt: iso(text.heldAt) })),
    });
  };
  return createRouter()
    .use(adminOnly)
    .get("/", answer)
    .post("/stop", async (c) => { // an emergency waits for no password; it is undone by one
      await stopSending(app, { by: me(c) });
      return await answer(c);
    })
    .post("/resume", proved(app), async (c) => {
      await resumeSending(app, { by: me(c) });
      return await answer(c);
    })
    .post("/release", proved(app), body(Release), async (c) => {
      await releaseRestored(app, { ...c.req.valid("json"), by: me(c) });
      return await answer(c);
    })
    .post("/texts/:ref", proved(app), body(Release), async (c) => {
      await decideText(app, { ...c.req.valid("json"), ref: c.req.param("ref"), by: me(c) });
      return await answer(c);
    });
};

const iso = (at: number) => new Date(at).toISOString();
