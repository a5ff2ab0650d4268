import { escapeHtml } from "../core/telegram_html.ts";
import { chatOf } from "../domain/chats/chats.ts";
import { newDelivery, setDeliveries, skipRest } from "../domain/mail/deliveries.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import { openButton } from "../domain/open_button.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { deliver } from "./deliver.ts";

/** Tells one person in their chat what the inbox says too. Rather not at all than twice. */
export const tellChat: Handler<"tell_chat"> = async (app, job) => {
  const { accountId, title, text, href } = job.payload;
  const before = await deliveriesOf(app, job.id);
  const chat = await chatOf(app, accountId);
  // While a message waits its chat may be unlinked, or be another one's.
  const open = chat?.state === "on" && (before[0]?.chatId ?? chat.chatId) === chat.chatId;
  if (!open) {
    const reason = "no chat takes messages";
    return cancel(reason, skipRest(before, reason, app.clock.now()));
  }
  if (before.length === 0) {
    const { chatId, name } = chat;
    const to = { jobId: job.id, number: 0, channel: "telegram", to: name, chatId } as const;
    await job.commit((tx) => setDeliveries(tx, [newDelivery(to, app.clock.now())]));
  }
  return await deliver(app, job, {
    leaving: { kind: "account", ownerId: null, askedAt: job.createdAt },
    chat: ({ chatId }) => ({
      chatId: chatId!,
      html: `<b>${escapeHtml(title)}</b>\n${escapeHtml(text)}`,
      buttons: [openButton(app, href)],
    }),
  });
};
