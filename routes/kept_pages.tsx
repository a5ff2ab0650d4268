import { eraseAddress } from "../domain/recipients/erase_address.ts";
import { type KeptAbout, keptAbout } from "../domain/recipients/kept_about.ts";
import type { StopLink } from "../domain/recipients/stop_links.ts";
import { ConfirmPage } from "../views/confirm.tsx";
import { KeptPage } from "../views/kept.tsx";
import { createRouter, type Ctx } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { stopLinks } from "./stop_link.ts";

/** /u/:token/kept: what is stored about an address, for who reads it; the link in a letter proves that. */
export const keptPages = (site: Site) => {
  const { app } = site;
  const { linkOf } = stopLinks(app);
  return createRouter()
    .get("/u/:token/kept", async (c) => await keptPage(site, c, await linkOf(c)))
    .get("/u/:token/kept.json", async (c) => {
      const link = await linkOf(c);
      c.header("Content-Disposition", 'attachment; filename="clock-work-kept.json"');
      return c.json(keptJson(link, await keptAbout(app, link)));
    })
    .get("/u/:token/erase", async (c) => {
      const { shown } = await linkOf(c);
      const base = baseOf(c);
      return show(
        c,
        <ConfirmPage
          chrome={await chromeOf(site, c)}
          title="Erase my address"
          text={`What is readable of ${shown} is removed from what members asked you, from what is stopped and from what you reported. It stays stopped, and what you answered stays, under a mark that nobody can read the address from. This cannot be undone.`}
          action={`${base}/erase`}
          button="Erase it"
          cancel={{ label: "Back", href: `${base}/kept` }}
        />,
      );
    })
    .post("/u/:token/erase", async (c) => {
      const link = await linkOf(c);
      await eraseAddress(app, link);
      return await keptPage(site, c, link, { erased: true });
    });
};

const baseOf = (c: Ctx) => `/u/${c.req.param("token")}`;

async function keptPage(site: Site, c: Ctx, link: StopLink, { erased = false } = {}) {
  const kept = await keptAbout(site.app, link);
  const chrome = await chromeOf(site, c);
  const { shown } = link;
  return show(c, <KeptPage {...{ chrome, shown, kept, erased }} base={baseOf(c)} />);
}

/** The same for programs, and to keep. */
function keptJson({ shown }: StopLink, { asked, stopped, cameBack, reported }: KeptAbout) {
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  return {
    address: shown,
    asked: asked.map(({ invitedAt, decidedAt, ...one }) => ({
      ...one,
      invitedAt: iso(invitedAt),
      decidedAt: iso(decidedAt),
    })),
    stopped: stopped.map(({ scope, cause, from, at, until }) => ({
      what: scope.split(":")[0],
      from,
      cause,
      at: iso(at),
      until: iso(until),
    })),
    cameBack: cameBack.map(iso),
    reported: reported.map(({ at, ...one }) => ({ ...one, at: iso(at) })),
  };
}
