import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { answerMember, askersOf } from "../domain/recipients/consents.ts";
import {
  askRecipients,
  forgetRecipient,
  listRecipients,
} from "../domain/recipients/recipient_list.ts";
import { asksConsent, isVerified } from "../domain/recipients/recipients.ts";
import { RecipientsPage } from "../views/recipients.tsx";
import { flash } from "./flash.ts";
import { policyOf } from "./mail_pages.tsx";
import { addressesOf } from "./recipients.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Asked = z.object({ to: z.string().max(60_000).default("") });
const Reply = z.object({ answer: z.enum(["accept", "refuse"]).catch("refuse") });

/** Whom one may mail, and who may mail oneself. */
export const recipientPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/recipients", signedIn, (c) => recipientsPage(site, c))
    .post("/recipients", signedIn, form(Asked), async (c) => {
      const filled = c.req.valid("form");
      const to = filled.ok ? filled.data.to : "";
      try {
        await askRecipients(app, { ownerId: me(c).id, to: addressesOf(to) });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return await recipientsPage(site, c, { to, error });
      }
      flash(c, { name: "recipients_asked" });
      return c.redirect("/recipients", 303);
    })
    .post("/recipients/:id/forget", signedIn, async (c) => {
      await forgetRecipient(app, { ownerId: me(c).id, id: c.req.param("id") });
      flash(c, { name: "recipient_forgotten" });
      return c.redirect("/recipients", 303);
    })
    .post("/recipients/from/:id", signedIn, form(Reply), async (c) => {
      const filled = c.req.valid("form");
      const reply = filled.ok ? filled.data.answer : "refuse";
      await answerMember(app, me(c), { ownerId: c.req.param("id"), reply });
      flash(c, { name: reply === "accept" ? "may_mail" : "may_not_mail" });
      return c.redirect("/recipients", 303);
    });
};

async function recipientsPage(
  site: Site,
  c: Ctx,
  refused?: { to: string; error: AppError },
): Promise<Response> {
  const { app } = site;
  const account = me(c);
  const { cursor } = c.req.query();
  const [{ items, next }, askers] = await Promise.all([
    listRecipients(app, { ownerId: account.id, cursor }),
    askersOf(app, account),
  ]);
  const page = (
    <RecipientsPage
      chrome={await chromeOf(site, c)}
      recipients={items}
      next={next}
      askers={askers}
      asks={asksConsent(app)}
      policy={policyOf(app, isVerified(app, account) ? account.email : null)}
      to={refused?.to ?? ""}
      wrong={refused?.error.message}
    />
  );
  return show(c, page, refused ? statusFor(c, refused.error) : 200);
}
