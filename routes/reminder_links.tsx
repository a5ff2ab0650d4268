import { actByLink, offerOf } from "../domain/reminders/reminder_links.ts";
import { readLink } from "../domain/accounts/signed_links.ts";
import { ReminderLinkPage } from "../views/reminder_link.tsx";
import { createRouter } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** /r/:link: what the buttons in a reminder's letter do. A GET only shows it: mail scanners open links. */
export const reminderLinks = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/r/:link", async (c) => {
      const link = c.req.param("link");
      const offer = await offerOf(app, await readLink(app, link));
      const action = `/r/${link}`;
      return show(
        c,
        <ReminderLinkPage chrome={await chromeOf(site, c)} {...offer} action={action} />,
      );
    })
    .post("/r/:link", async (c) => {
      const { title, status } = await actByLink(app, await readLink(app, c.req.param("link")));
      const chrome = await chromeOf(site, c);
      return show(c, <ReminderLinkPage chrome={chrome} title={title} status={status} />);
    });
};
