import type { Clock, Store } from "../core/app.ts";
import type { Config } from "../core/config.ts";
import type { Log } from "../core/log.ts";
import type { Mailer } from "../core/mail.ts";
import { withBreaker } from "./breaker.ts";
import { createMailjetMailer } from "./mailjet.ts";
import { createOutboxMailer } from "./outbox.ts";
import { createSmtpMailer } from "./smtp.ts";

/** The mailer that the settings ask for; the outbox where there is none or nothing may leave. */
export function createMailer(
  config: Config,
  app: { store: Store; clock: Clock; log: Log },
): Mailer {
  const { sending, mailjet, smtpUrl } = config;
  if (sending && mailjet) {
    return withBreaker(createMailjetMailer({ ...mailjet, log: app.log }), app.clock, app.log);
  }
  if (sending && smtpUrl) {
    return withBreaker(createSmtpMailer({ url: smtpUrl, log: app.log }), app.clock, app.log);
  }
  return createOutboxMailer(app);
}
