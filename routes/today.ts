import type { MailingWithJob } from "../domain/mail/mailing_list.ts";
import type { Chrome } from "../views/chrome.ts";
import type { NotesProps } from "../views/notes.tsx";

const DAY_MS = 86_400_000;

/** What the side column says of the day and the week, from one's latest mailings. */
export function dayOf(
  recent: readonly MailingWithJob[],
  { now, reader: { zone } }: Chrome,
): Pick<NotesProps, "today" | "delivered"> {
  const dayIn = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
  const today = recent.filter(({ mailing }) => dayIn(mailing.createdAt) === dayIn(now)).reverse();
  const week = recent.filter(({ mailing }) => mailing.createdAt > now - 7 * DAY_MS);
  const sum = (of: (one: MailingWithJob) => number) => week.reduce((n, one) => n + of(one), 0);
  const sent = sum(({ job }) => job.progress.done);
  const failed = sum(({ job }) => job.progress.failed);
  return {
    today: today.map(({ mailing, job }) => ({
      at: mailing.createdAt,
      kind: job.progress.failed > 0 ? "failed" : "sent",
      title: mailing.title,
      detail: detailOf(job.progress),
      href: `/mailings/${job.id}`,
    })),
    delivered: week.length === 0 ? null : {
      span: "last 7 days",
      figures: [
        { value: sent.toLocaleString("en"), name: sent === 1 ? "message sent" : "messages sent" },
        { value: String(failed), name: "failed", tone: failed > 0 ? "bad" : "good" },
      ],
    },
  };
}

function detailOf({ done, failed }: { done: number; failed: number }): string {
  const people = done === 1 ? "to 1 person" : `to ${done} people`;
  return failed === 0 ? people : `${people}, ${failed} failed`;
}
