import { Hono } from "hono";
import type { App } from "../core/app.ts";
import type { ChatUpdate } from "../core/chat.ts";
import type { Connection } from "../realtime/connection.ts";
import { accountPages } from "./account_pages.tsx";
import { accountsRoutes, meRoutes } from "./accounts.ts";
import { chatPages } from "./chat_pages.tsx";
import { broadcastDesk } from "./broadcast_desk.tsx";
import { broadcastPages } from "./broadcast_pages.tsx";
import { broadcastsRoutes } from "./broadcasts.ts";
import { closePages } from "./close_pages.tsx";
import { dataPages } from "./data_pages.tsx";
import { doorPages } from "./door_pages.tsx";
import { emailPages } from "./email_pages.tsx";
import { keptPages } from "./kept_pages.tsx";
import { linkPages } from "./link_pages.tsx";
import { adminJobsRoutes } from "./admin_jobs.ts";
import { adminAuditRoutes } from "./admin_audit.ts";
import { adminMembersRoutes } from "./admin_members.ts";
import { adminPages } from "./admin_pages.tsx";
import { adminSendingRoutes } from "./admin_sending.ts";
import { adminSuppressionsRoutes } from "./admin_suppressions.ts";
import { activationPages } from "./activation_pages.tsx";
import { auditPages } from "./audit_pages.tsx";
import { factorPages } from "./factor_pages.tsx";
import { applyGuards } from "./guards.ts";
import { healthRoutes } from "./health.ts";
import { inboxPages } from "./inbox_pages.tsx";
import { invitationPages } from "./invitation_pages.tsx";
import { jobsRoutes } from "./jobs.ts";
import { mailPages } from "./mail_pages.tsx";
import { mailingPages } from "./mailing_pages.tsx";
import { mailjetRoutes } from "./mailjet.ts";
import { memberPages } from "./member_pages.tsx";
import { notePages } from "./note_pages.tsx";
import { notesRoutes } from "./notes.ts";
import { notificationsRoutes } from "./notifications.ts";
import { outboxPages } from "./outbox_pages.tsx";
import { ownAddressPages } from "./own_address_pages.tsx";
import { problemPage } from "./problem.tsx";
import { progressPages } from "./progress_pages.tsx";
import { proofPages } from "./proof_pages.tsx";
import { recipientPages } from "./recipient_pages.tsx";
import { recipientsRoutes } from "./recipients.ts";
import { reminderLinks } from "./reminder_links.tsx";
import { remindersRoutes } from "./reminders.ts";
import { reminderActs } from "./reminder_acts.ts";
import { reminderPages } from "./reminder_pages.tsx";
import { createRouter, type Env, signedIn } from "./router.ts";
import { secondStepPages } from "./second_step_pages.tsx";
import { sessionRoutes } from "./session.ts";
import type { Site } from "./site.ts";
import { socketRoutes } from "./socket.ts";
import { staticFiles } from "./static.ts";
import { stopPages } from "./stop_pages.tsx";
import { trustPages } from "./trust_pages.tsx";
import { whenRoutes } from "./when.ts";
import { whenFormRoutes } from "./when_form.ts";
import { takesUpdates, telegramRoutes } from "./telegram.ts";

/** The JSON doors, chained so that a client can be typed by them. */
const api = (app: App) =>
  createRouter()
    .route("/accounts", accountsRoutes(app))
    .route("/session", sessionRoutes(app))
    .route("/me", meRoutes(app))
    .use(signedIn)
    .route("/notes", notesRoutes(app))
    .route("/jobs", jobsRoutes(app))
    .route("/admin/jobs", adminJobsRoutes(app))
    .route("/admin/audit", adminAuditRoutes(app))
    .route("/admin/members", adminMembersRoutes(app))
    .route("/admin/sending", adminSendingRoutes(app))
    .route("/admin/suppressions", adminSuppressionsRoutes(app))
    .route("/broadcasts", broadcastsRoutes(app))
    .route("/notifications", notificationsRoutes(app))
    .route("/recipients", recipientsRoutes(app))
    .route("/when", whenRoutes(app))
    .route("/when/form", whenFormRoutes(app))
    .route("/reminders", remindersRoutes(app));
export type Api = ReturnType<typeof api>;

export interface Behind {
  /** Holds the connections until they end. */
  open: Set<Connection>;
  /** Does what an update of Telegram asks for. */
  update(update: ChatUpdate): Promise<void>;
}

/** All doors, behind their guards. */
export function createRoutes(site: Site, { open, update }: Behind): Hono<Env> {
  const { app } = site;
  const http = new Hono<Env>();
  applyGuards(app, http, { page: problemPage(site) });
  http.route("/", staticFiles());
  http.route("/", healthRoutes(site));
  http.route("/api", api(app));
  http.route("/", socketRoutes(app, open));
  http.route("/", mailjetRoutes(app));
  if (takesUpdates(app)) http.route("/", telegramRoutes(app, update));
  http.route("/", doorPages(site));
  http.route("/", activationPages(site));
  http.route("/", linkPages(site));
  http.route("/", emailPages(site));
  http.route("/", reminderLinks(site));
  http.route("/", stopPages(site));
  http.route("/", keptPages(site));
  http.route("/", notePages(site));
  http.route("/", reminderPages(site));
  http.route("/", reminderActs(site));
  http.route("/", mailPages(site));
  http.route("/", mailingPages(site));
  http.route("/", inboxPages(site));
  http.route("/", outboxPages(site));
  http.route("/", accountPages(site));
  http.route("/", proofPages(site));
  http.route("/", factorPages(site));
  http.route("/", secondStepPages(site));
  http.route("/", ownAddressPages(site));
  http.route("/", recipientPages(site));
  http.route("/", invitationPages(site));
  http.route("/", dataPages(site));
  http.route("/", closePages(site));
  http.route("/", progressPages(site));
  http.route("/", adminPages(site));
  http.route("/", memberPages(site));
  http.route("/", trustPages(site));
  http.route("/", auditPages(site));
  http.route("/", chatPages(site));
  http.route("/", broadcastDesk(site)); // "new" is no id
  http.route("/", broadcastPages(site));
  return http;
}
