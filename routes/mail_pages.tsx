import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { parseAddresses } from "../domain/recipients/addresses.ts";
import { MAX_RECIPIENTS, requestMailing } from "../domain/mail/mailings.ts";
import { getNote } from "../domain/notes/notes.ts";
import { quotaOf } from "../domain/mail/quotas.ts";
import {
  type Blocked,
  isVerified,
  type RecipientStanding,
  refusedOf,
  standingsOf,
} from "../domain/recipients/recipients.ts";
import { pauseOf } from "../domain/mail/senders.ts";
import type { Account } from "../kv/schema.ts";
import { noteLetter, senderOf } from "../mails/note.tsx";
import type { MailPreview } from "../views/mail_check.tsx";
import { MailNotePage, type MailPolicy } from "../views/mail_note.tsx";
import { flash } from "./flash.ts";
import { foreignHtml } from "./foreign_html.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Asked = z.object({
  to: z.string().max(60_000).default(""),
  key: z.string().max(64).optional(),
  step: z.enum(["preview", "change", "send"]).catch("preview"),
});

/** Mailing a note in two steps: who gets it, then the mail itself and the button that sends. */
export const mailPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/notes/:id/mail", signedIn, (c) => asking(site, c, { to: "", key: newId() }))
    .get(
      "/notes/:id/mail/letter",
      signedIn,
      async (c) => foreignHtml(c, (await letterOf(app, c)).html),
    )
    .post("/notes/:id/mail", signedIn, form(Asked), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) {
        throw new AppError("invalid", "Cannot mail the note: the form is not complete");
      }
      const { to, key = newId(), step } = filled.data;
      if (step === "change") return await asking(site, c, { to, key });
      const { ok, wrong, standings } = await checked(app, me(c), to);
      if (wrong.length > 0) return await asking(site, c, { to, key, wrong, standings });
      try {
        if (step === "preview") {
          if (ok.length === 0) throw nobody();
          if (ok.length > MAX_RECIPIENTS) throw tooMany(ok.length);
          return await asking(site, c, { to: ok.join("\n"), key, standings, check: true });
        }
        const jobId = await requestMailing(app, {
          noteId: c.req.param("id"),
          ownerId: me(c).id,
          to: ok,
          key,
        });
        if (standings.some(({ standing }) => standing !== "allowed")) flash(c, { name: "asked" });
        return c.redirect(`/mailings/${jobId}`, 303);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === "not_found") throw error;
        return await asking(site, c, { to, key, problem: error.message });
      }
    });
};

const nobody = () => new AppError("invalid", "Cannot mail to nobody: add a recipient");
const tooMany = (count: number) =>
  new AppError("invalid", `Cannot mail to ${count} people at once: at most ${MAX_RECIPIENTS}`);

/** The addresses of a list that may be mailed, and those that may not, with the reason. */
async function checked(app: App, account: Account, text: string) {
  const { ok, wrong } = parseAddresses(text);
  const standings = await standingsOf(app, { ownerId: account.id, to: ok });
  return { ok, wrong: [...wrong, ...refusedOf(standings)], standings };
}

interface Asking {
  to: string;
  key: string;
  wrong?: Blocked[];
  problem?: string;
  standings?: RecipientStanding[];
  check?: boolean;
}

async function asking(site: Site, c: Ctx, asked: Asking): Promise<Response> {
  const { app } = site;
  const account = me(c);
  const { to, key, wrong = [], problem, standings = [], check = false } = asked;
  const note = await noteOf(app, c);
  const own = isVerified(app, account) ? account.email : null;
  const quota = await quotaOf(app, account);
  const limit = Math.min(MAX_RECIPIENTS, quota?.recipients ?? MAX_RECIPIENTS);
  const page = (
    <MailNotePage
      chrome={await chromeOf(site, c)}
      note={note}
      requestKey={key}
      recipients={{ value: to, wrong, standings, own, limit }}
      quota={quota}
      paused={await pauseOf(app, account.id)}
      policy={policyOf(app, own)}
      wrong={{ form: problem }}
      check={check ? await previewOf(app, c) : null}
    />
  );
  return show(c, page, wrong.length > 0 || problem ? 400 : 200);
}

const noteOf = (app: App, c: Ctx) =>
  getNote(app, { id: c.req.param("id") ?? "", ownerId: me(c).id });

export function policyOf(app: App, own: string | null): MailPolicy {
  if (app.mailer.name === "outbox") return { is: "outbox" };
  if (!app.config.recipientCheck) return { is: "anyone" };
  return { is: "some", own, domains: app.config.recipientDomains };
}

async function letterOf(app: App, c: Ctx) {
  const { title, text } = await noteOf(app, c);
  return noteLetter({ title, text, senderName: me(c).name, origin: app.config.origin });
}

async function previewOf(app: App, c: Ctx): Promise<MailPreview> {
  const account = me(c);
  const { subject, text } = await letterOf(app, c);
  const { name, address } = senderOf(account.name, app.config.mailFrom);
  return {
    from: `${name} <${address}>`,
    replyTo: isVerified(app, account) ? account.email : null,
    subject,
    text,
    htmlHref: `/notes/${c.req.param("id")}/mail/letter`,
  };
}
