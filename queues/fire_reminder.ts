import type { App } from "../core/app.ts";
import type { Mail } from "../core/mail.ts";
import { addressKey } from "../domain/recipients/addresses.ts";
import { chatOf } from "../domain/chats/chats.ts";
import { progressOf, setDeliveries } from "../domain/mail/deliveries.ts";
import { skipped } from "../domain/mail/delivery_moves.ts";
import { fire } from "../domain/reminders/firing.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import { textHash } from "../domain/mail/same_text.ts";
import { provenAddresses } from "../domain/recipients/own_addresses.ts";
import { blockedFor, isVerified } from "../domain/recipients/recipients.ts";
import { reminderMessage } from "../domain/reminders/reminder_chat.ts";
import { markChat } from "../domain/reminders/reminder_moves.ts";
import { dueLine } from "../domain/reminders/reminder_words.ts";
import { type LinkAct, signLink } from "../domain/accounts/signed_links.ts";
import { cancel, completed, type Handler, type RunningJob, snooze } from "../jobs/handler.ts";
import type { Payload } from "../jobs/catalog.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Account, Delivery, Occurrence, Reminder } from "../kv/schema.ts";
import { senderOf } from "../mails/note.tsx";
import { reminderLetter } from "../mails/reminder.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Rings one occurrence of a reminder, in one commit, and carries it to wherever it is to ring. */
export const fireReminder: Handler<"fire_reminder"> = async (app, job) => {
  const { reminderId, dueAt } = job.payload;
  const reminder = await read(app, keys.reminder(reminderId));
  const owner = reminder && await read(app, keys.account(reminder.ownerId));
  if (reminder === null || owner === null) return cancel("the reminder is gone");
  if (owner.closedAt !== undefined) return cancel("the account is closed");
  let deliveries = await deliveriesOf(app, job.id);
  if (deliveries.length > 0) await dropMoot(app, job, { deliveries, owner });
  else {
    const blocked = await blockedFor(app, {
      ownerId: owner.id,
      to: reminder.channels.mail,
      kind: "reminder",
    });
    const firing = { ...job.payload, jobId: job.id, owner, blocked };
    const fired = await job.commit((tx) => fire(app, tx, firing), job.progress);
    if (fired.is === "over") return completed();
    if (fired.is === "early") return snooze(fired.ms);
    deliveries = fired.deliveries;
  }
  if (deliveries.every(({ channel }) => channel === "page")) return completed();
  const occurrence = await read(app, keys.occurrence(reminderId, dueAt));
  if (occurrence === null) return cancel("the reminder is gone");
  const rung = { ...occurrence, ringAt: job.payload.ringAt };
  const mail = await mailOf(app, { reminder, occurrence: rung, owner });
  return await deliver(app, job, {
    leaving: {
      kind: "reminder",
      ownerId: owner.id,
      askedAt: job.payload.ringAt,
      text: await textHash(app, reminder),
    },
    mail,
    chat: ({ chatId, firstAt }) => {
      const now = firstAt ?? app.clock.now();
      return reminderMessage(app, { reminder, occurrence, chatId: chatId!, now, sentAt: now });
    },
    repeatInChat: true,
    // What was done while a message was on its way could not be shown in it.
    done: () => async (tx) => {
      const now = await tx.get(keys.occurrence(reminderId, dueAt));
      const same = now?.state === occurrence.state && now.ringAt === occurrence.ringAt;
      if (now && !same) await markChat(app, tx, now);
    },
  });
};

/**
 * What a later try must not send any more: to its owner what they have answered elsewhere, and to a
 * chat what is not linked to them now.
 */
async function dropMoot(
  app: App,
  job: RunningJob<Payload<"fire_reminder">>,
  { deliveries, owner }: { deliveries: readonly Delivery[]; owner: Account },
): Promise<void> {
  const { reminderId, dueAt, ringAt } = job.payload;
  const occurrence = await read(app, keys.occurrence(reminderId, dueAt));
  const chat = await chatOf(app, owner.id);
  const isOwn = await ownOf(app, owner);
  const rings = occurrence?.state === "ringing" && occurrence.ringAt === ringAt;
  const whyMoot = ({ channel, to, chatId }: Delivery): string | null => {
    if (channel === "telegram" && chat?.chatId !== chatId) return "the chat is not linked any more";
    if (channel === "mail" && !isOwn(to)) return null;
    return rings ? null : "it was answered before";
  };
  const now = app.clock.now();
  const all = deliveries.map((one) => {
    const why = one.state === "waiting" ? whyMoot(one) : null;
    return why === null ? one : skipped(one, why, now);
  });
  const dropped = all.filter((one, i) => one !== deliveries[i]);
  if (dropped.length === 0) return;
  await job.commit((tx) => setDeliveries(tx, dropped), progressOf(all, "Answered before"));
}

/** Who is written to as the owner: by the account's address and those that are proven beside it. */
async function ownOf(app: App, owner: Account): Promise<(to: string) => boolean> {
  const own = new Set([owner.email, ...await provenAddresses(app, owner)].map(addressKey));
  return (to) => own.has(addressKey(to));
}

/** How a delivery by mail is written: with buttons to its owner, without to other people. */
async function mailOf(
  app: App,
  { reminder, occurrence, owner }: {
    reminder: Reminder;
    occurrence: Occurrence;
    owner: Account;
  },
): Promise<(delivery: Delivery) => Promise<Mail>> {
  const { origin, mailFrom } = app.config;
  const { id, ownerId, title, text, schedule: { zone } } = reminder;
  const link = async (act: LinkAct) =>
    `${origin}/r/${await signLink(app, { ...occurrence, ownerId, act })}`;
  const buttons = [
    { label: "Done", href: await link("done") },
    { label: "1 hour", href: await link("1h") },
    { label: "Tomorrow 09:00", href: await link("tomorrow") },
    { label: "Open", href: `${origin}/reminders/${id}` },
  ];
  const isOwn = await ownOf(app, owner);
  const thread = `<reminder-${id}@${new URL(origin).hostname}>`;
  const auto = { "Auto-Submitted": "auto-generated" };
  const headers = { ...auto, "In-Reply-To": thread, "References": thread };
  return async (delivery) => {
    const date = delivery.firstAt ?? app.clock.now();
    const own = isOwn(delivery.to);
    const letter = { title, text, due: dueLine(reminder, occurrence, date), zone, origin };
    return {
      ref: delivery.id,
      senderId: owner.id,
      from: own ? { address: mailFrom, name: "Clock Work" } : senderOf(owner.name, mailFrom),
      to: own ? { address: delivery.to, name: owner.name } : { address: delivery.to },
      replyTo: !own && isVerified(app, owner)
        ? { address: owner.email, name: owner.name }
        : undefined,
      ...withWaysOut(
        {
          ...reminderLetter(
            own
              ? { ...letter, setBy: null, buttons }
              : { ...letter, setBy: owner.name, buttons: [] },
          ),
          headers,
        },
        await waysOut(app, owner, { kind: "reminder", delivery }),
      ),
      date,
    };
  };
}
