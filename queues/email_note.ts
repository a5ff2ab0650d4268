import { mailingOver } from "../domain/mail/mailing_news.ts";
import { mailingText } from "../domain/mail/mailings.ts";
import { isOwnAddress } from "../domain/recipients/own_address.ts";
import { isVerified } from "../domain/recipients/recipients.ts";
import { textHash } from "../domain/mail/same_text.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Delivery } from "../kv/schema.ts";
import { noteLetter, senderOf } from "../mails/note.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Mails one note, to each recipient a message of their own, and tells its owner how it went. */
export const emailNote: Handler<"email_note"> = async (app, job) => {
  const { mailing, text } = await mailingText(app, job.id);
  const owner = await read(app, keys.account(mailing.ownerId));
  if (owner === null || owner.closedAt !== undefined) return cancel("the account is closed");
  const { origin, mailFrom } = app.config;
  const { hostname } = new URL(origin);
  const words = { title: mailing.title, text, senderName: owner.name, origin };
  const letter = noteLetter(words);
  const ownLetter = noteLetter({ ...words, page: `${origin}/notes/${mailing.noteId}` });
  const thread = `<note-${mailing.noteId}@${hostname}>`;
  const auto = { "Auto-Submitted": "auto-generated" };
  const headers = { ...auto, "In-Reply-To": thread, "References": thread };

  return await deliver(app, job, {
    leaving: {
      kind: "note",
      ownerId: owner.id,
      askedAt: mailing.createdAt,
      text: await textHash(app, { title: mailing.title, text }),
    },
    mail: async (delivery) => {
      const said = await isOwnAddress(app, owner, delivery.to) ? ownLetter : letter;
      return {
        ref: delivery.id,
        senderId: owner.id,
        from: senderOf(owner.name, mailFrom),
        to: { address: delivery.to },
        replyTo: isVerified(app, owner) ? { address: owner.email, name: owner.name } : undefined,
        ...withWaysOut({ ...said, headers }, await waysOut(app, owner, { kind: "note", delivery })),
        date: delivery.firstAt ?? app.clock.now(),
      };
    },
    done: (deliveries) => (tx) => mailingOver(app, tx, { mailing, text: summary(deliveries) }),
  });
};

/** "Mailed to 3 people" or what is missing of it. */
function summary(deliveries: readonly Delivery[]): string {
  const sent = deliveries.filter(({ state }) => state === "sent").length;
  const failed = deliveries.length - sent;
  const people = (n: number) => n === 1 ? "1 person" : `${n} people`;
  if (failed === 0) return `Mailed to ${people(sent)}`;
  return `Mailed to ${people(sent)}; ${failed} could not be reached`;
}
