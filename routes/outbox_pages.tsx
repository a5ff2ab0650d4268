import { notFound } from "../core/errors.ts";
import { getOutboxMail, listOutbox, openOutboxMail } from "../domain/mail/outbox.ts";
import { peekToken } from "../domain/accounts/tokens.ts";
import { OutboxPage } from "../views/outbox.tsx";
import { OutboxMailPage } from "../views/outbox_mail.tsx";
import { foreignHtml } from "./foreign_html.ts";
import { createRouter, type Ctx, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** Mail that is kept here because there is no mail service: for those it is from and to. */
export const outboxPages = (site: Site) => {
  const { app } = site;
  const own = (c: Ctx) => getOutboxMail(app, { id: c.req.param("id") ?? "", account: me(c) });
  /** For somebody who has just signed up and cannot sign in before reading the letter. */
  const given = async (c: Ctx) => {
    const { subject } = await peekToken(app, "outbox", c.req.param("token") ?? "");
    return await openOutboxMail(app, subject);
  };
  const page = async (c: Ctx, { text, html: _, ...mail }: Awaited<ReturnType<typeof own>>) => {
    const links = (text.match(/https?:\/\/\S+/g) ?? [])
      .map((link) => link.replace(/[.,;:!?)>\]]+$/, "")) // what ends the sentence is not the link's
      .filter((link) => URL.canParse(link));
    const page = (
      <OutboxMailPage
        chrome={await chromeOf(site, c)}
        mail={mail}
        text={text}
        links={[...new Set(links)]}
        htmlHref={`${c.req.path}/html`}
      />
    );
    return show(c, page);
  };

  return createRouter()
    .use("/outbox/*", async (_, next) => {
      if (app.mailer.name !== "outbox") throw notFound("page");
      await next();
    })
    .get("/outbox", signedIn, async (c) => {
      const mails = await listOutbox(app, me(c));
      return show(c, <OutboxPage chrome={await chromeOf(site, c)} mails={mails} next={null} />);
    })
    .get("/outbox/open/:token", async (c) => await page(c, await given(c)))
    .get("/outbox/:id", signedIn, async (c) => await page(c, await own(c)))
    .get("/outbox/open/:token/html", async (c) => foreignHtml(c, (await given(c)).html))
    .get("/outbox/:id/html", signedIn, async (c) => foreignHtml(c, (await own(c)).html));
};
