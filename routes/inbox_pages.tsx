import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from "../domain/notifications.ts";
import { readAnnouncement } from "../domain/broadcasts/announcements.ts";
import { AnnouncementPage } from "../views/announcement.tsx";
import { InboxPage } from "../views/inbox.tsx";
import { flash } from "./flash.ts";
import { createRouter, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** The inbox behind the bell. */
export const inboxPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/inbox", signedIn, async (c) => {
      const { cursor } = c.req.query();
      const unread = c.req.query("show") === "unread";
      const { items, next } = await listNotifications(app, { accountId: me(c).id, cursor, unread });
      const page = (
        <InboxPage
          chrome={await chromeOf(site, c)}
          show={unread ? "unread" : "all"}
          items={items}
          next={next}
        />
      );
      return show(c, page);
    })
    .post("/inbox/read", signedIn, async (c) => {
      await readAllNotifications(app, me(c).id);
      flash(c, { name: "read" });
      return c.redirect("/inbox", 303);
    })
    // Marks as read and goes there: a GET, because it is a link, and doing it twice is doing it once.
    .get("/inbox/:id/open", signedIn, async (c) => {
      const { href } = await readNotification(app, { accountId: me(c).id, id: c.req.param("id") });
      return c.redirect(href, 303);
    })
    .get("/announcements/:ref", signedIn, async (c) => {
      const ref = { ref: c.req.param("ref"), accountId: me(c).id };
      const announcement = await readAnnouncement(app, ref);
      const chrome = await chromeOf(site, c);
      return show(c, <AnnouncementPage chrome={chrome} announcement={announcement} />);
    });
};
