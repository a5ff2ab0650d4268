import { AppError } from "../core/errors.ts";
import { listMailings } from "../domain/mail/mailing_list.ts";
import { retryMailing } from "../domain/mail/mailings.ts";
import { getNote } from "../domain/notes/notes.ts";
import { pauseOf } from "../domain/mail/senders.ts";
import { cancelWork, getMailing } from "../domain/work.ts";
import { MailingPage } from "../views/mailing.tsx";
import { MailingsPage } from "../views/mailings.tsx";
import { flash } from "./flash.ts";
import { createRouter, type Ctx, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { dayOf } from "./today.ts";

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", ownerId: me(c).id });

/** Pages of mailings: all of them, and one with its ledger. */
export const mailingPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/mailings", signedIn, async (c) => {
      const { cursor } = c.req.query();
      const { items, next } = await listMailings(app, { ownerId: me(c).id, cursor });
      const chrome = await chromeOf(site, c);
      const page = (
        <MailingsPage
          chrome={chrome}
          mailings={items.map(({ mailing, job }) => ({
            job,
            title: mailing.title,
            retriedBy: mailing.retriedBy,
          }))}
          next={next}
          older={cursor !== undefined}
          delivered={dayOf(items, chrome).delivered}
          paused={await pauseOf(app, me(c).id)}
        />
      );
      return show(c, page);
    })
    .get("/mailings/:id", signedIn, async (c) => {
      const { deliveries, title, retryOf, retriedBy, noteId, ...job } = await getMailing(
        app,
        refOf(c),
      );
      const note = await getNote(app, { id: noteId, ownerId: me(c).id }).catch(gone);
      const page = (
        <MailingPage
          chrome={await chromeOf(site, c)}
          job={job}
          title={title}
          noteHref={note ? `/notes/${note.id}` : null}
          deliveries={deliveries}
          retryOf={retryOf}
          retriedBy={retriedBy}
        />
      );
      return show(c, page);
    })
    .post("/mailings/:id/cancel", signedIn, async (c) => {
      const ref = refOf(c);
      await getMailing(app, ref); // other work is not cancelled here
      const name = await cancelWork(app, ref).then(
        (job) => job.finishedAt === null ? "ending" as const : "cancelled" as const,
        (error) => {
          if (error instanceof AppError && error.code === "conflict") return "over" as const;
          throw error;
        },
      );
      flash(c, { name });
      return c.redirect(`/mailings/${ref.id}`, 303);
    })
    .post("/mailings/:id/retry", signedIn, async (c) => {
      const { id: jobId, ownerId } = refOf(c);
      return c.redirect(`/mailings/${await retryMailing(app, { jobId, ownerId })}`, 303);
    });
};

function gone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
