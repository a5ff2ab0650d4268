import { AppError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { actOnJob, JOB_ACTS } from "../domain/admin/admin_job_acts.ts";
import { KINDS, listJobs } from "../domain/admin/admin_jobs.ts";
import { health } from "../domain/admin/health.ts";
import { mailjetEventsUrl } from "../domain/mail/mailjet_secret.ts";
import { senderDomain } from "../domain/mail/sender_domain.ts";
import { overview } from "../domain/admin/overview.ts";
import { AdminPage } from "../views/admin.tsx";
import { AdminJobsPage } from "../views/admin_jobs.tsx";
import { jobFilter } from "./admin_jobs.ts";
import { flash } from "./flash.ts";
import { proved } from "./proof.ts";
import { adminOnly, createRouter, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** Pages for admins; to others there is nothing here. */
export const adminPages = (site: Site) => {
  const { app, startedAt } = site;
  const sure = proved(app, (c) => `/admin/jobs${new URL(c.req.url).search}`);
  const pages = createRouter()
    .use("/admin", adminOnly)
    .use("/admin/*", adminOnly)
    .get("/admin", async (c) => {
      const [health_, counts, domain] = await Promise.all([
        health(app, { startedAt }),
        overview(app, me(c)),
        senderDomain(app),
      ]);
      const { config, mailer, messenger, store } = app;
      const instance = {
        mailer: mailer.name,
        sending: config.sending,
        anyone: mailer.name !== "outbox" && !config.recipientCheck,
        telegram: messenger === null ? null : config.telegram?.mode ?? "polling",
        store: store.shared ? "shared" as const : "own" as const,
        queues: config.queues,
        version: VERSION,
        startedAt,
      };
      const eventsUrl = mailer.name === "mailjet" ? await mailjetEventsUrl(app) : null;
      const chrome = await chromeOf(site, c);
      return show(
        c,
        <AdminPage {...{ chrome, instance, counts, domain, eventsUrl }} health={health_} />,
      );
    })
    .get("/admin/jobs", async (c) => {
      const filter = jobFilter(c);
      const jobs = await listJobs(app, { ...filter, by: me(c) });
      const chrome = await chromeOf(site, c);
      return show(c, <AdminJobsPage {...{ chrome, jobs, filter }} kinds={KINDS} />);
    });
  for (const act of JOB_ACTS) {
    pages.post(`/admin/jobs/:id/${act}`, sure, async (c) => {
      const { state = "", kind = "" } = jobFilter(c);
      try {
        await actOnJob(app, { id: c.req.param("id"), by: me(c), act });
        flash(c, { name: `job_${act}` });
      } catch (error) {
        if (!(error instanceof AppError && error.code === "conflict")) throw error;
        flash(c, { name: "job_not_so" });
      }
      return c.redirect(`/admin/jobs?${new URLSearchParams({ state, kind })}`, 303);
    });
  }
  return pages;
};
