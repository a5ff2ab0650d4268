import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { isReadersOwn, report } from "../domain/mail/reports.ts";
import { readStop, type StopLink } from "../domain/recipients/stop_links.ts";
import { stop, stopOffers, undoStop } from "../domain/recipients/unsubscribe.ts";
import { ConfirmPage } from "../views/confirm.tsx";
import { ReportedPage } from "../views/reported.tsx";
import { StopPage } from "../views/stop.tsx";
import { bodyText, wholeBody } from "./body_text.ts";
import { createRouter, type Ctx } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { stopLinks } from "./stop_link.ts";

/**
 * /u/:token: what the links in letters do. One-click unsubscribing is RFC 8058: the mail provider
 * posts, without a cookie, and a redirect would not be followed. A GET only shows: scanners open links.
 */
export const stopPages = (site: Site) => {
  const { app } = site;
  const { linkOf, isTooOften } = stopLinks(app);
  return createRouter()
    .get("/u/:token", async (c) => await offersPage(site, c, await linkOf(c)))
    .post("/u/:token", async (c) => {
      const fields = await fieldsOf(c);
      if (fields.get("List-Unsubscribe") === "One-Click") return await oneClick(app, c, isTooOften);
      const link = await linkOf(c);
      const [what, act] = [fields.get("what"), fields.get("act")];
      if (what !== "this" && what !== "all" || act !== "stop" && act !== "undo") {
        throw new AppError("invalid", "Cannot do this: say what to stop");
      }
      await (act === "stop" ? stop : undoStop)(app, link, what);
      return await offersPage(site, c, link);
    })
    .get("/u/:token/report", async (c) => {
      const link = reportable(await linkOf(c));
      const chrome = await chromeOf(site, c);
      const { from } = await stopOffers(app, link);
      const action = `/u/${c.req.param("token")}`;
      return show(
        c,
        <ConfirmPage
          chrome={chrome}
          title="Report this mail"
          text={await willDo(app, link, from)}
          action={`${action}/report?m=${refOf(c)}`}
          button="Report it"
          cancel={{ label: link.stops === "account" ? "Back" : "Only stop it", href: action }}
        />,
      );
    })
    .post("/u/:token/report", async (c) => {
      const link = reportable(await linkOf(c));
      await report(app, link, refOf(c));
      const { from, account } = await stopOffers(app, link);
      const own = await isReadersOwn(app, link, account);
      const chrome = await chromeOf(site, c);
      const what = own ? null : whose(link, from);
      const stopHref = `/u/${c.req.param("token")}`;
      return show(c, <ReportedPage {...{ chrome, what, stopHref }} />);
    });
};

/**
 * What a mail provider asks for is answered with 200 whatever the link is, and as often as it asks:
 * else it would ask again, or tell its reader that we let nobody go. Strangers' guesses are slowed down
 * before they come here.
 */
async function oneClick(
  app: App,
  c: Ctx,
  isTooOften: (c: Ctx) => boolean,
): Promise<Response> {
  const link = await readStop(app, c.req.param("token") ?? "").catch((error) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (link === null) return c.text("This link is not whole, so there is nothing to stop.\n");
  // Pressed so often that nothing more can come of it: said, not done once more.
  if (!isTooOften(c)) await stop(app, link, "this");
  return c.text("Stopped.\n");
}

/** Which message it was, as the link says it; nothing for what is no name of one. */
const refOf = (c: Ctx) => /^[\w]{26}-\d{1,6}$/.exec(c.req.query("m") ?? "")?.[0] ?? "";

/** Nobody reports what they send themselves. */
function reportable(link: StopLink): StopLink {
  if (isOwn(link)) throw notFound("page");
  return link;
}

const isOwn = ({ stops }: StopLink) => stops === "reminders" || stops === "notes";

/** What a report does, before it is done. */
async function willDo(app: App, link: StopLink, from: string | null): Promise<string> {
  const { account } = await stopOffers(app, link);
  if (await isReadersOwn(app, link, account)) {
    return `It was about the account of ${link.shown}. Those who run Clock Work learn that it was not expected; such letters go on, so that nobody can act for you unseen.`;
  }
  const learn = link.stops === "sender"
    ? "those who run Clock Work learn that it was not wanted, and can read it"
    : "those who run Clock Work learn that it was not wanted";
  return `${whose(link, from)} to ${link.shown} is stopped at once, and ${learn}.`;
}

function whose({ stops }: StopLink, from: string | null): string {
  if (stops === "account") return "Everything except sign-in mails";
  if (stops === "broadcasts") return "Mail with announcements";
  return stops === "sender" ? `Mail from ${from ?? "this sender"}` : "Mail like this";
}

async function offersPage(site: Site, c: Ctx, link: StopLink): Promise<Response> {
  const { offers } = await stopOffers(site.app, link);
  const action = `/u/${c.req.param("token")}`;
  return show(
    c,
    <StopPage
      chrome={await chromeOf(site, c)}
      shown={link.shown}
      offers={offers}
      action={action}
      reportHref={isOwn(link) ? null : `${action}/report`}
    />,
  );
}

/** A form in either of the types in which RFC 8058 lets it come. @throws {AppError} `invalid`. */
async function fieldsOf(c: Ctx): Promise<URLSearchParams | FormData> {
  const type = c.req.header("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) return new URLSearchParams(await bodyText(c));
  const bytes = await wholeBody(c);
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch {
    throw new AppError("invalid", "Cannot read the form: it is damaged");
  }
}
