import type { Clock, Store } from "../core/app.ts";
import type { Mailer } from "../core/mail.ts";
import { keys } from "../kv/keys.ts";
import { setText } from "../kv/parts.ts";
import { transact } from "../kv/transact.ts";

/**
 * Keeps mail in the store, where its own people see it at /outbox. Nothing leaves the machine; a
 * second try of the same message replaces the first.
 */
export function createOutboxMailer(app: { store: Store; clock: Clock }): Mailer {
  return {
    name: "outbox",
    batch: 20,
    idempotent: true,
    send: (mails) =>
      Promise.all(mails.map(async (mail) => {
        await transact(app, async (tx) => {
          const before = await tx.get(keys.outboxMail(mail.ref));
          const at = before?.at ?? app.clock.now();
          tx.set(keys.outboxMail(mail.ref), {
            id: mail.ref,
            senderId: mail.senderId,
            from: mail.from,
            to: mail.to,
            replyTo: mail.replyTo,
            subject: mail.subject,
            textParts: setText(tx, mail.text, (part) => keys.outboxBody(mail.ref, "text", part)),
            htmlParts: setText(tx, mail.html, (part) => keys.outboxBody(mail.ref, "html", part)),
            headers: { ...mail.headers },
            at,
          });
          if (mail.senderId) tx.set(keys.outboxBySender(mail.senderId, at, mail.ref), mail.ref);
          tx.set(keys.outboxByRecipient(mail.to.address.toLowerCase(), at, mail.ref), mail.ref);
        });
        return { is: "accepted", providerId: `outbox:${mail.ref}` } as const;
      })),
    close: () => Promise.resolve(),
  };
}
