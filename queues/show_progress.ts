import type { Answer } from "../core/answer.ts";
import { chatData } from "../core/chat_data.ts";
import { escapeHtml } from "../core/telegram_html.ts";
import { chatOf, turnOff } from "../domain/chats/chats.ts";
import { type ShownMailing, shownMailing, stopShowing } from "../domain/chats/chat_progress.ts";
import { openButton } from "../domain/open_button.ts";
import { catalog } from "../jobs/catalog.ts";
import { cancel, completed, type Ending, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
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
  const shown = await shownMailing(app, jobId);
  if (shown === null) return cancel("no message shows it any more");
  const { place, mailing, job: { progress, finishedAt } } = shown;
  const chat = await chatOf(app, mailing.ownerId);
  // Telling of somebody's mailing ends with their link to the chat.
  if (app.messenger === null || chat?.chatId !== place.chatId || chat.state !== "on") {
    return cancel("the chat takes no messages", (tx) => stopShowing(app, tx, jobId));
  }

  const over = finishedAt !== null;
  if (over || !isSame(progress, job.progress)) {
    const retry = { text: "Retry failed", data: chatData("mail_retry", jobId) };
    const answer = await app.messenger.edit(place.messageId, {
      chatId: place.chatId,
      html: `${over ? "📬" : "✉️"} <b>${escapeHtml(mailing.title)}</b>\n${sentence(shown)}`,
      buttons: [
        [
          ...over && progress.failed > 0 ? [retry] : [],
          ...openButton(app, `/mailings/${jobId}`),
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

/** A showing that is given up leaves the news of the end to others. */
export const endShowing: Ending = async (app, tx, { id }) => {
  const { payload } = await tx.get(keys.job(id)) ?? {};
  const { jobId } = catalog.show_progress.payload.parse(payload);
  await stopShowing(app, tx, jobId);
  return undefined;
};

function isSame(a: Progress, b: Progress): boolean {
  return a.done === b.done && a.failed === b.failed && a.total === b.total && a.label === b.label;
}

/** Until an edit is tried again, ms; 0 when that is not needed. One that may have come through is. */
function pauseAfter(answer: Answer): number {
  if (answer.is === "accepted" || answer.is === "refused") return 0;
  const told = answer.is === "unclear" ? undefined : answer.retryAfterMs;
  return Math.max(SHORTEST_MS, told ?? (answer.is === "down" ? DOWN_MS : 0));
}

function sentence(
  { job: { state, progress: { done, failed, total, label }, reason } }: ShownMailing,
) {
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
