import { z } from "zod";
import { answerByLink, invitationOf } from "../domain/recipients/consents.ts";
import { REPLIES } from "../domain/recipients/consent_reply.ts";
import { InvitationPage } from "../views/invitation.tsx";
import { createRouter, form } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Answer = z.object({ answer: z.enum(REPLIES).optional() });

/** /i/:token: where an invitation is answered. A GET only shows it: mail scanners open links. */
export const invitationPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/i/:token", async (c) => {
      const token = c.req.param("token");
      const invitation = await invitationOf(app, token);
      const chrome = await chromeOf(site, c);
      return show(c, <InvitationPage chrome={chrome} {...invitation} action={`/i/${token}`} />);
    })
    .post("/i/:token", form(Answer), async (c) => {
      const token = c.req.param("token");
      const filled = c.req.valid("form");
      const answer = filled.ok ? filled.data.answer : undefined;
      const invitation = answer === undefined
        ? await invitationOf(app, token)
        : await answerByLink(app, token, answer);
      const chrome = await chromeOf(site, c);
      const page = <InvitationPage chrome={chrome} {...invitation} action={`/i/${token}`} />;
      return show(c, page, answer === undefined ? 400 : 200);
    });
};
