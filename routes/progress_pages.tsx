import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { demoOf, lastDemo, startDemo } from "../domain/demo.ts";
import { ProgressPage } from "../views/progress.tsx";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Start = z.object({ how: z.enum(["whole", "fails"]).catch("whole") });

/** The demonstration of progress. */
export const progressPages = (site: Site) => {
  const { app } = site;

  async function page(c: Ctx, refused?: AppError): Promise<Response> {
    const ownerId = me(c).id;
    const chrome = await chromeOf(site, c); // first: what is told later is told by the socket
    const id = c.req.query("job");
    const job = id ? await demoOf(app, { id, ownerId }) : await lastDemo(app, ownerId);
    const shown = <ProgressPage chrome={chrome} job={job} wrong={refused?.message ?? null} />;
    return show(c, shown, refused ? statusFor(c, refused) : 200);
  }

  return createRouter()
    .get("/progress", signedIn, (c) => page(c))
    .post("/progress", signedIn, form(Start), async (c) => {
      const filled = c.req.valid("form");
      const fails = filled.ok && filled.data.how === "fails";
      try {
        const id = await startDemo(app, { ownerId: me(c).id, fails });
        return c.redirect(`/progress?job=${id}`, 303);
      } catch (error) {
        if (error instanceof AppError && error.code === "rate_limited") return await page(c, error);
        throw error;
      }
    });
};
