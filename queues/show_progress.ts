import type { Answer } from "../core/answer.ts";
import { linkButtons } from "../core/chat_link.ts";
import { escapeHtml } from "../core/telegram_html.ts";
import { chatOf, turnOff } from "../domain/chats.ts";
import { shownIn, stopShowing } from "../domain/chat_progress.ts";
import { retryButtons } from "../domain/mailing_buttons.ts";
import { getMailing, type MailingWithJob } from "../domain/mailings.ts";
import { cancel, completed, type Handler, snooze } from "../jobs/handler.ts";
import type { Progress } from "../kv/schema.ts";

/** One message is changed at most this often, ms; Telegram takes about one call a second to a chat. */
const SHORTEST_MS = 3_000;
/** A mailing that has been under way for long is looked at less often, at least this often, ms. */
const LONGEST_MS = 60_000;
/** When Telegram is down and does not say for how long, ms. */
const DOWN_MS = 30_000;

/** Keeps one message in a chat at how a mailing is, until that is over. The message stays. */
export const showProgress: Handler<"show_progress"> = async (app, job) => {
  const { jobId } = job.payload;
  const place = await shownIn(app, jobId);
  const found = await getMailing(app, jobId);
  if (place === null || found === null) return cancel("nothing shows it any more");
  const { mailing, job: { progress, finishedAt } } = found;
  const chat = await chatOf(app, mailing.ownerId);
  // Telling of somebody's mailing ends with their link to the chat.
  if (app.messenger === null || chat?.chatId !== place.chatId || chat.state !== "on") {
    return cancel("the chat takes no messages", (tx) => stopShowing(app, tx, jobId));
  }

  const over = finishedAt !== null;
  if (over || !isSame(progress, job.progress)) {
    const answer = await app.messenger.edit(place.messageId, {
      chatId: place.chatId,
      html: `${over ? "📬" : "✉️"} <b>${escapeHtml(mailing.title)}</b>\n${sentence(found)}`,
      buttons: [
        [
          ...over ? retryButtons(found) : [],
          ...linkButtons(app.config.origin, `/mailings/${jobId}`),
        ],
      ],
    });
    const waitMs = pauseAfter(answer);
    if (waitMs > 0) return snooze(waitMs);
    if (answer.is === "refused") {
      const { reason, badAddress } = answer;
      return cancel(reason, async (tx) => {
        if (badAddress) await turnOff(app, tx, { chatId: place.chatId, reason });
        await stopShowing(app, tx, jobId);
      });
    }
    if (over) return completed();
    await job.commit(() => {}, progress);
  }
  const ageMs = app.clock.now() - mailing.createdAt;
  return snooze(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ageMs / 20)));
};

function isSame(a: Progress, b: Progress): boolean {
  return a.done === b.done && a.failed === b.failed && a.total === b.total && a.label === b.label;
}

/** Until an edit is tried again, ms; 0 when that is not needed. One that may have come through is. */
function pauseAfter(answer: Answer): number {
  if (answer.is === "accepted" || answer.is === "refused") return 0;
  const { retryAfterMs = answer.is === "down" ? DOWN_MS : SHORTEST_MS } = {
    retryAfterMs: undefined,
    ...answer,
  };
  return Math.max(SHORTEST_MS, retryAfterMs);
}

function sentence({ job: { state, progress: { done, failed, total, label }, reason } }: MailingWithJob) {
  const people = (n: number) => n === 1 ? "1 person" : `${n} people`;
  const missed = failed > 0 ? `; ${failed} could not be reached` : "";
  switch (state) {
    case "completed":
      return `Mailed to ${people(done)}${missed}.`;
    case "cancelled":
    case "discarded": {
      const why = escapeHtml(reason ?? state);
      return `Ended after ${done} of ${total}${missed}: ${why}.`;
    }
    default:
      return `Mailing: ${done} of ${total}${missed}${label ? ` · ${escapeHtml(label)}` : ""}`;
  }
}
