import { checkMailjet } from "../../adapters/mailjet_check.ts";
import { createMailer } from "../../adapters/mailer.ts";
import { checkSmtp } from "../../adapters/smtp_check.ts";
import { systemClock } from "../../adapters/clock.ts";
import type { Store } from "../../core/app.ts";
import type { Config } from "../../core/config.ts";
import { newId } from "../../core/ids.ts";
import { createLog } from "../../core/log.ts";
import { type Finding, ill, well } from "./finding.ts";

const NAME = "mail";

/** Whether the mail service lets us in. Nothing is sent. */
export async function lookAtMail(config: Config): Promise<Finding> {
  const { mailjet, smtpUrl, mailFrom, sending, origin } = config;
  if (!mailjet && !smtpUrl) {
    return well(NAME, "no mail service is set up: mail is kept in the outbox and nothing leaves");
  }
  const service = mailjet ? "Mailjet" : "the SMTP server";
  const wrong = mailjet
    ? await checkMailjet({ ...mailjet, from: mailFrom })
    : await checkSmtp({ url: smtpUrl! });
  if (wrong !== null) {
    const settings = mailjet ? "MAILJET_API_KEY, MAILJET_API_SECRET and MAIL_FROM" : "SMTP_URL";
    return ill(NAME, wrong, `look at ${settings}, and whether this machine may go out`);
  }
  // The address with its password is for admins alone: what is printed here may be kept.
  const events = mailjet
    ? `; an admin finds at ${origin}/admin where it is to tell of bounces`
    : "";
  return well(
    NAME,
    sending
      ? `${service} lets us in; mail comes from ${mailFrom}${events}`
      : `${service} lets us in; sending is off, so mail is kept in the outbox`,
  );
}

/** Sends one message as the server would, and says what was answered. */
export async function sendTest(
  config: Config,
  { to, store }: { to: string; store: Store | null },
): Promise<Finding> {
  const name = "test mail";
  const log = createLog("error", () => {});
  const isOutbox = !config.sending || !config.mailjet && !config.smtpUrl;
  if (isOutbox && store === null) {
    return ill(
      name,
      "it would be kept in the outbox, and the running server has the store",
      "set up a mail service, or stop the server first",
    );
  }
  // Only the outbox touches the store.
  const mailer = createMailer(config, { store: store!, clock: systemClock, log });
  const text = "This is a test. If you read it, mail from Clock Work reaches you.\n";
  const [answer] = await mailer.send([{
    ref: `${newId()}-0`,
    from: { address: config.mailFrom, name: "Clock Work" },
    to: { address: to },
    subject: "A test of Clock Work",
    text,
    html: `<p>${text.trim()}</p>`,
    headers: { "Auto-Submitted": "auto-generated" },
    date: Date.now(),
  }]);
  await mailer.close();
  if (answer?.is === "accepted") {
    return well(name, isOutbox ? "kept in the outbox" : `accepted for ${to}`);
  }
  const reason = answer && "reason" in answer ? answer.reason : "there was no answer";
  return ill(name, `${answer?.is ?? "unclear"}: ${reason}`, "the answer is the service's own");
}
