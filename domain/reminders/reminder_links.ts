import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { markDone, snooze } from "./occurrences.ts";
import type { OccurrenceView } from "./reminder_view.ts";
import { isOpen, occurrenceView } from "./reminder_views.ts";
import { moment } from "./reminder_words.ts";
import type { ReminderLink } from "../accounts/signed_links.ts";
import { snoozeUntil } from "./snoozes.ts";

/** What a link would do now. */
export interface LinkOffer {
  title: string;
  /** "Mark as done", "Snooze until Tue 24 Nov 09:00"; null when it would do nothing any more. */
  button: string | null;
  /** How the occurrence is, in words. */
  status: string;
}

/** What a link of a letter would do, without doing it. @throws {AppError} `not_found`. */
export async function offerOf(app: App, link: ReminderLink): Promise<LinkOffer> {
  const { act, reminderId, dueAt, ringAt, ownerId } = link;
  const [reminder, occurrence] = await Promise.all([
    read(app, keys.reminder(reminderId)),
    read(app, keys.occurrence(reminderId, dueAt)),
  ]);
  if (reminder?.ownerId !== ownerId || occurrence === null) throw notFound("reminder");
  const now = app.clock.now();
  const { zone } = reminder.schedule;
  const until = untilOf(link, { now, zone });
  const works = act === "done"
    ? isOpen(occurrence)
    : occurrence.state === "ringing" && occurrence.ringAt === ringAt;
  const button = until === null ? "Mark as done" : `Snooze until ${moment(until, zone, now)}`;
  const view = occurrenceView(reminder, occurrence, now);
  return { title: view.title, button: works ? button : null, status: statusOf(view, now) };
}

/**
 * Does what a link of a letter says, once: where the ringing was answered already nothing happens.
 *
 * @returns how it is now, in words. @throws {AppError} `not_found`.
 */
export async function actByLink(app: App, link: ReminderLink): Promise<LinkOffer> {
  const offer = await offerOf(app, link);
  if (offer.button === null) return offer;
  const { reminderId, dueAt, ownerId, ringAt } = link;
  const reminder = await read(app, keys.reminder(reminderId));
  const zone = reminder?.schedule.zone ?? "UTC";
  const until = untilOf(link, { now: app.clock.now(), zone });
  const ref = { reminderId, dueAt, ownerId };
  try {
    await (until === null
      ? markDone(app, ref, "mail")
      : snooze(app, { ...ref, until, rangAt: ringAt }, "mail"));
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
    // somebody was faster: the offer says how it is
  }
  return await offerOf(app, link);
}

function untilOf({ act }: ReminderLink, at: { now: number; zone: string }): number | null {
  return act === "done" ? null : snoozeUntil(act, at);
}

function statusOf({ state, ringAt, zone }: OccurrenceView, now: number): string {
  switch (state) {
    case "done":
      return "It is done.";
    case "skipped":
      return "It was skipped.";
    case "snoozed":
      return `It is snoozed until ${moment(Date.parse(ringAt), zone, now)}.`;
    case "ringing":
      return "It rings.";
    case "waiting":
      return `It rings ${moment(Date.parse(ringAt), zone, now)}.`;
    case "lapsed":
      return "The next one has rung since.";
    case "missed":
      return "It was missed.";
    case "cancelled":
      return "It was cancelled.";
  }
}
